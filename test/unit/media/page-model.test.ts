import { describe, expect, it } from 'vitest';
import { PageModel } from '../../../media/preview/page-model.js';
import type {
  PreviewDocument,
  PreviewFrame,
  PreviewHunk,
  PreviewRun,
  PreviewRunEnd,
} from '../../../src/protocol/preview-messages.js';

const document = (more: Partial<PreviewDocument> = {}): PreviewDocument => ({
  type: 'document',
  key: 'file:///a.md',
  title: 'a.md',
  version: 1,
  text: 'one two three',
  holes: [],
  hunks: [],
  pictures: [],
  hunkPictures: [],
  problems: [],
  ...more,
});

const hunk = (id: string, start: number): PreviewHunk => ({
  id,
  kind: 'text',
  block: false,
  state: 'pending',
  range: { start, end: start + 3 },
  before: 'one',
  after: ['1'],
  variant: { index: 0, count: 1 },
  runId: 'r1',
  seed: 1,
});

const run = (id: string): PreviewRun => ({
  id,
  purpose: 'document',
  mode: 'concurrent',
  text: 'one two three',
  inserted: [],
  holes: [],
  passes: 3,
  steps: 3,
  seed: 1,
  strength: 0.6,
  model: { name: 'm', version: '1' },
  device: 'cpu',
});

const frame = (pass: number, bytes = 0): PreviewFrame => ({
  pass,
  passes: 3,
  seconds: pass,
  spans: [],
  pictures:
    bytes > 0 ? [{ id: 'p', t: 0, preview: { width: 1, height: 1, rgb: new Uint8Array(bytes) } }] : [],
});

const end = (runId: string): PreviewRunEnd => ({
  type: 'run-ended',
  runId,
  outcome: 'finished',
  forwardPasses: 3,
  seconds: 3,
  device: 'cpu',
  spans: [],
  pictures: [],
});

function modelWith(...runs: readonly string[]): PageModel {
  const model = new PageModel(() => undefined);
  model.receive(document());
  for (const id of runs) {
    model.receive({ type: 'run-started', run: run(id) });
    model.receive({ type: 'frames', runId: id, frames: [1, 2, 3].map((pass) => frame(pass)) });
    model.receive(end(id));
  }
  return model;
}

describe('PageModel', () => {
  it('shows a run while it goes on, its end until its hunks have come, and then those', () => {
    const model = new PageModel(() => undefined);
    model.receive(document());
    expect(model.shown.kind).toBe('review');
    model.receive({ type: 'run-started', run: run('r1') });
    expect(model.shown.kind).toBe('step');
    model.receive(end('r1'));
    expect(model.shown.kind).toBe('step');
    model.receive(document({ hunks: [hunk('h1', 0)] }));
    expect(model.shown.kind).toBe('review');
  });

  it('goes to a step and back to the result', () => {
    const model = modelWith('r1');
    model.selectStep(1);
    expect(model.shown).toMatchObject({ kind: 'step', step: 1 });
    model.selectStep(3);
    expect(model.shown.kind).toBe('review');
    expect(model.step).toBeUndefined();
  });

  it('goes on to the next hunk when one was decided on', () => {
    const model = new PageModel(() => undefined);
    model.receive(document({ hunks: [hunk('a', 0), hunk('b', 4), hunk('c', 8)] }));
    model.moveHunk(1);
    expect(model.hunk?.id).toBe('b');
    model.receive(document({ hunks: [hunk('a', 0), hunk('c', 8)] }));
    expect(model.hunk?.id).toBe('c');
    model.moveHunk(1);
    expect(model.hunk?.id).toBe('a');
  });

  it('ignores frames that it knows and runs that it does not', () => {
    const model = modelWith('r1');
    model.receive({ type: 'frames', runId: 'r1', frames: [frame(2)] });
    model.receive({ type: 'frames', runId: 'gone', frames: [frame(1)] });
    expect(model.run?.frameCount).toBe(3);
    expect(model.runs).toHaveLength(1);
  });

  it('forgets the oldest runs when they take too much memory, never the one that is shown', () => {
    const model = modelWith('r1', 'r2');
    model.receive({ type: 'run-started', run: run('r3') });
    model.receive({ type: 'frames', runId: 'r3', frames: [frame(1, 60 * 1024 * 1024)] });
    model.receive(end('r3'));
    expect(model.runs.map((record) => record.run.id)).toEqual(['r3']);
  });

  it('drops runs that the host has forgotten, and all of them with their document', () => {
    const model = modelWith('r1', 'r2');
    model.receive({ type: 'run-forgotten', runId: 'r2' });
    expect(model.run?.run.id).toBe('r1');
    model.receive(document({ key: 'file:///b.md' }));
    expect(model.runs).toEqual([]);
    expect(model.run).toBeUndefined();
  });
});
