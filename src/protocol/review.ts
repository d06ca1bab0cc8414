/**
 * Hunks: what a run proposes for one place of a document, from the start of the run until the author has decided.
 * They go to the preview, and with the text they belong to into storage (`oneflow-review/1`), so that a review
 * survives a reload.
 */
import * as z from 'zod/mini';
import { modeSchema } from './engine-messages.js';
import { seedSchema } from './segments.js';

const offset = z.int().check(z.gte(0));
const edge = z.int().check(z.gte(1));

/** Half-open, in UTF-16 units of the document's text. */
const rangeSchema = z.readonly(z.object({ start: offset, end: offset }));

/** A piece of a proposal: text, or the place of a picture's destination, which is known once the picture is accepted. */
const pieceSchema = z.union([z.string(), z.readonly(z.object({ picture: z.string() }))]);
export type Piece = z.infer<typeof pieceSchema>;

/** What made a proposal: enough to make it again, byte for byte, from the same document. */
const provenanceSchema = z.object({
  model: z.readonly(z.object({ name: z.string(), version: z.string(), sha256: z.string() })),
  /** What the run ended on. */
  device: z.string(),
  seed: seedSchema,
  steps: z.exactOptional(z.int()),
  mode: z.exactOptional(modeSchema),
  strength: z.exactOptional(z.number()),
  guidance: z.exactOptional(z.number()),
  length: z.exactOptional(z.int()),
  max: z.exactOptional(z.int()),
  style: z.exactOptional(z.string()),
  size: z.exactOptional(z.int()),
});
export type Provenance = Readonly<z.infer<typeof provenanceSchema>>;

const pictureSchema = z.object({
  id: z.string(),
  alt: z.string(),
  /** In pixels, once it is drawn. */
  width: z.exactOptional(edge),
  height: z.exactOptional(edge),
});
export type HunkPicture = Readonly<z.infer<typeof pictureSchema>>;

/** A file that an accept has put a picture in, and the picture by its hash. */
const writtenFileSchema = z.readonly(z.object({ uri: z.string(), sha256: z.string() }));
export type WrittenFile = z.infer<typeof writtenFileSchema>;

/** What stood around a place, with LF line ends. */
const contextSchema = z.readonly(z.object({ before: z.string(), after: z.string() }));
export type Context = z.infer<typeof contextSchema>;

const hunkSchema = z.object({
  /** `run:mask`, unique in a review. */
  id: z.string(),
  run: z.string(),
  kind: z.enum(['text', 'image']),
  /**
   * `running`: its run is going. `pending`: to be decided; `before` stands at `place`. `accepted`: what was written
   * stands at `place`. `displaced`: it was running or pending and the text under it has changed. `edited`: it was
   * accepted and the author has changed the text since; there is nothing to decide. The last two come back when the
   * text does.
   */
  state: z.enum(['running', 'pending', 'accepted', 'displaced', 'edited']),
  /** Where it stands now; of one that is displaced or edited, the stretch that its text has become. */
  place: rangeSchema,
  /** The document's text while the hunk is not accepted, marks included. */
  before: z.string(),
  /** The text between the marks, or the destination that the picture had, for people to read. */
  content: z.string(),
  /** What is proposed; missing while the run is going. */
  after: z.exactOptional(z.readonly(z.array(pieceSchema))),
  /** What an accept has put in the place of `before`; kept after an undo, for the redo. */
  written: z.exactOptional(
    z.readonly(
      z.object({
        text: z.string(),
        /** By picture id, as they were given: neither escaped nor encoded for Markdown. */
        destinations: z.readonly(z.record(z.string(), z.string())),
      }),
    ),
  ),
  /**
   * Files that accepts have written for this place, by hunks that it has replaced too. They stay after an undo, for the
   * redo, until the hunk is rejected or accepted with other pictures.
   */
  files: z.exactOptional(z.readonly(z.array(writtenFileSchema))),
  /** The pictures of `after`, in order. */
  pictures: z.readonly(z.array(z.readonly(pictureSchema))),
  provenance: z.readonly(provenanceSchema),
  /** How it stood before each edit that did more to it than move it, the latest last: an undo brings that back. */
  past: z.exactOptional(
    z.readonly(
      z.array(
        z.readonly(
          z.object({
            side: z.enum(['before', 'written']),
            place: rangeSchema,
            /** Of the whole text then. */
            textLength: offset,
            context: contextSchema,
          }),
        ),
      ),
    ),
  ),
  /** For a displaced or edited hunk: whether `place` is exactly what its text has become, without anything else. */
  isExact: z.exactOptional(z.boolean()),
});
export type Hunk = Readonly<z.infer<typeof hunkSchema>>;

export const reviewFileSchema = z.object({
  format: z.literal('oneflow-review/1'),
  /** The address of the document; files are found by it when its folder gets another name. */
  document: z.exactOptional(z.string()),
  /** The text that the places belong to. */
  text: z.string(),
  hunks: z.array(hunkSchema),
});
export type ReviewFile = z.infer<typeof reviewFileSchema>;
