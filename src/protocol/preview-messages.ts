/**
 * Messages between the preview panel's host (the extension) and its page. Checked on both sides; see
 * `preview-channel.ts` for the envelope. All offsets are UTF-16 units into the text that the message names.
 */
import * as z from 'zod/mini';
import { modeSchema } from './engine-messages.js';
import { seedSchema } from './segments.js';

const bytesSchema = z.instanceof(Uint8Array);
/** Names of runs, hunks and masks; ours, so they are short. */
const idSchema = z.string().check(z.maxLength(200));
const offsetSchema = z.int().check(z.gte(0), z.lte(0x7fff_ffff));
const rangeSchema = z.object({ start: offsetSchema, end: offsetSchema });
const unitInterval = z.number().check(z.gte(0), z.lte(1));
const secondsSchema = z.number().check(z.gte(0));
/** Passes of one run: `steps` at most 1000, a picture after the other in the sequential mode, and clean-up. */
const passSchema = z.int().check(z.gte(0), z.lte(1_000_000));

/** Where a picture can be had: an address that the page's policy lets through, or the bytes of a PNG. */
const pictureSourceSchema = z.union([z.object({ uri: z.string() }), z.object({ png: bytesSchema })]);
export type PictureSource = z.infer<typeof pictureSourceSchema>;

/** Edge of a picture in pixels where neither its mark nor a setting says: the `defaultSize` of the model that ships. */
export const usualPictureSize = 256;

/**
 * A stretch of a text that is refined as one: a segment of the engine, in its place. A span with pictures inside has
 * one for each stretch between them. What else belongs to a mark (its comments) is not shown anyway.
 */
const holeSchema = z.object({
  /** The segment's id: `m1`, or `m1.2` for a further stretch of a span. */
  id: idSchema,
  kind: z.enum(['text', 'picture']),
  /** `inline` and `cell`: within a line; `block`: whole lines; `slot`: an image's destination alone. */
  form: z.enum(['inline', 'cell', 'block', 'slot']),
  range: rangeSchema,
  /** What stands there now: a text in model form, or the destination of a picture; '' for nothing. */
  before: z.string(),
  /** Exactly, or at most, so many tokens; where the mark says so. */
  length: z.optional(z.int()),
  max: z.optional(z.int()),
  /** Pictures: what to draw. */
  alt: z.optional(z.string()),
  /** Pictures: the edge in pixels that is written; left out, the usual one. */
  size: z.optional(z.int()),
});
export type Hole = z.infer<typeof holeSchema>;

/** A text with a picture of its own at some places. */
const piecesSchema = z.array(z.union([z.string(), z.object({ picture: idSchema })]));
export type Pieces = z.infer<typeof piecesSchema>;

const hunkSchema = z.object({
  id: idSchema,
  kind: z.enum(['text', 'image']),
  /** Whole lines, or a stretch within one. */
  block: z.boolean(),
  state: z.enum(['pending', 'accepted', 'displaced']),
  /** The place in the document's text as it is now. */
  range: rangeSchema,
  before: z.string(),
  after: piecesSchema,
  /** Which of its variants `after` is, from 0. */
  variant: z.object({ index: z.int(), count: z.int() }),
  /** The run that made it. */
  runId: idSchema,
  seed: seedSchema,
});
export type PreviewHunk = z.infer<typeof hunkSchema>;

/** The document as it is now, with all that is known of it: it replaces what the page had. */
const documentSchema = z.object({
  type: z.literal('document'),
  /** Names the document for getState: a restored page goes back to the same place only in the same document. */
  key: z.string(),
  title: z.string(),
  version: z.int(),
  text: z.string(),
  holes: z.array(holeSchema),
  hunks: z.array(hunkSchema),
  /** By destination as `listPictures` gives it: pictures beside the document. */
  pictures: z.array(z.object({ destination: z.string(), uri: z.string() })),
  /** By id: pictures of hunks, and their edges in pixels; left out, the usual one. */
  hunkPictures: z.array(z.object({ id: idSchema, source: pictureSourceSchema, size: z.optional(z.int()) })),
  /** What is wrong with the marks: no run can start before it is mended. */
  problems: z.array(z.object({ message: z.string(), offset: offsetSchema })),
  /** Why no run can start here at all, e.g. in Restricted Mode; one sentence. */
  restriction: z.optional(z.string()),
});
export type PreviewDocument = z.infer<typeof documentSchema>;

const runSchema = z.object({
  id: idSchema,
  /** The document's own run, or one of the lessons on the page "How it works". */
  purpose: z.enum(['document', 'race', 'restore']),
  mode: modeSchema,
  /** The text that the run began with, what was put into a copy of it for this run (ascending), and the holes in it. */
  text: z.string(),
  inserted: z.array(rangeSchema),
  holes: z.array(holeSchema),
  /** Passes planned. */
  passes: passSchema,
  steps: z.int(),
  seed: seedSchema,
  /** How much is corrupted where a mark does not say. */
  strength: unitInterval,
  guidance: z.optional(z.number()),
  model: z.object({ name: z.string(), version: z.string() }),
  device: z.string(),
});
export type PreviewRun = z.infer<typeof runSchema>;

