/**
 * A thread beside the engine's own, which passes block. It ends the process when its owner is gone or when memory
 * runs out, whatever the process is doing: also in the middle of a pass, also when it is stuck.
 */
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { freemem } from 'node:os';
import { workerData } from 'node:worker_threads';
import * as z from 'zod/mini';
import { guardLine, type GuardReport } from '../protocol/engine-guard.js';
import { memoryShortage } from './memory.js';

/** Milliseconds between two looks at the memory: little beside the time that filling what is left takes. */
const interval = 100;

const { memoryLimit } = z.parse(z.object({ memoryLimit: z.number() }), workerData);

/** A thread cannot `process.exit`; and nothing here needs tidying up. */
function endProcess(): void {
  process.kill(process.pid, 'SIGKILL');
}

// The owner never writes: all that can come is the end, and on some systems that is an error.
new Socket({ fd: guardLine }).on('error', endProcess).on('close', endProcess).resume();

function look(): void {
  const shortage = memoryShortage(
    {
      resident: process.memoryUsage.rss(),
      // macOS counts as free only what nothing is in, which is next to nothing on a healthy machine.
      available: process.platform === 'darwin' ? undefined : freemem(),
    },
    memoryLimit,
  );
  if (shortage === undefined) return;
  const report: GuardReport = { type: 'out-of-memory', scope: shortage };
  // Synchronously, since the process is gone in the next line.
  writeSync(guardLine, `${JSON.stringify(report)}\n`);
  endProcess();
}

look();
setInterval(look, interval);
