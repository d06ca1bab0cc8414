/**
 * The engine process. Started with `child_process.fork` and `serialization: 'advanced'`; talks over that channel
 * alone, writes nothing to stdout, and goes when its parent goes.
 */
import { Host } from './host.js';

if (process.send === undefined) {
  console.error('This is the engine process of OneFlow: it is started by the editor or the command line.');
  process.exit(2);
}

const host = new Host((message) => {
  // A parent that is gone is told nothing; the disconnect below ends the process.
  process.send?.(message, undefined, undefined, () => undefined);
});

process.on('message', (message) => {
  host.receive(message);
});
// A pass blocks the event loop, so this is never in the middle of a session's run.
process.on('disconnect', () => process.exit(0));
// The terminal sends Ctrl-C to the whole group: the parent decides what becomes of the run.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

// The parent may have gone before anybody listened.
if (!process.connected) process.exit(0);
process.send({ type: 'ready' });
