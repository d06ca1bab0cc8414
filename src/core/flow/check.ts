/** Refuses input that the flow is not made for, before the first pass. */
import type { FlowOptions, FlowWindow, PictureInput, SpanInput } from './window.js';

/** @throws RangeError with one sentence that names the option or the mask. */
export function checkFlow(windows: readonly FlowWindow[], options: FlowOptions, logitsSize: number): void {
  const { vocabulary, steps, cleanUpPasses, temperature, topP } = options;
  ensure(isCount(steps, 1), `steps is ${steps}, but it must be a whole number from 1.`);
  ensure(
    isCount(cleanUpPasses, 0),
    `cleanUpPasses is ${cleanUpPasses}, but it must be a whole number from 0.`,
  );
  ensure(
    Number.isFinite(temperature) && temperature >= 0,
    `temperature is ${temperature}, but it must be 0 or more.`,
  );
  ensure(topP > 0 && topP <= 1, `topP is ${topP}, but it must be above 0 and at most 1.`);
  ensure(
    vocabulary.firstTextToken < vocabulary.size && vocabulary.size <= logitsSize,
    `The vocabulary of ${vocabulary.size} tokens must hold text tokens (from ${vocabulary.firstTextToken}) and fit the model's ${logitsSize} logits.`,
  );
  const masks = new Set<string>();
  for (const piece of windows.flatMap(({ pieces }) => pieces)) {
    if (piece.kind === 'context') {
      checkTokens('the context', piece.tokens, 0, vocabulary.size);
      continue;
    }
    const input = piece.kind === 'span' ? piece.span : piece.picture;
    if (piece.kind === 'span') checkSpan(piece.span, options);
    else checkPicture(piece.picture, options);
    checkShared(input);
    if (piece.kind === 'picture' && !piece.picture.masked) continue;
    ensure(!masks.has(input.id), `Two masks have the id ${input.id}; ids must be unique.`);
    masks.add(input.id);
  }
}

function checkSpan(
  { id, tokens, length, max, excluded, excludedFirst }: SpanInput,
  { vocabulary }: FlowOptions,
): void {
  checkTokens(`span ${id}`, tokens, vocabulary.firstTextToken, vocabulary.size);
  ensure(
    length === undefined || isCount(length, 1),
    `Span ${id} has length ${length ?? ''}, but it must be a whole number from 1.`,
  );
  ensure(isCount(max, 1), `Span ${id} may hold ${max} tokens, but it must be a whole number from 1.`);
  ensure(
    Math.max(excluded?.size ?? 0, excludedFirst?.size ?? 0) < vocabulary.size - vocabulary.firstTextToken,
    `Span ${id} excludes every token of the vocabulary.`,
  );
}

function checkPicture(picture: PictureInput, { vocabulary, geometry }: FlowOptions): void {
  const { id, masked, strength, latents, styleToken } = picture;
  checkTokens(`picture ${id}`, [styleToken], 0, vocabulary.size);
  const size = geometry.patchesPerEdge ** 2 * geometry.patchSize;
  if (latents === undefined) {
    ensure(masked && strength === 1, `Picture ${id} has no latents to start from.`);
  } else {
    ensure(latents.length === size, `Picture ${id} has ${latents.length} latents instead of ${size}.`);
    ensure(latents.every(Number.isFinite), `Picture ${id} has latents that are not finite.`);
  }
}

function checkShared({ id, strength, guidance, seed }: SpanInput | PictureInput): void {
  ensure(
    strength >= 0 && strength <= 1,
    `Mask ${id} has strength ${strength}, but it must be between 0 and 1.`,
  );
  ensure(
    Number.isFinite(guidance) && guidance >= 0,
    `Mask ${id} has guidance ${guidance}, but it must be 0 or more.`,
  );
  ensure(
    seed >>> 0 === seed,
    `Mask ${id} has seed ${seed}, but it must be a whole number from 0 to 4294967295.`,
  );
}

function checkTokens(where: string, tokens: readonly number[], first: number, size: number): void {
  const bad = tokens.find((token) => !isCount(token, first) || token >= size);
  ensure(
    bad === undefined,
    `Token ${bad ?? ''} of ${where} is not one of the ids from ${first} to ${size - 1}.`,
  );
}

function isCount(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least;
}

function ensure(condition: boolean, message: string): asserts condition {
  if (!condition) throw new RangeError(message);
}
