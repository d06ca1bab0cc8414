import type { PreviewDocument, PreviewHunk, ToPreview } from '../../src/protocol/preview-messages.js';
import { RunRecord } from './run-record.js';

export type Comparison = 'after' | 'before' | 'side';

type Settings = Extract<ToPreview, { type: 'settings' }>;

/** Bytes that kept runs may hold together; the oldest go first. */
const runBudget = 48 * 1024 * 1024;

/**
 * All that the page knows and what the author has chosen to see. Everything on the page is derived from it: after a
 * change `onChange` is called once.
 */
export class PageModel {
  readonly #onChange: () => void;
  readonly #runs = new Map<string, RunRecord>();
  settings: Settings | undefined;
  document: PreviewDocument | undefined;
  /** The run whose timeline is shown. */
  #runId: string | undefined;
  /** The run that has ended and whose hunks have not come yet: its last state stays. */
  #settling: string | undefined;
  /** The place on the timeline; undefined at its end. */
  #step: number | undefined;
  #comparison: Comparison = 'after';
  #hunkId: string | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Takes what concerns the document and its runs. Lessons' runs are not told here. */
  receive(message: ToPreview): void {
    switch (message.type) {
      case 'settings':
        this.settings = message;
        break;
      case 'document':
        this.#takeDocument(message);
        break;
      case 'run-started':
        this.#runs.set(message.run.id, new RunRecord(message.run));
        this.#runId = message.run.id;
        this.#step = undefined;
        this.#comparison = 'after';
        this.#forgetOldRuns();
        break;
      case 'frames':
        this.#runs.get(message.runId)?.add(message.frames);
        break;
      case 'run-ended': {
        this.#runs.get(message.runId)?.finish(message);
        this.#settling = message.runId;
        this.#forgetOldRuns();
        break;
      }
      case 'drawn':
        this.#runs.get(message.runId)?.addDrawn(message.pass, message.pictures);
        break;
      case 'run-forgotten':
        this.#forget(message.runId);
        break;
      default:
        return;
    }
    this.#onChange();
  }

  /** Oldest first. */
  get runs(): readonly RunRecord[] {
    return [...this.#runs.values()];
  }

  get run(): RunRecord | undefined {
    return this.#runId === undefined ? undefined : this.#runs.get(this.#runId);
  }

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  get running(): RunRecord | undefined {
    return this.runs.find(({ end }) => end === undefined);
  }

  /** A run that has ended well and whose changes are on their way. */
  get settling(): RunRecord | undefined {
    const record = this.#settling === undefined ? undefined : this.#runs.get(this.#settling);
    return record?.end?.outcome === 'failed' ? undefined : record;
  }

  get step(): number | undefined {
    return this.#step;
  }

  get comparison(): Comparison {
    return this.#comparison;
  }

  /** Those that can still be decided on, in document order. */
  get openHunks(): readonly PreviewHunk[] {
    return (this.document?.hunks ?? [])
      .filter(({ state }) => state !== 'accepted')
      .sort((a, b) => a.range.start - b.range.start);
  }

  /** How many of them can be accepted. */
  get pendingCount(): number {
    return this.openHunks.filter(({ state }) => state === 'pending').length;
  }

  /** The hunk that the keys act on. */
  get hunk(): PreviewHunk | undefined {
    const hunks = this.openHunks;
    return hunks.find(({ id }) => id === this.#hunkId) ?? hunks[0];
  }

  /**
   * What the document's place shows: a step of a run (the one that goes on, one chosen on the timeline, or the end of
   * one whose hunks are on their way), or else the document with its hunks.
   */
  get shown():
    | { readonly kind: 'step'; readonly record: RunRecord; readonly step: number }
    | { readonly kind: 'review' } {
    const record = this.run;
    if (record === undefined) return { kind: 'review' };
    const isLive = record.end === undefined || this.#settling === record.run.id;
    if (this.#step === undefined && !isLive) return { kind: 'review' };
    return { kind: 'step', record, step: this.#step ?? Infinity };
  }

  selectRun(runId: string): void {
    if (!this.#runs.has(runId)) return;
    this.#runId = runId;
    this.#step = undefined;
    this.#onChange();
  }

  /** Goes to a place of the timeline; its end is undefined. */
  selectStep(step: number | undefined): void {
    const last = (this.run?.frameCount ?? 0) - 1;
    const isEnd = step === undefined || (this.run?.end !== undefined && step > last);
    this.#step = isEnd ? undefined : Math.max(0, Math.min(step, last));
    if (this.run?.end !== undefined) this.#settling = undefined;
    this.#onChange();
  }

  selectComparison(comparison: Comparison): void {
    this.#comparison = comparison;
    this.#step = undefined;
    this.#settling = undefined;
    this.#onChange();
  }

  /** Goes to the hunk `by` places further on, round about. */
  moveHunk(by: number): void {
    const hunks = this.openHunks;
    if (hunks.length === 0) return;
    const index = hunks.findIndex(({ id }) => id === this.hunk?.id);
    this.#hunkId = hunks[(index + by + hunks.length) % hunks.length]!.id;
    this.#onChange();
  }

  selectHunk(id: string): void {
    if (this.#hunkId === id) return;
    this.#hunkId = id;
    this.#onChange();
  }

  #takeDocument(document: PreviewDocument): void {
    if (this.document !== undefined && this.document.key !== document.key) {
      this.#runs.clear();
      this.#runId = undefined;
      this.#step = undefined;
    }
    // The hunk after one that was decided on is the next to look at.
    const place = this.hunk?.range.start;
    this.document = document;
    this.#settling = undefined;
    const hunks = this.openHunks;
    if (!hunks.some(({ id }) => id === this.#hunkId)) {
      this.#hunkId = (hunks.find(({ range }) => place !== undefined && range.start >= place) ?? hunks[0])?.id;
    }
  }

  #forget(runId: string): void {
    this.#runs.delete(runId);
    if (this.#runId !== runId) return;
    this.#runId = this.runs.at(-1)?.run.id;
    this.#step = undefined;
  }

  #forgetOldRuns(): void {
    let bytes = this.runs.reduce((sum, record) => sum + record.bytes, 0);
    for (const record of this.runs) {
      if (bytes <= runBudget) return;
      if (record.run.id === this.#runId) continue;
      bytes -= record.bytes;
      this.#forget(record.run.id);
    }
  }
}
