/**
 * What the editor has done with whole documents away from its own thread: text in, plain data out. Each of these
 * takes time in proportion to the document's length.
 */
import {
  analyzeDocument,
  type DocumentProblem,
  type DocumentWarning,
  type Mask,
  parseDocument,
} from './document/index.js';
import {
  completionsAt,
  insertImageSlot,
  maskPicture,
  type MaskPlace,
  maskSelection,
  placesOf,
  quickFixesAt,
  removeAllMarks,
  sectionAt,
  unmask,
} from './marking/index.js';
import { holesOf, withSize } from './document/holes.js';
import type { Hole } from '../protocol/preview-messages.js';
import type { Anchor, Proposal } from './review/index.js';
import { anchorsOf, type Plan, proposalsOf, type RunResult } from './review/plan.js';
import { planRun, type RunPlanOptions, type RunPlan, type RunRefusal, type RunScope } from './run-plan.js';
import { relativeFilePath } from './render/links.js';
import { listPictures } from './render/markdown.js';

/** What the editor shows of a document's marks. */
export interface Analysis {
  /** Those that are well-formed, in document order. */
  readonly masks: readonly Mask[];
  /** Of the same masks: where their parts stand. */
  readonly places: readonly MaskPlace[];
  readonly problems: readonly DocumentProblem[];
  readonly warnings: readonly DocumentWarning[];
}

/** What the preview shows of a document beside its text. */
export interface PreviewContent {
  readonly holes: readonly Hole[];
  /** Where its pictures lead, as the renderer sees them. */
  readonly pictures: readonly string[];
  readonly problems: readonly { readonly message: string; readonly offset: number }[];
}

export interface PlanOptions extends Omit<RunPlanOptions, 'resolvePicture'> {
  /** Absolute path of the document's folder; undefined when it does not lie on this machine's disk. */
  readonly directory: string | undefined;
}

/** A run with the places that it is about, or why there can be none. */
export type PlannedRun =
  | { readonly ok: true; readonly plan: RunPlan; readonly anchors: readonly Anchor[] }
  | { readonly ok: false; readonly error: RunRefusal };

/** @param findFile absolute path of a file that is there, named relative to a folder */
export function createDocumentTasks(findFile: (directory: string, path: string) => string | undefined) {
  return {
    analyse(source: string): Analysis {
      const { document, problems } = analyzeDocument(source);
      const { masks, warnings } = document;
      return { masks, places: placesOf(document), problems, warnings };
    },

    previewContent(source: string): PreviewContent {
      const { document, problems } = analyzeDocument(source);
      return {
        holes: holesOf(document),
        pictures: listPictures(source),
        problems: problems.map(({ message, range }) => ({ message, offset: range.start })),
      };
    },

    /** The holes of a run, in places of its marked text. */
    holesOfRun({ marked, masks, segments }: RunPlan): readonly Hole[] {
      const parsed = parseDocument(marked);
      const ids = new Set(masks.map(({ id }) => id));
      const sizes = new Map(
        segments.flatMap((segment) => (segment.kind === 'picture' ? [[segment.id, segment.size]] : [])),
      );
      const holes = parsed.ok ? holesOf(parsed.document, ({ id }) => ids.has(id)) : [];
      return holes.map((hole) => withSize(hole, sizes.get(hole.id)));
    },

    planRun(source: string, scope: RunScope, { directory, ...options }: PlanOptions): PlannedRun {
      const planned = planRun(source, scope, {
        ...options,
        resolvePicture: (destination) => {
          const path = relativeFilePath(destination);
          return directory === undefined || path === undefined ? undefined : findFile(directory, path);
        },
      });
      if (!planned.ok) return planned;
      return { ok: true, plan: planned.plan, anchors: anchorsOf(reviewPlan(planned.plan)) };
    },

    proposals: (plan: RunPlan, result: RunResult): readonly Proposal[] =>
      proposalsOf(reviewPlan(plan), result),

    maskSelection,
    unmask,
    removeAllMarks,
    insertImageSlot,
    maskPicture,
    completionsAt,
    quickFixesAt,
    sectionAt,
  };
}

function reviewPlan({ marked, inserted, masks }: RunPlan): Plan {
  const parsed = parseDocument(marked);
  // It was parsed when the run was planned.
  if (!parsed.ok) throw new Error(parsed.error.message);
  const ids = new Set(masks.map(({ id }) => id));
  return { document: parsed.document, include: ({ id }) => ids.has(id), inserted };
}

export type DocumentTasks = ReturnType<typeof createDocumentTasks>;
export type TaskName = keyof DocumentTasks;

/** What the worker is sent and answers; both ends are this program's own. */
export interface TaskCall {
  readonly id: number;
  readonly task: TaskName;
  readonly args: readonly unknown[];
}
export type TaskAnswer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly message: string };
