/**
 * The engine process. Started with `child_process.fork` and `serialization: 'advanced'`, with the guard's line behind
 * the message channel and, as its argument, the bytes of memory that it may hold. Talks over that channel alone,
 * writes nothing to stdout, and goes when its parent goes. With a second argument `probe` it only tries one device, for
 * an engine process that must live on whatever comes of it.
 */
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { FromProbe } from '../protocol/devices.js';
import type { FromEngine } from '../protocol/engine-messages.js';
import { probeArgument } from './device/probe-process.js';
import { answerProbe } from './device/probe.js';
import { Host } from './host.js';

// Every pass brings megabytes of outputs, which has V8 mark its heap all the time. That is small: marking it at one go
// takes a millisecond or two, and a fifth less of a run is spent in JavaScript.
setFlagsFromString('--no-incremental-marking');

const memoryLimit = Number(process.argv[2]);
if (process.send === undefined || !(memoryLimit > 0)) {
  console.error('This is the engine process of OneFlow: it is started by the editor or the command line.');
  process.exit(2);
}

// An engine without its guard could outlive its owner: the error that ends the guard ends the process.
new Worker(path.join(__dirname, 'engine-guard.cjs'), { workerData: { memoryLimit } }).unref();

const send = (message: FromEngine | FromProbe): void => {
  // A parent that is gone is told nothing; the disconnect below ends the process.
  process.send?.(message, undefined, undefined, () => undefined);
};

if (process.argv[3] === probeArgument) {
  process.on('message', (message) => void answerProbe(message, send));
} else {
  // Devices are tried in further processes of the same bundle.
  const host = new Host({ path: process.argv[1]!, memoryLimit }, send);
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
