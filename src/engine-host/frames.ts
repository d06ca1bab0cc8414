/** What a pass of the flow looks like to the author: text, what of it is new, and small pictures. */
import type { FlowFrame } from '../core/flow/index.js';
import { sanitizeModelText } from '../core/text/sanitize.js';
import type { TextTokenizer } from '../core/text/tokenizer.js';
import type { Frame } from '../protocol/engine-messages.js';
import type { ModelManifest } from '../protocol/model-package.js';
import type { SpanSegment } from '../protocol/segments.js';
import { linearPreview } from './autoencoder.js';

export interface TextReading {
  readonly tokenizer: TextTokenizer;
  /** Ids below are special and have no text. */
  readonly firstTextToken: number;
  /** Texts of the run's spans by their tokens: many a pass changes nothing in a span. */
  readonly known: WeakMap<readonly number[], SpanText>;
}

type FlowSpan = FlowFrame['spans'][number];
type Range = [start: number, end: number];

export interface SpanText {
  readonly text: string;
  /** Ranges of `text`, in UTF-16 units, that the pass wrote. */
  readonly fresh: Range[];
  /** Tokens of the text, those that are still masked not counted. */
  readonly tokens: number;
}

export function toFrame(
  frame: FlowFrame,
  spans: ReadonlyMap<string, SpanSegment>,
  reading: TextReading,
  image: ModelManifest['image'],
): Frame {
  return {
    pass: frame.pass,
    passes: frame.passes,
    spans: frame.spans.map((span) => {
      const { text, fresh } = readSpan(span, spans.get(span.id)!.form, reading);
      return { id: span.id, t: span.t, text, fresh };
    }),
    pictures: frame.pictures.map(({ id, t, latents }) => ({
      id,
      t,
      preview: linearPreview(latents, image),
      latents,
    })),
  };
}

/** Tokens to text that is safe to put into a document of the author. */
export function readSpan(
  span: Pick<FlowSpan, 'tokens' | 'fresh'>,
  form: SpanSegment['form'],
  reading: TextReading,
): SpanText {
  const known = reading.known.get(span.tokens);
  // The same tokens as after the pass before: none of them is new any more.
  if (known) return { ...known, fresh: [] };
  const read = readTokens(span, form, reading);
  reading.known.set(span.tokens, read);
  return read;
}

function readTokens(
  { tokens, fresh }: Pick<FlowSpan, 'tokens' | 'fresh'>,
  form: SpanSegment['form'],
  { tokenizer, firstTextToken }: TextReading,
): SpanText {
  const kept = tokens
    .map((id, index) => ({ id, fresh: fresh[index]! }))
    .filter(({ id }) => id >= firstTextToken);
  const ids = kept.map(({ id }) => id);
  const raw = tokenizer.decode(ids);
  const text = sanitizeModelText(raw, form);
  let [index, offset] = [0, 0];
  const offsetAt = (next: number): number => {
    const between = tokenizer.decode(ids.slice(index, next));
    const isWhole = raw.startsWith(between, offset);
    offset = isWhole ? offset + between.length : offsetOfToken(ids, next, raw, tokenizer);
    index = next;
    return offset;
  };
  const runs = freshRuns(kept.map((token) => token.fresh));
  const ranges = mapRanges(
    runs.map(([start, end]) => [offsetAt(start), offsetAt(end)]),
    raw,
    text,
  );
  return { text, fresh: ranges, tokens: ids.length };
}

/** Runs of true as half-open index ranges. */
function freshRuns(fresh: readonly boolean[]): Range[] {
  const runs: Range[] = [];
  fresh.forEach((isFresh, index) => {
    if (!isFresh) return;
    const last = runs.at(-1);
    if (last?.[1] === index) last[1] = index + 1;
    else runs.push([index, index + 1]);
  });
  return runs;
}

/**
 * Where token `index` starts in the decoded text. A token may end within a character; decoded alone, what comes
 * before then ends in a replacement character, so only what it shares with the whole text counts.
 */
function offsetOfToken(ids: readonly number[], index: number, raw: string, tokenizer: TextTokenizer): number {
  if (index === ids.length) return raw.length;
  const before = tokenizer.decode(ids.slice(0, index));
  let offset = 0;
  while (offset < before.length && before[offset] === raw[offset]) offset += 1;
  return offset;
}

/** How far apart two texts may drift before the rest is taken as unaligned: longer than any escape. */
const lookAhead = 16;

/**
 * Carries ranges of `raw` over to `clean`, which sanitising made of it by leaving out or adding a few characters
 * here and there. For highlighting only: near a change a range may be off by some characters, never out of bounds.
 */
export function mapRanges(ranges: readonly Range[], raw: string, clean: string): Range[] {
  const offsets = raw === clean ? undefined : alignOffsets(raw, clean);
  return ranges
    .map(([start, end]): Range => (offsets === undefined ? [start, end] : [offsets[start]!, offsets[end]!]))
    .filter(([start, end]) => end > start);
}

/** For every offset of `raw` the offset of `clean` that it lies at. */
function alignOffsets(raw: string, clean: string): Uint32Array {
  const offsets = new Uint32Array(raw.length + 1).fill(clean.length);
  let inClean = 0;
  let inRaw = 0;
  while (inRaw < raw.length) {
    const [removed, added] = nextMatch(raw, inRaw, clean, inClean);
    for (let step = 0; step < removed; step += 1) offsets[inRaw + step] = inClean;
    inRaw += removed;
    inClean += added;
    if (inRaw < raw.length) offsets[inRaw] = inClean;
    inRaw += 1;
    inClean = Math.min(inClean + 1, clean.length);
  }
  return offsets;
}

/** The smallest skips in both texts after which their next characters are equal; none when nothing near is. */
function nextMatch(
  raw: string,
  inRaw: number,
  clean: string,
  inClean: number,
): [removed: number, added: number] {
  for (let distance = 0; distance <= lookAhead; distance += 1) {
    for (let removed = 0; removed <= distance; removed += 1) {
      const added = distance - removed;
      const character = raw[inRaw + removed];
      if (character !== undefined && character === clean[inClean + added]) return [removed, added];
    }
  }
  return [0, 0];
}
