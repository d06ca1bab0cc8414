/** What a pass shows to the outside. */
import { canGrow, type FlowState, type SpanState } from './state.js';

/** The estimate after one pass. Arrays are never changed afterwards. */
export interface FlowFrame {
  /** Passes done. */
  readonly pass: number;
  /** Passes planned: the steps; clean-up passes are added as they come. */
  readonly passes: number;
  /** True in the last frame of a run that was not aborted. */
  readonly done: boolean;
  readonly spans: readonly {
    readonly id: string;
    /** Text time, 0–1. */
    readonly t: number;
    /** May hold `[MASK]` tokens while a span of fixed length is in flight. */
    readonly tokens: readonly number[];
    /** Per token: whether this pass wrote it. */
    readonly fresh: readonly boolean[];
  }[];
  /** The masked pictures. */
  readonly pictures: readonly {
    readonly id: string;
    /** Image time, 0–1. */
    readonly t: number;
    /** Standardised latents: the best estimate of the clean picture so far. */
    readonly latents: Float32Array;
  }[];
}

export function createFrame(state: FlowState, pass: number, steps: number, done: boolean): FlowFrame {
  const pieces = state.flat();
  return {
    pass,
    passes: Math.max(pass, steps),
    done,
    spans: pieces
      .filter((piece) => piece.kind === 'span')
      .map((span) => ({
        id: span.input.id,
        t: done || isSettled(span) ? 1 : span.t,
        tokens: span.tokens,
        fresh: span.fresh,
      })),
    pictures: pieces
      .filter((piece) => piece.kind === 'picture')
      .filter((picture) => picture.input.masked)
      .map((picture) => ({
        id: picture.input.id,
        t: picture.t,
        latents: picture.clean,
      })),
  };
}

/** A growing span that is full is finished before its time is over. */
function isSettled(span: SpanState): boolean {
  return span.input.length === undefined && !canGrow(span);
}
