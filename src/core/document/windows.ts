/** Cuts a document that is longer than the model's context into windows. */
import type { PictureSegment, Segment, SpanSegment } from '../../protocol/segments.js';
import { cutUnits, isMasked, positionsOf, type Unit, type WindowMeasure } from './window-units.js';

export type WindowOptions = WindowMeasure;

export interface WindowError {
  readonly code: 'window-too-small';
  readonly message: string;
  /** The segment that no window can hold. */
  readonly id: string;
}

export type WindowsResult =
  { readonly ok: true; readonly windows: Segment[][] } | { readonly ok: false; readonly error: WindowError };

/** Share of a window that masked regions may fill before the next region begins a window of its own. */
const REGION_SHARE = 0.75;

/** Units of context on either side at most: pieces without text take no position, so positions alone set no bound. */
const CONTEXT_UNITS = 64;

/**
 * One window when everything fits; else one per group of masked regions that lie close together: the headings above
 * the region, the nearest context before it, the region, the nearest context after it. Every masked segment is in
 * exactly one window, in document order, and no window is longer than `limit` positions. Of a masked segment of another
 * window only its current text is context. Neighbouring texts become one, so that they are tokenized as a whole. A
 * document in which nothing is masked and that does not fit has no windows.
 */
export function cutWindows(pieces: readonly Segment[], options: WindowOptions): WindowsResult {
  const whole = joinTexts(pieces);
  if (fits(whole, options)) return { ok: true, windows: [whole] };
  const segments = whole.map((segment) => withRoomForContext(segment, options));
  const tooLarge = segments.find(
    (segment) => isMasked(segment) && positionsOf(segment, options) > options.limit,
  );
  if (tooLarge && tooLarge.kind !== 'text') {
    const message = refusalOf(tooLarge, options);
    return { ok: false, error: { code: 'window-too-small', message, id: tooLarge.id } };
  }
  if (fits(segments, options)) return { ok: true, windows: [segments] };
  const units = cutUnits(segments, options);
  const packer = new WindowPacker(units, options);
  return { ok: true, windows: groupRegions(units, packer).map((region) => packer.pack(region)) };
}

/**
 * A maximum need not be used up: one that would leave little or no room for context, without which the model cannot
 * know what to write, is lowered to what masked regions may fill.
 */
function withRoomForContext(segment: Segment, options: WindowOptions): Segment {
  const share = regionLimitOf(options);
  if (segment.kind !== 'span' || segment.max === undefined || segment.max <= share) return segment;
  // Never below the current text, which its author allows to stay.
  return { ...segment, max: Math.min(segment.max, Math.max(share, options.countTokens(segment.text))) };
}

function regionLimitOf({ limit }: WindowOptions): number {
  return Math.floor(limit * REGION_SHARE);
}

function refusalOf(segment: SpanSegment | PictureSegment, options: WindowOptions): string {
  const { limit } = options;
  if (segment.kind === 'picture') {
    return `The model has no room for a picture: it takes ${positionsOf(segment, options)} positions of ${limit}; choose another model.`;
  }
  const tokens = options.countTokens(segment.text);
  if (tokens <= limit) {
    return `This mark asks for ${segment.length} tokens, but the model takes at most ${limit} at once; ask for fewer.`;
  }
  // As many words per token as this very text has, on the safe side; some languages part no words.
  const words = (segment.text.match(/\S+/g)?.length ?? 0) * (limit / tokens);
  const inWords = words < 10 ? '' : `, about ${Math.floor(words / 10) * 10} words`;
  return `This text has ${tokens} tokens, but the model takes at most ${limit} at once${inWords}; mark smaller parts of it.`;
}

function fits(segments: readonly Segment[], options: WindowOptions): boolean {
  const characters = segments.reduce(
    (sum, segment) => sum + (segment.kind === 'text' ? segment.text.length : 0),
    0,
  );
  // Beyond this many characters per position there is no need to count.
  if (characters > 64 * options.limit) return false;
  return sumPositions(segments, options) <= options.limit;
}

function sumPositions(segments: readonly Segment[], options: WindowOptions): number {
  return segments.reduce((sum, segment) => sum + positionsOf(segment, options), 0);
}

/** Units `first` to `last`, both included. */
interface Region {
  readonly first: number;
  readonly last: number;
}

