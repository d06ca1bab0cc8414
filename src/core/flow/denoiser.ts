/**
 * The port between the flow and whatever evaluates the network. One call is one *pass*.
 *
 * A batch is a list of equally long rows. A row holds several *sequences* (windows, guidance branches) that do not
 * see each other: attention is allowed where sequence numbers are equal, the same rule as in training's packing.
 * Text positions and picture patches lie in separate arrays; what tells their order is their position number, and
 * all patches of a picture carry the position of its `<|image|>` token.
 */
export interface DenoiserBatch {
  readonly rows: number;
  /** Text positions per row. */
  readonly textLength: number;
  /** Patch positions per row; may be 0. */
  readonly patchLength: number;
  /** Numbers per patch: channels · patch edge². */
  readonly patchSize: number;
  /** Token ids, rows × textLength. Padding is token 0. */
  readonly tokens: BigInt64Array;
  /** Place in its sequence, from 0; rows × textLength. */
  readonly tokenPositions: BigInt64Array;
  /** Sequence number within the row, from 0; padding is −1; rows × textLength. */
  readonly tokenSequences: BigInt64Array;
  /** 1 where text may be inserted to the right of the position, else 0; rows × textLength. */
  readonly tokenOpen: BigInt64Array;
  /** Noisy or clean standardised latents; rows × patchLength × patchSize, a patch in (channel, row, column) order. */
  readonly patches: Float32Array;
  /** Position of the picture's `<|image|>` token, patch row and patch column (both from 1); rows × patchLength × 3. */
  readonly patchPositions: BigInt64Array;
  /** As tokenSequences; rows × patchLength. */
  readonly patchSequences: BigInt64Array;
  /** Image time of each patch, 0 noise – 1 clean; rows × patchLength. */
  readonly patchTimes: Float32Array;
  /** Flat indices (row · textLength + column) of positions whose right gap is asked for. Never empty. */
  readonly gapRows: BigInt64Array;
  /** Flat indices of `[MASK]` positions whose token is asked for. Never empty (a dummy 0 when there is none). */
  readonly maskRows: BigInt64Array;
}

export interface DenoiserOutputs {
  /** Logit of the probability that nothing is missing in the gap (π, OneFlow eq. 5); one per gapRows. */
  readonly gapEmptyLogits: Float32Array;
  /** Expected number of missing tokens given that some are (λ_nz ≥ 1); one per gapRows. */
  readonly gapRates: Float32Array;
  /** Logits of which tokens are missing (Q, OneFlow §2.1.3); gapRows × vocabularySize. */
  readonly gapLogits: Float32Array;
  /** Logits of the token at each mask; maskRows × vocabularySize. */
  readonly maskLogits: Float32Array;
  /** Predicted clean latents, shaped as `patches`. The velocity is (clean − patch) / (1 − t). */
  readonly cleanPatches: Float32Array;
}

export interface Denoiser {
  readonly vocabularySize: number;
  /** Runs the network once. Rejects on a failed run or outputs that are not finite. */
  run(batch: DenoiserBatch): Promise<DenoiserOutputs>;
}
