/** What the page keeps by itself over a reload: what the author was looking at, nothing of the document. */
import * as z from 'zod/mini';

const keptStateSchema = z.object({
  version: z.literal(1),
  /** The document that the place belongs to. */
  key: z.string(),
  page: z.enum(['document', 'lessons']),
  comparison: z.enum(['after', 'before', 'side']),
  /** The offset in the source of what was at the top. */
  offset: z.int().check(z.gte(0)),
});
export type KeptState = z.infer<typeof keptStateSchema>;

/** The state if it is one of ours and of this version, else nothing. */
export function readKeptState(state: unknown): KeptState | undefined {
  const result = keptStateSchema.safeParse(state);
  return result.success ? result.data : undefined;
}
