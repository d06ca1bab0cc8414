import type { Uri } from 'vscode';
import { InsertedText } from '../../core/document/inserted.js';
import type { RunPlan, RunScope } from '../../core/run-plan.js';
import type { DrawnPicture, Frame, LoadedModel, RefineResult } from '../../protocol/engine-messages.js';

/** `waiting`: for its turn or for the model; `running`: passes are made; the other three are ends. */
export type RunState = 'waiting' | 'running' | 'finished' | 'stopped' | 'failed';

/** A frame and when it came, in seconds since the first pass began. */
export interface TimedFrame {
  readonly seconds: number;
  readonly frame: Frame;
}

/** One run on one document, from its start on. Owned and changed by `Runs` alone. */
export interface Run {
  readonly id: string;
  /** Under the name that it has now. */
  readonly document: Uri;
  readonly scope: RunScope;
  readonly plan: RunPlan;
  readonly seed: number;
  /** What was asked for; undefined is the model's choice. */
  readonly steps: number | undefined;
  readonly guidance: number | undefined;
  readonly strength: number;
  readonly state: RunState;
  /** From when the model is loaded. */
  readonly model: LoadedModel | undefined;
  readonly frames: readonly TimedFrame[];
  readonly result: RefineResult | undefined;
  /** How many suggestions came of it when it ended. */
  readonly suggestions: number;
  /** Of a failed run: one sentence. */
  readonly failure: string | undefined;
  /** Of a failed run: whether the same may well succeed another time. */
  readonly canRetry: boolean;
}

/** What hunks are made of: the end of a run, or one of its frames with its pictures drawn. */
export interface DrawnResult {
  readonly spans: readonly { readonly id: string; readonly text: string }[];
  readonly pictures: readonly DrawnPicture[];
}

export const isOver = ({ state }: Pick<Run, 'state'>): boolean => state !== 'waiting' && state !== 'running';

/** The text that the run was planned on: its places are there. */
export function textOf({ plan }: Pick<Run, 'plan'>): string {
  return new InsertedText(plan.marked, plan.inserted).text;
}

/** Passes that the run will take as far as one can say, once that is known. */
export function plannedPasses({ frames, model, steps }: Run): number | undefined {
  return frames.at(-1)?.frame.passes ?? steps ?? model?.defaults.steps;
}
