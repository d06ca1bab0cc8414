import type { GuardReport } from '../protocol/engine-guard.js';

/** Memory in bytes. */
export interface MemoryReading {
  /** Held by this process. */
  readonly resident: number;
  /** What programs can still get without swapping; undefined where the system does not say. */
  readonly available: number | undefined;
}

/** With less than this available, systems begin to thrash or to kill programs, the author's editor among them. */
const systemReserve = 200 * 1024 ** 2;

/** Whose memory runs out, if any does. `limit` is what this process may hold. */
export function memoryShortage(
  { resident, available = Infinity }: MemoryReading,
  limit: number,
): GuardReport['scope'] | undefined {
  if (resident > limit) return 'engine';
  return available < systemReserve ? 'system' : undefined;
}
