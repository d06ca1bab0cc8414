/** The state of a flow between two passes, and how it starts. States are values: a step makes a new one. */
import { createStream, normals, Purpose, uniform, type Stream } from './random.js';
import type { FlowWindow, PictureGeometry, PictureInput, SpanInput, Vocabulary } from './window.js';

export interface ContextState {
  readonly kind: 'context';
  readonly tokens: readonly number[];
}

export interface SpanState {
  readonly kind: 'span';
  readonly input: SpanInput;
  readonly stream: Stream;
  /** Text time at the start, 0–1; at 1 the span stays as it is. */
  readonly start: number;
  readonly t: number;
  /** With `input.length`, `[MASK]` where a token is still to be revealed. */
  readonly tokens: readonly number[];
  /** Which of `tokens` the last pass wrote. */
  readonly fresh: readonly boolean[];
}

export interface PictureState {
  readonly kind: 'picture';
  readonly input: PictureInput;
  /** Image time at the start, 0–1; a context picture is clean from the start. */
  readonly start: number;
  readonly t: number;
  /** Standardised latents at time t. */
  readonly latents: Float32Array;
  /** The last prediction of the clean latents; the starting point before the first. */
  readonly clean: Float32Array;
  /** The velocity at the time of the last step, from the second step on. */
  readonly before?: { readonly t: number; readonly velocity: Float32Array };
}

export type PieceState = ContextState | SpanState | PictureState;
export type WindowState = readonly PieceState[];
export type FlowState = readonly WindowState[];

/** Whether tokens may be missing in the span: those at its gaps are marked open for the model. */
export function isOpen(span: SpanState): boolean {
  return span.input.length === undefined && span.start < 1;
}

/** Whether a token may still be inserted. */
export function canGrow(span: SpanState): boolean {
  return isOpen(span) && span.tokens.length < span.input.max;
}

/** The state before the first pass: text partly deleted or masked, pictures partly noise. */
export function initialState(
  windows: readonly FlowWindow[],
  vocabulary: Vocabulary,
  geometry: PictureGeometry,
): FlowState {
  return windows.map(({ pieces }) =>
    pieces.map((piece): PieceState => {
      switch (piece.kind) {
        case 'context':
          return piece;
        case 'span':
          return {
            kind: 'span',
            ...(piece.span.length === undefined
              ? deletedSpan(piece.span)
              : maskedSpan(piece.span, piece.span.length, vocabulary.mask)),
          };
        case 'picture':
          return { kind: 'picture', ...noisyPicture(piece.picture, geometry) };
      }
    }),
  );
}

type Start<State extends SpanState | PictureState> = Omit<State, 'kind'>;

/** Each token is kept with probability κ(start) (OneFlow eq. 2), and no more of them than the span may hold. */
function deletedSpan(input: SpanInput): Start<SpanState> {
  const stream = createStream(input.seed, input.id);
  const start = 1 - (input.tokens.length === 0 ? 1 : input.strength);
  const draws = input.tokens.map((_, index) => uniform(stream, Purpose.Keep, 0, index));
  const kept = draws.map((draw, index) => ({ draw, index })).filter(({ draw }) => draw < start);
  if (start < 1 && kept.length > input.max) {
    // The lowest draws are those that a smaller share would keep as well.
    kept.sort((a, b) => a.draw - b.draw || a.index - b.index).length = input.max;
    kept.sort((a, b) => a.index - b.index);
  }
  const tokens = kept.map(({ index }) => input.tokens[index]!);
  return { input, stream, start, t: start, tokens, fresh: tokens.map(() => false) };
}

/** `length` positions: the current tokens, each masked with probability `strength`, then masks. */
function maskedSpan(input: SpanInput, length: number, mask: number): Start<SpanState> {
  const stream = createStream(input.seed, input.id);
  const current = Math.min(input.tokens.length, length);
  const start = (1 - input.strength) * (current / length);
  const tokens = Array.from({ length }, (_, index) =>
    index < current && uniform(stream, Purpose.Keep, 0, index) < 1 - input.strength
      ? input.tokens[index]!
      : mask,
  );
  return { input, stream, start, t: start, tokens, fresh: tokens.map(() => false) };
}

/** Y_t = t·Y_1 + (1−t)·Y_0 with Y_0 standard normal (OneFlow eq. 8). */
function noisyPicture(input: PictureInput, geometry: PictureGeometry): Start<PictureState> {
  const start = input.masked ? 1 - input.strength : 1;
  if (start === 1) {
    const latents = input.latents!;
    return { input, start, t: 1, latents, clean: latents };
  }
  const size = geometry.patchesPerEdge ** 2 * geometry.patchSize;
  const latents = normals(createStream(input.seed, input.id), Purpose.Noise, 0, size);
  if (start > 0) {
    const clean = input.latents!;
    for (let i = 0; i < size; i++) {
      latents[i] = start * clean[i]! + (1 - start) * latents[i]!;
    }
  }
  return { input, start, t: start, latents, clean: latents };
}
