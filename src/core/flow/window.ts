/** What the flow works on: windows of a document, as tokens and standardised latents. */

/** The token ids that the flow has to know. */
export interface Vocabulary {
  /** Number of ids; logits beyond it are padding of the model's table. */
  readonly size: number;
  readonly bos: number;
  readonly mask: number;
  readonly image: number;
  /** Text is made of the ids from here on; all below are special. */
  readonly firstTextToken: number;
}

/** A picture is `patchesPerEdge`² patches, row by row, of `patchSize` numbers each. */
export interface PictureGeometry {
  readonly patchesPerEdge: number;
  readonly patchSize: number;
}

/** A masked stretch of text. */
export interface SpanInput {
  /** Unique among the masks; names the span's random numbers. */
  readonly id: string;
  /** The current text; may be empty. */
  readonly tokens: readonly number[];
  /** Expected share of the current tokens that is deleted (or masked) at the start, 0–1. An empty span counts as 1. */
  readonly strength: number;
  /** Exactly so many tokens, by unmasking; without it tokens are inserted until nothing is missing. */
  readonly length?: number;
  /** Tokens that the span never takes, such as line breaks where it must stay on one line. */
  readonly excluded?: ReadonlySet<number>;
  /** Tokens that it never takes as its first; those in `excluded` if left out. */
  readonly excludedFirst?: ReadonlySet<number>;
  /** At most so many tokens, from 1; of no effect where `length` is given. */
  readonly max: number;
  /** Unsigned, 32 bits. */
  readonly seed: number;
  /** Weight of classifier-free guidance by the context; 1 is plain conditional prediction. */
  readonly guidance: number;
}

/** A picture: masked (to be drawn) or context. */
export interface PictureInput {
  /** Unique among the masks; a context picture may stand in several windows. */
  readonly id: string;
  readonly masked: boolean;
  readonly styleToken: number;
  /**
   * The tokens of its own link before and after it, as `![a red tomato](` and `)`: what guidance strengthens. Left out
   * where its alt text is still being written; guidance then strengthens the whole window.
   */
  readonly slot?: { readonly before: readonly number[]; readonly after: readonly number[] };
  /** Standardised patches of the picture as it is; needed unless it is drawn from nothing (masked, strength 1). */
  readonly latents?: Float32Array;
  /** Share of noise at the start, 0–1; 1 ignores `latents`. */
  readonly strength: number;
  readonly seed: number;
  /** Weight of classifier-free guidance by its slot; 1 is plain conditional prediction. */
  readonly guidance: number;
}

export type Piece =
  | { readonly kind: 'context'; readonly tokens: readonly number[] }
  | { readonly kind: 'span'; readonly span: SpanInput }
  | { readonly kind: 'picture'; readonly picture: PictureInput };

/**
 * What the model sees at once: BOS and the pieces in document order. A picture contributes its style token, its
 * `<|image|>` token and its patches.
 */
export interface FlowWindow {
  readonly pieces: readonly Piece[];
}

/** How to run the flow. */
export interface FlowOptions {
  readonly vocabulary: Vocabulary;
  readonly geometry: PictureGeometry;
  /** Regular steps, from 1; one pass each. */
  readonly steps: number;
  /** Passes at most that may follow the steps to complete the text; from 0. */
  readonly cleanUpPasses: number;
  /** Divides the token logits; 0 takes the likeliest token. */
  readonly temperature: number;
  /** Mass of the likeliest tokens that may be drawn, in (0, 1]. */
  readonly topP: number;
  /** Checked before every pass: an aborted run ends there, and its last frame is the estimate. */
  readonly signal?: AbortSignal;
}
