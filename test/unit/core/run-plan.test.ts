import { describe, expect, test } from 'vitest';
import { createDocumentTasks } from '../../../src/core/document-tasks.js';
import { planRun, type RunPlanOptions, type RunScope } from '../../../src/core/run-plan.js';
import type { PictureSegment } from '../../../src/protocol/segments.js';

const recipe = [
  '# Soup',
  '',
  'Simmer <!--mask-->for ten minutes<!--/mask--> and taste.',
  '',
  '![a red tomato](mask:)',
  '',
  '![the pot](pot.png)',
  '',
  '## Serve',
  '',
  'Pour it into bowls.',
  '',
].join('\n');
const options: RunPlanOptions = { strength: 0.6, imageSize: undefined, resolvePicture: () => undefined };
const plan = (scope: RunScope, source = recipe, more: Partial<RunPlanOptions> = {}) =>
  planRun(source, scope, { ...options, ...more });
const masksOf = (scope: RunScope, source = recipe) => {
  const planned = plan(scope, source);
  if (!planned.ok) throw new Error(planned.error.message);
  return planned.plan.masks.map(({ form, before, alt }) => [form, alt ?? before]);
};

describe('which masks a run is about', () => {
  const text = ['inline', 'for ten minutes'];
  const slot = ['slot', 'a red tomato'];

  test('all of the document', () => {
    expect(masksOf({ kind: 'document' })).toEqual([text, slot]);
  });
  test('image slots alone', () => {
    expect(masksOf({ kind: 'slots' })).toEqual([slot]);
  });
  test('text alone', () => {
    expect(masksOf({ kind: 'text' })).toEqual([text]);
  });
  test('those that begin at an offset', () => {
    expect(masksOf({ kind: 'masks', starts: [recipe.indexOf('<!--mask')] })).toEqual([text]);
  });
  test('what lies in a range, marked or not', () => {
    const start = recipe.indexOf('Pour');
    expect(masksOf({ kind: 'ranges', ranges: [{ start, end: recipe.length }] })).toEqual([
      ['block', 'Pour it into bowls.\n'],
    ]);
    expect(masksOf({ kind: 'ranges', ranges: [{ start: 0, end: start }] })).toContainEqual(slot);
  });
});

test('marks of a range are made in a copy, and taking them out gives the document back', () => {
  const planned = plan({ kind: 'ranges', ranges: [{ start: recipe.indexOf('Pour'), end: recipe.length }] });
  if (!planned.ok) throw new Error(planned.error.message);
  const { marked, inserted } = planned.plan;
  expect(marked).not.toBe(recipe);
  const without = [...inserted]
    .reverse()
    .reduce((source, { start, end }) => source.slice(0, start) + source.slice(end), marked);
  expect(without).toBe(recipe);
});

test('masks of a range have the lines and columns of the document, not of the copy', () => {
  const planned = plan({ kind: 'ranges', ranges: [{ start: 0, end: recipe.length }] });
  if (!planned.ok) throw new Error(planned.error.message);
  const { marked, masks } = planned.plan;
  expect(marked.split('\n').length).toBeGreaterThan(recipe.split('\n').length);
  const lines = recipe.split('\n');
  const found = masks.map(({ line, column }) => lines[line - 1]!.slice(column - 1));
  expect(found).toContain('![a red tomato](mask:)');
  expect(found).toContain('Pour it into bowls.');
});

test('masks that the run is not about are context', () => {
  const planned = plan({ kind: 'text' });
  if (!planned.ok) throw new Error(planned.error.message);
  const pictures = planned.plan.segments.filter(({ kind }) => kind === 'picture') as PictureSegment[];
  expect(pictures.map(({ alt, masked }) => [alt, masked])).toEqual([
    ['a red tomato', false],
    ['the pot', false],
  ]);
});

test('new pictures get the size that is wanted, unless a slot says another', () => {
  const source = '![a](mask:)\n\n![b](mask:?size=128)\n';
  const planned = plan({ kind: 'slots' }, source, { imageSize: 512 });
  if (!planned.ok) throw new Error(planned.error.message);
  const sizes = planned.plan.segments.flatMap((segment) =>
    segment.kind === 'picture' ? [segment.size] : [],
  );
  expect(sizes).toEqual([512, 128]);
  const holes = createDocumentTasks(() => undefined).holesOfRun(planned.plan);
  expect(holes.map(({ size }) => size)).toEqual([512, 128]);
});

describe('what there can be no run for', () => {
  test.each<[string, RunScope, string, RegExp]>([
    ['no marks', { kind: 'document' }, 'Plain.', /no marks/],
    ['no slots', { kind: 'slots' }, 'Plain.', /no image slots/],
    ['no masked text', { kind: 'text' }, '![a](mask:)', /no masked text/],
    ['a mark that has gone', { kind: 'masks', starts: [3] }, 'Plain.', /not there any more/],
    ['a range of code', { kind: 'ranges', ranges: [{ start: 0, end: 12 }] }, '```\ncode\n```\n', /no text/],
  ])('%s', (_name, scope, source, message) => {
    const planned = plan(scope, source);
    expect(planned.ok ? '' : planned.error.message).toMatch(message);
  });

  test('a mark with an error, with its place', () => {
    const planned = plan({ kind: 'document' }, 'Simmer <!--mask-->for ten minutes.');
    expect(planned).toMatchObject({ ok: false, error: { line: 1, column: 8 } });
  });
});
