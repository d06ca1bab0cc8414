import { expect, test } from 'vitest';
import type { Memento } from 'vscode';
import type { RunPlan } from '../../../src/core/run-plan.js';
import { RunTimes } from '../../../src/editor/runs/run-times.js';
import type { Run } from '../../../src/editor/runs/run.js';
import type { EngineSettings } from '../../../src/editor/settings.js';

const settings = { model: '', device: 'auto' } as EngineSettings;

function memento(): Memento {
  const kept = new Map<string, unknown>();
  return {
    keys: () => [...kept.keys()],
    get: (key: string, otherwise?: unknown) => kept.get(key) ?? otherwise,
    update: async (key: string, value: unknown) => void kept.set(key, value),
  } as Memento;
}

const plan = (letters: number): RunPlan =>
  ({
    segments: [{ kind: 'text', text: 'x'.repeat(letters) }],
    masks: Array.from({ length: 10 }),
  }) as unknown as RunPlan;
const wanted = (letters: number, steps: number | undefined): Pick<Run, 'plan' | 'steps'> => ({
  plan: plan(letters),
  steps,
});
const run = (letters: number, seconds: number, forwardPasses: number): Run =>
  ({
    plan: plan(letters),
    model: { defaults: { steps: 30 } },
    result: { seconds: { refine: seconds, decode: 0 }, forwardPasses },
  }) as unknown as Run;

test('nothing is expected before the first run, and after it time in proportion to passes and text', () => {
  const times = new RunTimes(memento());
  expect(times.expected(wanted(400, 20), settings)).toBeUndefined();
  times.note(run(400, 2, 20), settings);
  expect(times.expected(wanted(400, 20), settings)).toBeCloseTo(2);
  expect(times.expected(wanted(800, 10), settings)).toBeCloseTo(2);
});

test('the first run of a window has the steps of the model that an earlier window has used', () => {
  const state = memento();
  new RunTimes(state).note(run(400, 2, 20), settings);
  expect(new RunTimes(state).expected(wanted(400, undefined), settings)).toBeCloseTo(3);
});

test('what one device takes says nothing about another', () => {
  const times = new RunTimes(memento());
  times.note(run(400, 2, 20), settings);
  expect(times.expected(wanted(400, 20), { ...settings, device: 'webgpu' })).toBeUndefined();
});

test('a run without passes teaches nothing', () => {
  const times = new RunTimes(memento());
  times.note(run(400, 0, 0), settings);
  expect(times.expected(wanted(400, 20), settings)).toBeUndefined();
});
