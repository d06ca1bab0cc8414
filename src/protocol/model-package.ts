/** `model.json`, the manifest of a model package: format `oneflow-model/1`. */
import * as z from 'zod/mini';

const name = z.string().check(z.regex(/^[\w.+-]{1,64}$/));
const count = z.int().check(z.gte(1), z.lte(1_000_000));
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const finiteList = z.array(z.number());

const tensorSchema = z.object({
  name,
  type: z.enum(['float32', 'int64']),
  /** A number is a fixed size; a string names a size that varies from run to run. */
  shape: z.array(z.union([count, name])),
});

const graphSchema = z.object({
  file: z.string(),
  inputs: z.array(tensorSchema),
  outputs: z.array(tensorSchema),
});

export const modelManifestSchema = z.object({
  format: z.literal('oneflow-model/1'),
  name,
  version: name,
  license: z.string(),
  description: z.string(),
  /** Every file of the package but model.json itself. */
  files: z.array(z.object({ path: z.string(), bytes: z.int().check(z.gte(0)), sha256 })),
  tokenizer: z.object({
    file: z.string(),
    vocabularySize: count,
    special: z.object({ bos: z.int(), mask: z.int(), image: z.int(), anyStyle: z.int() }),
    /** Tokens that text may be made of: ids from here on; all below are special. */
    firstTextToken: z.int(),
  }),
  /** Positions of one window: text tokens and picture patches together. */
  contextLength: count,
  image: z.object({
    /** Edge of a picture in pixels, as the autoencoder sees it. */
    size: count,
    latent: z.object({
      channels: count,
      /** Edge of the latent grid. */
      size: count,
      /** Per channel; graphs and flow see (latent − mean) / deviation. */
      mean: finiteList,
      deviation: finiteList,
    }),
    /** Edge of a patch in latent cells: a picture takes (size / patch)² positions. */
    patch: count,
    /** Linear latent preview: RGB in 0–1 = matrix (3 × channels) · standardised latent + offset. */
    preview: z.object({ matrix: z.array(finiteList), offset: finiteList }),
    styles: z.array(z.object({ name, token: z.int(), description: z.string() })),
    defaultStyle: z.nullable(name),
    /** Edges a picture may be written at, in pixels. */
    sizes: z.array(count),
    defaultSize: count,
  }),
  /** Numbers of the image time features: sin and cos of t·frequency, in this order: all sines, then all cosines. */
  timeFrequencies: finiteList,
  graphs: z.object({ denoiser: graphSchema, encoder: graphSchema, decoder: graphSchema }),
  defaults: z.object({
    steps: count,
    /** Clean-up passes at most, after the steps. */
    cleanUpPasses: z.int().check(z.gte(0)),
    guidance: z.object({ text: z.number(), image: z.number() }),
    temperature: z.number(),
    topP: z.number(),
    /** Tokens that an open-ended span of whole blocks may take when its mark sets no maximum; one within a line: a third. */
    maxSpanTokens: count,
  }),
  /** Inputs and outputs of every graph, recorded in PyTorch, for `oneflow verify`. */
  reference: z.object({ file: z.string(), tolerance: z.number() }),
  provenance: z.record(z.string(), z.unknown()),
});
export type ModelManifest = z.infer<typeof modelManifestSchema>;
export type GraphManifest = z.infer<typeof graphSchema>;