/** Masked units and what lies between them, as long as it fills no more than its share of a window. */
function groupRegions(units: readonly Unit[], packer: WindowPacker): Region[] {
  const regions: Region[] = [];
  let size = 0;
  units.forEach((unit, index) => {
    if (!unit.masked) return;
    const region = regions.at(-1);
    const grown = region ? packer.sizeUpTo(region.last + 1, index, size) : Infinity;
    if (region && grown <= packer.regionLimit) {
      regions[regions.length - 1] = { first: region.first, last: index };
      size = grown;
    } else {
      regions.push({ first: index, last: index });
      size = packer.sizeOf(index);
    }
  });
  return regions;
}

class WindowPacker {
  readonly regionLimit: number;
  readonly #units: readonly Unit[];
  readonly #options: WindowOptions;
  readonly #sizes = new Map<number, number>();
  /** Per unit: the unit of the heading that its section has, −1 at the start. */
  readonly #sections: readonly number[];

  constructor(units: readonly Unit[], options: WindowOptions) {
    this.#units = units;
    this.#options = options;
    this.regionLimit = regionLimitOf(options);
    let section = -1;
    this.#sections = units.map((unit, index) => {
      const own = section;
      if (unit.heading) section = index;
      return own;
    });
  }

  sizeOf(index: number): number {
    let size = this.#sizes.get(index);
    if (size === undefined) {
      size = sumPositions(this.#units[index]!.segments, this.#options);
      this.#sizes.set(index, size);
    }
    return size;
  }

  /** `start` plus the sizes of units `from` to `to`; stops counting beyond the limit of a region. */
  sizeUpTo(from: number, to: number, start: number): number {
    let size = start;
    for (let index = from; index <= to && size <= this.regionLimit; index++) size += this.sizeOf(index);
    return size;
  }

  /** The window around `region`. */
  pack(region: Region): Segment[] {
    let { first, last } = region;
    let window = this.#assemble([], first, last, region);
    // Joined texts may count a little more than their pieces, so each candidate is measured as a whole.
    const attempt = (headings: readonly number[], from: number, to: number): boolean => {
      const candidate = this.#assemble(headings, from, to, region);
      if (sumPositions(candidate, this.#options) > this.#options.limit) return false;
      window = candidate;
      return true;
    };
    let headings: readonly number[] = [];
    for (const heading of this.#headingsAbove(first)) {
      const more = [heading, ...headings];
      if (attempt(more, first, last)) headings = more;
    }
    const firstAllowed = Math.max(0, first - CONTEXT_UNITS);
    const lastAllowed = Math.min(this.#units.length - 1, last + CONTEXT_UNITS);
    let before = first > firstAllowed;
    let after = last < lastAllowed;
    while (before || after) {
      if (before) {
        const left = headings.filter((heading) => heading !== first - 1);
        before = attempt(left, first - 1, last);
        if (before) {
          first--;
          headings = left;
        }
        before &&= first > firstAllowed;
      }
      if (after) {
        after = attempt(headings, first, last + 1);
        if (after) last++;
        after &&= last < lastAllowed;
      }
    }
    return window;
  }

  /** Headings of the sections around unit `index`, innermost first. */
  #headingsAbove(index: number): number[] {
    const headings: number[] = [];
    let level = this.#units[index]!.heading?.level ?? 7;
    for (let at = this.#sections[index]!; at >= 0; at = this.#sections[at]!) {
      const heading = this.#units[at]!.heading!;
      if (heading.level >= level) continue;
      headings.push(at);
      level = heading.level;
    }
    return headings;
  }

  #assemble(headings: readonly number[], first: number, last: number, region: Region): Segment[] {
    const segments: Segment[] = headings.map((index) => ({
      kind: 'text',
      text: `${this.#units[index]!.heading!.text}\n\n`,
    }));
    for (let index = first; index <= last; index++) {
      const isOwn = index >= region.first && index <= region.last;
      segments.push(...(isOwn ? this.#units[index]!.segments : asContext(this.#units[index]!.segments)));
    }
    return joinTexts(segments);
  }
}

/** Segments without masks: a span's current text; a picture that another window draws is known by its alt text. */
function asContext(segments: readonly Segment[]): Segment[] {
  return segments.flatMap((segment): Segment[] => {
    if (segment.kind === 'span') return [{ kind: 'text', text: segment.text }];
    return segment.kind === 'picture' && segment.masked ? [] : [segment];
  });
}

function joinTexts(segments: readonly Segment[]): Segment[] {
  const joined: Segment[] = [];
  for (const segment of segments) {
    const last = joined.at(-1);
    if (segment.kind === 'text' && last?.kind === 'text') {
      joined[joined.length - 1] = { kind: 'text', text: last.text + segment.text };
    } else if (segment.kind !== 'text' || segment.text !== '') joined.push(segment);
  }
  return joined;
}
