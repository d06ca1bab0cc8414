/**
 * The line between the engine process's guard thread and the owner, apart from the messages, which wait while a pass
 * blocks the process. Its end tells the guard that the owner is gone, however it went.
 */
import * as z from 'zod/mini';

/** File descriptor of the line in the engine process, behind the standard ones and the message channel. */
export const guardLine = 4;

/** What the guard says, as one line of JSON, right before it ends the process. */
export const guardReportSchema = z.object({
  type: z.literal('out-of-memory'),
  /** Who has too little left: the engine, which reached its limit, or the whole system. */
  scope: z.enum(['engine', 'system']),
});
export type GuardReport = z.infer<typeof guardReportSchema>;
