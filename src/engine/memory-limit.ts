import { totalmem } from 'node:os';

/**
 * Bytes that the engine process may hold when its owner sets no limit: six tenths of what the machine has, or the
 * container in which it runs, so that the editor and the author's other programs keep the rest.
 */
export function defaultMemoryLimit(total = totalmem(), constrained = process.constrainedMemory()): number {
  // Without a container it is missing, zero or larger than any machine.
  return 0.6 * (constrained ? Math.min(total, constrained) : total);
}
