/** From the segments of a request to the windows that the flow works on: defaults, pictures, tokens. */
import { cutWindows } from '../core/document/index.js';
import type { FlowWindow, Piece } from '../core/flow/index.js';
import type { RefineRequest } from '../protocol/engine-messages.js';
import type { PictureSegment, Segment, SpanSegment } from '../protocol/segments.js';
import type { EngineModel } from './engine-model.js';
import { HostError } from './errors.js';
import { exclusionOf } from './excluded-tokens.js';
import { readPicture } from './pictures.js';

export interface PreparedRun {
  readonly windows: readonly FlowWindow[];
  /** The masked segments, by id. */
  readonly spans: ReadonlyMap<string, SpanSegment>;
  readonly pictures: ReadonlyMap<string, PictureSegment>;
  readonly warnings: readonly string[];
}

/**
 * Reads the pictures at hand, cuts the document into windows and tokenizes them. Stops early, with an incomplete
 * result, when `signal` is aborted.
 * @throws HostError `bad-document`
 */
export async function prepareRun(
  model: EngineModel,
  request: RefineRequest,
  signal: AbortSignal,
): Promise<PreparedRun> {
  const { manifest, tokenizer } = model;
  checkSegments(model, request.segments);
  const { segments, latents, warnings } = await readPictures(model, request.segments, signal);
  const cut = cutWindows(
    segments.map((segment) => (segment.kind === 'span' ? withMaximum(model, segment) : segment)),
    {
      // One position of a window is its [BOS].
      limit: manifest.contextLength - 1,
      countTokens: (text) => tokenizer.encode(text).length,
      picturePositions: (manifest.image.latent.size / manifest.image.patch) ** 2,
    },
  );
  if (!cut.ok) throw new HostError('bad-document', cut.error.message, { segment: cut.error.id });
  const windows = cut.windows.map((window) => ({
    pieces: window.map((segment, index) =>
      segment.kind === 'picture'
        ? picturePiece(model, request, segment, window[index - 1], latents)
        : textPiece(model, request, segment),
    ),
  }));
  return { windows, ...maskedSegments(segments), warnings };
}

/** A style or a size that the model does not have, or two masks with one id. */
function checkSegments({ manifest }: EngineModel, segments: readonly Segment[]): void {
  const ids = new Set<string>();
  for (const segment of segments) {
    if (segment.kind === 'text') continue;
    if (ids.has(segment.id)) {
      throw new HostError(
        'bad-document',
        `Two segments have the id "${segment.id}"; every id must be its own.`,
        { segment: segment.id },
      );
    }
    ids.add(segment.id);
    if (segment.kind === 'span') continue;
    const { style, size } = segment;
    const styles = manifest.image.styles.map(({ name }) => name);
    if (style !== undefined && !styles.includes(style)) {
      throw new HostError('bad-document', `The model has no style "${style}"; it has ${styles.join(', ')}.`, {
        segment: segment.id,
      });
    }
    if (size !== undefined && !manifest.image.sizes.includes(size)) {
      throw new HostError(
        'bad-document',
        `The model writes no pictures of size ${size}; it writes ${manifest.image.sizes.join(', ')}.`,
        { segment: segment.id },
      );
    }
  }
}

interface PicturesRead {
  readonly segments: readonly Segment[];
  /** Standardised patches of every picture that could be read, by id. */
  readonly latents: ReadonlyMap<string, Float32Array>;
  readonly warnings: readonly string[];
}

/**
 * Encodes the pictures whose looks count. A context picture that cannot be read leaves its alt text alone; a masked
 * one is drawn from nothing.
 */
