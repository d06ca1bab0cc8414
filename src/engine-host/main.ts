/**
 * The engine process. Started with `child_process.fork` and `serialization: 'advanced'`; talks over that channel
 * alone, writes nothing to stdout, and goes when its parent goes. With the argument `probe` it
 * only tries one device, for an engine process that must live on whatever comes of it.
 */
import type { FromProbe } from '../protocol/devices.js';
import type { FromEngine } from '../protocol/engine-messages.js';
import { probeArgument } from './device/probe-process.js';
import { answerProbe } from './device/probe.js';
import { Host } from './host.js';

if (process.send === undefined) {
  console.error('This is the engine process of OneFlow: it is started by the editor or the command line.');
  process.exit(2);
}

const send = (message: FromEngine | FromProbe): void => {
  // A parent that is gone is told nothing; the disconnect below ends the process.
  process.send?.(message, undefined, undefined, () => undefined);
};

if (process.argv[2] === probeArgument) {
  process.on('message', (message) => void answerProbe(message, send));
} else {
  const host = new Host(__filename, send);
  process.on('message', (message) => {
    host.receive(message);
  });
}
// A pass blocks the event loop, so this is never in the middle of a session's run.
process.on('disconnect', () => process.exit(0));
// The terminal sends Ctrl-C to the whole group: the parent decides what becomes of the run.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

// The parent may have gone before anybody listened.
if (!process.connected) process.exit(0);
send({ type: 'ready' });