/** The engine's frame and when it came. */
const frameSchema = z.object({
  pass: passSchema,
  passes: passSchema,
  /** Since the run began. */
  seconds: secondsSchema,
  spans: z.array(
    z.object({
      id: idSchema,
      t: unitInterval,
      text: z.string(),
      fresh: z.array(z.tuple([offsetSchema, offsetSchema])),
    }),
  ),
  pictures: z.array(
    z.object({
      id: idSchema,
      t: unitInterval,
      preview: z.object({ width: z.int(), height: z.int(), rgb: bytesSchema }),
      /** The picture as the decoder sees it; now and then a frame has it. */
      png: z.optional(bytesSchema),
    }),
  ),
});
export type PreviewFrame = z.infer<typeof frameSchema>;

const runEndedSchema = z.object({
  type: z.literal('run-ended'),
  runId: idSchema,
  outcome: z.enum(['finished', 'stopped', 'failed']),
  /** Of a failure: one sentence. */
  message: z.optional(z.string()),
  /** Runs of the denoiser that it took. */
  forwardPasses: passSchema,
  seconds: secondsSchema,
  device: z.string(),
  spans: z.array(z.object({ id: idSchema, text: z.string() })),
  pictures: z.array(z.object({ id: idSchema, source: pictureSourceSchema })),
});
export type PreviewRunEnd = z.infer<typeof runEndedSchema>;

export const toPreviewSchema = z.discriminatedUnion('type', [
  documentSchema,
  /** Before everything else, and when something of it changes. */
  z.object({
    type: z.literal('settings'),
    /** The page's own words, by the names in `preview-strings.ts`, in the author's language. */
    strings: z.record(z.string(), z.string()),
    locale: z.string(),
    allowRemotePictures: z.boolean(),
    /** Address of a picture that the model has drawn, for the lesson on noise. */
    lessonPicture: z.string(),
    /** How documents are set, as for VS Code's own preview; '' for the page's font. */
    font: z.object({ family: z.string(), size: z.number(), lineHeight: z.number() }),
  }),
  z.object({ type: z.literal('run-started'), run: runSchema }),
  /** One frame of a run that is going on, or all frames of an older one. */
  z.object({ type: z.literal('frames'), runId: idSchema, frames: z.array(frameSchema) }),
  runEndedSchema,
  /** The pictures of one pass as the autoencoder's decoder makes them: the answer to `draw`. */
  z.object({
    type: z.literal('drawn'),
    runId: idSchema,
    pass: passSchema,
    pictures: z.array(z.object({ id: idSchema, png: bytesSchema })),
  }),
  /** The run was dropped to stay within the memory that runs may take. */
  z.object({ type: z.literal('run-forgotten'), runId: idSchema }),
  /** The editor shows this place; the page follows. */
  z.object({ type: z.literal('reveal'), offset: offsetSchema }),
  /** The page's "How it works" is to be shown, or the document. */
  z.object({ type: z.literal('show'), page: z.enum(['document', 'lessons']) }),
]);
export type ToPreview = z.infer<typeof toPreviewSchema>;

export const fromPreviewSchema = z.discriminatedUnion('type', [
  /** The page listens now; everything is sent (again). */
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('accept'), hunkId: idSchema }),
  z.object({ type: z.literal('reject'), hunkId: idSchema }),
  z.object({ type: z.literal('accept-all') }),
  z.object({ type: z.literal('reject-all') }),
  /** Another of a hunk's variants is to be its result. */
  z.object({
    type: z.literal('choose-variant'),
    hunkId: idSchema,
    index: z.int().check(z.gte(0), z.lte(99)),
  }),
  /** The state after this pass becomes the result of the run's hunks, and they are accepted. */
  z.object({ type: z.literal('accept-from'), runId: idSchema, pass: passSchema }),
  /** Asks for the pictures of one pass. */
  z.object({ type: z.literal('draw'), runId: idSchema, pass: passSchema }),
  /** Starts a run on the whole document, or on its image slots alone. */
  z.object({ type: z.literal('refine'), what: z.enum(['document', 'pictures']) }),
  z.object({ type: z.literal('again'), runId: idSchema, seed: z.enum(['same', 'new']) }),
  z.object({ type: z.literal('stop') }),
  z.object({ type: z.literal('copy'), runId: idSchema, what: z.enum(['seed', 'provenance']) }),
  /** Puts the editor's cursor there. */
  z.object({ type: z.literal('reveal'), offset: offsetSchema }),
  /** What the author sees at the top of the page; the editor follows. */
  z.object({ type: z.literal('scrolled'), offset: offsetSchema }),
  z.object({ type: z.literal('open-link'), href: z.string().check(z.maxLength(4096)) }),
  z.object({ type: z.literal('allow-remote-pictures') }),
  /** Starts both halves of the race, or restores the corrupted example. */
  z.object({ type: z.literal('race'), seed: seedSchema }),
  z.object({ type: z.literal('restore'), strength: unitInterval, seed: seedSchema }),
  z.object({ type: z.literal('stop-lesson') }),
  /** For the log: what went wrong in the page. */
  z.object({ type: z.literal('page-error'), message: z.string().check(z.maxLength(2000)) }),
]);
export type FromPreview = z.infer<typeof fromPreviewSchema>;