async function readPictures(
  { manifest, autoencoder }: EngineModel,
  segments: readonly Segment[],
  signal: AbortSignal,
): Promise<PicturesRead> {
  const kept: Segment[] = [];
  const latents = new Map<string, Float32Array>();
  const warnings: string[] = [];
  for (const segment of segments) {
    if (signal.aborted) break;
    if (segment.kind !== 'picture') {
      kept.push(segment);
      continue;
    }
    const isStart = segment.masked && segment.strength < 1;
    if (segment.file !== undefined && (isStart || !segment.masked)) {
      const reading = await readPicture(segment.file, manifest.image.size);
      if (reading.ok) {
        latents.set(segment.id, await autoencoder.encode(reading.pixels));
      } else {
        const consequence = segment.masked
          ? 'it is drawn from nothing'
          : 'the model knows it by its alt text alone';
        warnings.push(`The picture ${segment.file} was left out: ${reading.problem}; ${consequence}.`);
      }
    }
    if (latents.has(segment.id)) kept.push(segment);
    else if (segment.masked) kept.push({ ...segment, strength: 1 });
  }
  return { segments: kept, latents, warnings };
}

/**
 * How long an open-ended span without a `max` may get. Room for it is kept in the window, at the cost of context, so a
 * stretch within a line gets a third of what whole blocks get. None is made to shrink.
 */
function withMaximum({ manifest, tokenizer }: EngineModel, span: SpanSegment): SpanSegment {
  if (span.length !== undefined || span.max !== undefined) return span;
  const { maxSpanTokens } = manifest.defaults;
  const usual = span.form === 'block' ? maxSpanTokens : Math.ceil(maxSpanTokens / 3);
  return { ...span, max: Math.max(usual, tokenizer.encode(span.text).length) };
}

function maskedSegments(segments: readonly Segment[]): Pick<PreparedRun, 'spans' | 'pictures'> {
  const spans = segments.filter((segment) => segment.kind === 'span');
  const pictures = segments.filter((segment) => segment.kind === 'picture').filter(({ masked }) => masked);
  return {
    spans: new Map(spans.map((span) => [span.id, span])),
    pictures: new Map(pictures.map((picture) => [picture.id, picture])),
  };
}

function textPiece(
  { manifest, tokenizer, excluded }: EngineModel,
  request: RefineRequest,
  segment: Exclude<Segment, PictureSegment>,
): Piece {
  const tokens = tokenizer.encode(segment.text);
  if (segment.kind === 'text') return { kind: 'context', tokens };
  const { id, strength, length, max } = segment;
  return {
    kind: 'span',
    span: {
      id,
      tokens,
      strength,
      ...(length !== undefined && { length }),
      ...exclusionOf(segment, excluded),
      // Where neither the mark gives one, `withMaximum` does.
      max: max ?? length!,
      seed: segment.seed ?? request.seed,
      guidance: segment.guidance ?? request.guidance ?? manifest.defaults.guidance.text,
    },
  };
}

function picturePiece(
  { manifest, tokenizer }: EngineModel,
  request: RefineRequest,
  segment: PictureSegment,
  before: Segment | undefined,
  latents: ReadonlyMap<string, Float32Array>,
): Piece {
  const { id, masked, strength } = segment;
  const start = latents.get(id);
  const opening = masked ? linkOpening(before) : undefined;
  return {
    kind: 'picture',
    picture: {
      id,
      masked,
      styleToken: styleToken(manifest, segment),
      ...(opening !== undefined && {
        slot: { before: tokenizer.encode(opening), after: tokenizer.encode(')') },
      }),
      ...(start !== undefined && { latents: start }),
      strength,
      seed: segment.seed ?? request.seed,
      guidance: segment.guidance ?? request.guidance ?? manifest.defaults.guidance.image,
    },
  };
}

/** `![alt](` at the end of what comes before a picture; undefined where a span lies in the alt text. */
function linkOpening(before: Segment | undefined): string | undefined {
  if (before?.kind !== 'text' || !before.text.endsWith('](')) return undefined;
  const start = before.text.lastIndexOf('![');
  return start === -1 ? undefined : before.text.slice(start);
}

/** A masked picture is drawn in the style asked for, else in the model's own; of a context picture none is known. */
function styleToken({ image, tokenizer }: EngineModel['manifest'], picture: PictureSegment): number {
  const name = picture.style ?? (picture.masked ? image.defaultStyle : null);
  return image.styles.find((style) => style.name === name)?.token ?? tokenizer.special.anyStyle;
}
