/**
 * A document as the engine sees it: a flat list of text, masked spans and pictures, in document order.
 *
 * Text is in *model form*: line ends are LF, and the container prefix (`> `, list indentation) of an own-line
 * span is removed from the span. A picture stands for a link destination alone: `![alt](` and `)` around it are text.
 */
import * as z from 'zod/mini';
import { limits, type NumberRange } from './limits.js';

export const wholeNumberIn = ({ minimum, maximum }: NumberRange) =>
  z.int().check(z.gte(minimum), z.lte(maximum));
const numberIn = ({ minimum, maximum }: NumberRange) => z.number().check(z.gte(minimum), z.lte(maximum));

const strengthSchema = numberIn(limits.strength);
export const seedSchema = wholeNumberIn(limits.seed);
const tokenCount = wholeNumberIn(limits.tokens);
export const guidanceSchema = numberIn(limits.guidance);

/** Text outside every mask. The model reads it and never changes it. */
const textSegmentSchema = z.object({ kind: z.literal('text'), text: z.string() });

/** One masked stretch of text. A span with pictures inside is cut into one segment per stretch between them. */
const spanSegmentSchema = z.object({
  kind: z.literal('span'),
  id: z.string(),
  /** `block`: whole Markdown blocks; `inline`: a stretch of one line; `cell`: inline, inside a table cell. */
  form: z.enum(['block', 'inline', 'cell']),
  /** The current text, empty when there is none. */
  text: z.string(),
  /** There is a space before it that no text segment holds: it has to begin with one. */
  spaced: z.optional(z.literal(true)),
  /** How much of the current text is deleted at the start, 0–1; 1 starts from nothing. */
  strength: strengthSchema,
  /** Exactly so many tokens (mask → unmask instead of insertion). */
  length: z.optional(tokenCount),
  /** At most so many tokens. */
  max: z.optional(tokenCount),
  seed: z.optional(seedSchema),
  guidance: z.optional(guidanceSchema),
});

/** One picture: masked (to be drawn) or context. */
export const pictureSegmentSchema = z.object({
  kind: z.literal('picture'),
  id: z.string(),
  /** The alt text; it also lies in the text around. */
  alt: z.string(),
  masked: z.boolean(),
  /** Absolute path of the picture as it is now; a context picture without one is known by its alt text alone. */
  file: z.optional(z.string()),
  /** How much noise the drawing starts from, 0–1; 1 ignores `file`. */
  strength: strengthSchema,
  style: z.optional(z.string()),
  /** Edge of the written picture in pixels. */
  size: z.optional(wholeNumberIn(limits.imageSize)),
  seed: z.optional(seedSchema),
  guidance: z.optional(guidanceSchema),
});

export const segmentSchema = z.discriminatedUnion('kind', [
  textSegmentSchema,
  spanSegmentSchema,
  pictureSegmentSchema,
]);

export type SpanSegment = z.infer<typeof spanSegmentSchema>;
export type PictureSegment = z.infer<typeof pictureSegmentSchema>;
export type Segment = z.infer<typeof segmentSchema>;
