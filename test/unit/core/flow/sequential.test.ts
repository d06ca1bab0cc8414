import { describe, expect, it } from 'vitest';
import { refineSequentially, type FlowFrame, type FlowWindow } from '../../../../src/core/flow/index.js';
import type { Denoiser } from '../../../../src/core/flow/denoiser.js';
import {
  answering,
  CERTAIN,
  geometry,
  options,
  oracle,
  picture,
  pictureWindow,
  span,
  spanWindow,
  vocabulary,
} from './support.js';

async function sequentialFrames(windows: readonly FlowWindow[], denoiser: Denoiser, more = {}) {
  const frames: FlowFrame[] = [];
  for await (const frame of refineSequentially(windows, { ...options, ...more }, denoiser))
    frames.push(frame);
  return frames;
}

const tokensOf = (frame: FlowFrame | undefined, id = 'm1') => frame!.spans.find((s) => s.id === id)!.tokens;

describe('a sequential run', () => {
  it('writes a text from left to right, one token a pass, and one pass more sees that it is complete', async () => {
    // Knows the order as well: the next token is the one after the last.
    const length = 6;
    const first = vocabulary.firstTextToken;
    const following = (token: number) => (token === vocabulary.bos ? first : token + 1);
    const { denoiser } = answering({
      empty: ({ token, next }) => (following(token) === (next ?? first + length) ? CERTAIN : -CERTAIN),
      gapLogits: ({ token: left }, token) => (token === following(left) ? CERTAIN : 0),
    });
    const frames = await sequentialFrames([spanWindow()], denoiser);
    const written = Array.from({ length }, (_, i) => first + i);
    expect(frames.map((frame) => tokensOf(frame))).toEqual([
      ...written.map((_, i) => written.slice(0, i + 1)),
      written,
    ]);
    expect(frames.map(({ done }) => done)).toEqual([...written.map(() => false), true]);
  });

  it('fills the first gap that misses something where the model knows what is missing but not in which order', async () => {
    const frames = await sequentialFrames([spanWindow()], oracle(24).denoiser);
    const text = Array.from({ length: 24 }, (_, i) => vocabulary.firstTextToken + i);
    expect(tokensOf(frames.at(-1))).toEqual(text);
    expect(frames).toHaveLength(text.length + 1);
  });

  it('reveals a span of fixed length from left to right', async () => {
    const { denoiser } = answering({ maskLogits: ({ at }, token) => (token === 8 + at ? CERTAIN : 0) });
    const frames = await sequentialFrames([spanWindow({ length: 3 })], denoiser);
    const { mask } = vocabulary;
    expect(frames.map((frame) => tokensOf(frame))).toEqual([
      [9, mask, mask],
      [9, 10, mask],
      [9, 10, 11],
    ]);
  });

  it('draws each picture in steps of its own, and does not see those that are still to come', async () => {
    const { denoiser, batches } = answering({ clean: () => 1 });
    const windows: FlowWindow[] = [
      {
        pieces: ['a', 'b'].map((id) => ({ kind: 'picture', picture: picture({ id }) })),
      },
    ];
    const frames = await sequentialFrames(windows, denoiser);
    expect(frames.map(({ pass, passes }) => [pass, passes])).toEqual([
      [1, 8],
      [2, 8],
      [3, 8],
      [4, 8],
      [5, 8],
      [6, 8],
      [7, 8],
      [8, 8],
    ]);
    expect(frames[3]!.pictures.map(({ id, t }) => [id, t])).toEqual([
      ['a', 1],
      ['b', 0],
    ]);
    const perPicture = geometry.patchesPerEdge ** 2;
    expect(batches.map(({ patchLength }) => patchLength / perPicture)).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
    expect([...frames.at(-1)!.pictures[1]!.latents]).toEqual(Array.from({ length: 12 }, () => 1));
  });

  it('gives the finished text of a mask to the masks after it as context', async () => {
    const { denoiser, batches } = answering({ gapLogits: (_, token) => (token === 20 ? CERTAIN : 0) });
    const windows: FlowWindow[] = [
      {
        pieces: [
          { kind: 'span', span: span({ id: 'a', max: 1 }) },
          { kind: 'context', tokens: [15] },
          { kind: 'span', span: span({ id: 'b', max: 1 }) },
        ],
      },
    ];
    await sequentialFrames(windows, denoiser);
    expect(batches.map(({ tokens }) => [...tokens].map(Number))).toEqual([
      [1, 15],
      [1, 20, 15],
    ]);
    expect(batches.map(({ tokenOpen }) => [...tokenOpen].map(Number))).toEqual([
      [1, 0],
      [0, 0, 1],
    ]);
  });

  it('sees the texts that are still to come as the author left them, and marks as fresh only what the pass wrote', async () => {
    const { denoiser, batches } = answering({ gapLogits: (_, token) => (token === 20 ? CERTAIN : 0) });
    const windows: FlowWindow[] = [
      {
        pieces: [
          { kind: 'span', span: span({ id: 'a', max: 1 }) },
          { kind: 'context', tokens: [15] },
          { kind: 'span', span: span({ id: 'b', tokens: [16, 17], strength: 1, max: 1 }) },
        ],
      },
    ];
    const frames = await sequentialFrames(windows, denoiser);
    expect([...batches[0]!.tokens].map(Number)).toEqual([1, 15, 16, 17]);
    expect(frames.map(({ spans }) => spans.map(({ fresh }) => fresh))).toEqual([
      [[true], []],
      [[false], [true]],
    ]);
    expect(frames.map(({ passes }) => passes)).toEqual([2, 2]);
  });

  it('fills every mask, ends at an abort, and yields the input where nothing is masked', async () => {
    const { denoiser } = answering({});
    const filled = await sequentialFrames([spanWindow()], denoiser);
    expect(tokensOf(filled.at(-1))).toHaveLength(1);

    const controller = new AbortController();
    const frames: FlowFrame[] = [];
    for await (const frame of refineSequentially(
      [pictureWindow()],
      { ...options, signal: controller.signal },
      denoiser,
    )) {
      frames.push(frame);
      if (frames.length === 2) controller.abort();
    }
    expect(frames.map(({ done }) => done)).toEqual([false, false]);

    expect(await sequentialFrames([{ pieces: [{ kind: 'context', tokens: [9] }] }], denoiser)).toEqual([
      { pass: 0, passes: 0, done: true, spans: [], pictures: [] },
    ]);
  });
});
