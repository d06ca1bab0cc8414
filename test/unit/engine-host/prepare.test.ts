import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadEngineModel, type EngineModel } from '../../../src/engine-host/engine-model.js';
import { prepareRun } from '../../../src/engine-host/prepare.js';
import type { SpanSegment } from '../../../src/protocol/segments.js';
import { tinyModel } from './tiny-package.js';

let model: EngineModel;
beforeAll(async () => {
  model = await loadEngineModel(tinyModel, 1);
});
afterAll(() => model.dispose());

async function excludedFrom(form: SpanSegment['form']): Promise<string> {
  const segments = [{ kind: 'span', id: 'm1', form, text: '', strength: 1 } as const];
  const { windows } = await prepareRun(model, { segments, seed: 7 }, new AbortController().signal);
  const [piece] = windows[0]!.pieces;
  if (piece?.kind !== 'span') throw new Error('The window holds the span.');
  return model.tokenizer.decode([...(piece.span.excluded ?? [])]);
}

test('an inline span and a cell take no token that breaks the line, a block may', async () => {
  expect(await excludedFrom('inline')).toMatch(/^\n+$/);
  expect(await excludedFrom('cell')).toMatch(/^\n+$/);
  expect(await excludedFrom('block')).toBe('');
});
