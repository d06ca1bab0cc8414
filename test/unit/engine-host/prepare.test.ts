import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadEngineModel, type EngineModel } from '../../../src/engine-host/engine-model.js';
import { prepareRun } from '../../../src/engine-host/prepare.js';
import type { Segment, SpanSegment } from '../../../src/protocol/segments.js';
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

test('a masked picture keeps the tokens of its own link, unless its alt text is being written', async () => {
  const picture = { kind: 'picture', id: 'm2', alt: 'a red tomato', masked: true, strength: 1 } as const;
  const alt = { kind: 'span', id: 'm1', form: 'inline', text: '', strength: 1 } as const;
  const slotAfter = async (...before: Segment[]) => {
    const segments: Segment[] = [...before, picture, { kind: 'text', text: ')\n' }];
    const { windows } = await prepareRun(model, { segments, seed: 7 }, new AbortController().signal);
    const piece = windows[0]!.pieces.find(({ kind }) => kind === 'picture');
    if (piece?.kind !== 'picture') throw new Error('The window holds the picture.');
    const { slot } = piece.picture;
    return slot && [slot.before, slot.after].map((tokens) => model.tokenizer.decode([...tokens]));
  };
  const link = (text: string) => ({ kind: 'text', text }) as const;
  expect(await slotAfter(link('![soup](soup.png)\n\n![a red tomato]('))).toEqual(['![a red tomato](', ')']);
  expect(await slotAfter(link('![soup](soup.png)\n\n!['), alt, link(']('))).toBeUndefined();
  expect(await slotAfter(link('!['), alt, link(' tomato]('))).toBeUndefined();
});

test('a span that no window holds is refused by its id', async () => {
  const long = { kind: 'span', id: 'm2.2', form: 'inline', text: ' soup'.repeat(999), strength: 1 } as const;
  const request = { segments: [long], seed: 7 };
  await expect(prepareRun(model, request, new AbortController().signal)).rejects.toMatchObject({
    code: 'bad-document',
    segment: 'm2.2',
    message: expect.stringMatching(/^This text has \d+ tokens/) as string,
  });
});

test('a maximum beyond the window leaves room for context', async () => {
  const open = { kind: 'span', id: 'm1', form: 'inline', text: '', strength: 1, max: 100_000 } as const;
  const request = { segments: [open], seed: 7 };
  const { windows } = await prepareRun(model, request, new AbortController().signal);
  const window = model.manifest.contextLength - 1;
  expect(windows[0]!.pieces).toMatchObject([{ span: { max: Math.floor(window * 0.75) } }]);
});
