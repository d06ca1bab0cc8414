/** How fast a model is on one device, as its engine process measures it. */
import * as z from 'zod/mini';

const time = z.number().check(z.gte(0));
const count = z.int().check(z.gte(0));

export const documentSpeedSchema = z.object({
  forwardPasses: count,
  seconds: z.object({ refine: time, decode: time }),
  /** The part of the refinement's time that is not spent in ONNX Runtime: 0–1. */
  javascriptShare: z.number(),
  /** Speed of the passes relative to the same passes made by `session.run` in a loop; 1 is as fast. */
  ofSessionRun: z.number(),
});

export const benchResultSchema = z.object({
  /** One pass over one row of so many positions, text and one picture together. */
  passes: z.array(z.object({ positions: count, milliseconds: time })),
  /** One picture, from latents to pixels. */
  decodeMilliseconds: time,
  /** The documents that were asked for, in order. */
  documents: z.array(documentSpeedSchema),
  /** Of the engine process, the largest so far. */
  peakMemoryBytes: count,
});
export type BenchResult = z.infer<typeof benchResultSchema>;
