import { describe, expect, it } from 'vitest';
import { refine, type FlowFrame, type FlowWindow } from '../../../../src/core/flow/index.js';
import {
  answering,
  CERTAIN,
  framesOf,
  geometry,
  options,
  oracle,
  picture,
  pictureWindow,
  span,
  spanWindow,
  vocabulary,
  type TextPlace,
} from './support.js';

const latents = (first: number) => Float32Array.from({ length: 12 }, (_, i) => first + i);
const tokensOf = (frame: FlowFrame | undefined, id = 'm1') => frame!.spans.find((s) => s.id === id)!.tokens;
const latentsOf = (frame: FlowFrame | undefined, id = 'm2') => [
  ...frame!.pictures.find((p) => p.id === id)!.latents,
];

describe('a growing span', () => {
  const greedy = answering({ empty: () => -CERTAIN, rate: () => 5 });

  it('doubles at most: every gap of the old text takes one token', async () => {
    const frames = await framesOf([spanWindow()], { ...options, cleanUpPasses: 0 }, greedy.denoiser);
    let before = 0;
    for (const frame of frames) {
      expect(tokensOf(frame).length).toBeLessThanOrEqual(2 * before + 1);
      before = tokensOf(frame).length;
    }
    expect(before).toBeGreaterThan(4);
  });

  it('never outgrows its maximum, and the run ends once nothing can grow', async () => {
    const frames = await framesOf([spanWindow({ max: 5 })], options, greedy.denoiser);
    expect(tokensOf(frames.at(-1))).toHaveLength(5);
    expect(frames.at(-1)).toMatchObject({ done: true, spans: [{ t: 1 }] });
    expect(frames.length).toBeLessThanOrEqual(options.steps);
  });

  it('never begins with a token that is excluded as its first, which others may be', async () => {
    const excludedFirst = new Set(Array.from({ length: 20 }, (_, i) => 8 + i));
    const frames = await framesOf([spanWindow({ excludedFirst })], options, greedy.denoiser);
    for (const frame of frames.filter((one) => tokensOf(one).length > 0)) {
      expect(tokensOf(frame)[0]).toBeGreaterThan(27);
    }
    expect(
      tokensOf(frames.at(-1))
        .slice(1)
        .some((token) => excludedFirst.has(token)),
    ).toBe(true);
  });

  it('takes a token in its last regular step even if nothing seems to be missing', async () => {
    const { denoiser } = answering({});
    const frames = await framesOf([spanWindow()], options, denoiser);
    expect(frames.slice(0, 2).map((frame) => tokensOf(frame))).toEqual([[], []]);
    expect(tokensOf(frames[2])).toHaveLength(1);
    expect(frames.map((frame) => frame.done)).toEqual([false, false, false, true]);
  });

  it('fills spans that touch, one after the other', async () => {
    const { denoiser } = answering({});
    const windows: FlowWindow[] = [
      {
        pieces: [
          { kind: 'span', span: span({ id: 'a' }) },
          { kind: 'span', span: span({ id: 'b' }) },
        ],
      },
    ];
    const last = (await framesOf(windows, options, denoiser)).at(-1);
    expect(tokensOf(last, 'a')).toHaveLength(1);
    expect(tokensOf(last, 'b')).toHaveLength(1);
  });

  it('keeps the share of its tokens that its strength leaves', async () => {
    const { denoiser, batches } = answering({});
    const tokens = Array.from({ length: 2000 }, (_, i) => 8 + (i % 20));
    await framesOf([spanWindow({ tokens, strength: 0.3, max: 5000 })], { ...options, steps: 1 }, denoiser);
    expect(batches[0]!.textLength / 2000).toBeCloseTo(0.7, 1);
  });

  it('starts with no more tokens than its maximum', async () => {
    const { denoiser } = answering({});
    const tokens = Array.from({ length: 20 }, (_, i) => 8 + i);
    const frames = await framesOf([spanWindow({ tokens, strength: 0.1, max: 6 })], options, denoiser);
    const kept = tokensOf(frames.at(-1));
    expect(kept).toHaveLength(6);
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
  });

  it('keeps its text at strength 0 and ignores it at strength 1', async () => {
    const tokens = [10, 11, 12];
    const kept = await framesOf([spanWindow({ tokens, strength: 0 })], options, greedy.denoiser);
    expect(kept).toMatchObject([{ pass: 0, passes: 0, done: true, spans: [{ t: 1, tokens }] }]);
    const filled = await framesOf([spanWindow({ tokens, strength: 1 })], options, greedy.denoiser);
    expect(filled).toEqual(await framesOf([spanWindow()], options, greedy.denoiser));
  });

  it('counts clean-up passes beyond the steps and stops after a quiet one', async () => {
    const { denoiser } = oracle(24);
    const flow = { ...options, vocabulary: { ...vocabulary, size: denoiser.vocabularySize } };
    const frames = await framesOf([spanWindow()], flow, denoiser);
    expect(tokensOf(frames.at(-1))).toHaveLength(24);
    expect(frames.at(-1)!.spans[0]!.fresh).not.toContain(true);
    expect(frames.map(({ pass }) => pass)).toEqual(frames.map((_, i) => i + 1));
    expect(frames.map(({ passes }) => passes)).toEqual(frames.map((_, i) => Math.max(i + 1, 4)));
  });

  it('runs no more clean-up passes than allowed', async () => {
    const endless = answering({ empty: () => -CERTAIN });
    const frames = await framesOf(
      [spanWindow({ max: 5000 })],
      { ...options, cleanUpPasses: 3 },
      endless.denoiser,
    );
    expect(frames).toHaveLength(7);
    expect(frames.at(-1)!.done).toBe(true);
  });
});

describe('a span of fixed length', () => {
  const { denoiser } = answering({ maskLogits: ({ at }, token) => (token === 10 + at ? CERTAIN : 0) });

  it('is complete after the steps, with exactly so many tokens and no clean-up', async () => {
    const frames = await framesOf([spanWindow({ length: 9 })], options, denoiser);
    expect(frames).toHaveLength(options.steps);
    expect(frames.every((frame) => tokensOf(frame).length === 9)).toBe(true);
    expect(tokensOf(frames.at(-1))).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19]);
    const masks = frames.map((frame) => tokensOf(frame).filter((token) => token === vocabulary.mask).length);
    expect(masks).toEqual([...masks].sort((a, b) => b - a));
  });

  it('never begins with a token that is excluded as its first', async () => {
    const excludedFirst = new Set([11]);
    const frames = await framesOf([spanWindow({ length: 9, excludedFirst })], options, denoiser);
    expect(tokensOf(frames.at(-1))[0]).not.toBe(11);
    expect(tokensOf(frames.at(-1)).slice(1)).toEqual([12, 13, 14, 15, 16, 17, 18, 19]);
  });

  it('cuts or pads the current text, and masks none of it at strength 0', async () => {
    const tokens = [20, 21, 22];
    const cut = await framesOf([spanWindow({ tokens, strength: 0, length: 2 })], options, denoiser);
    expect(tokensOf(cut.at(-1))).toEqual([20, 21]);
    const padded = await framesOf([spanWindow({ tokens, strength: 0, length: 5 })], options, denoiser);
    expect(tokensOf(padded[0]).slice(0, 3)).toEqual(tokens);
    expect(tokensOf(padded.at(-1))).toEqual([20, 21, 22, 14, 15]);
  });
});

describe('a picture', () => {
  const target = latents(5);
  const { denoiser, batches } = answering({ clean: ({ index }) => target[index % 12]! });

  it('lands on the clean prediction of the last step, and every frame shows the current one', async () => {
    const { denoiser: drifting } = answering({ clean: ({ batch, index }) => index + batch.patchTimes[0]! });
    const frames = await framesOf([pictureWindow()], options, drifting);
    expect(frames.map(({ pictures }) => pictures[0]!.t)).toEqual([0.25, 0.5, 0.75, 1]);
    frames.forEach((frame, step) => {
      expect(latentsOf(frame)).toEqual([...Float32Array.from({ length: 12 }, (_, i) => i + step / 4)]);
    });
    expect(frames.at(-1)!.done).toBe(true);
  });

  it('moves on the straight line from its noise to the clean picture', async () => {
    batches.length = 0;
    await framesOf([pictureWindow()], options, denoiser);
    const noise = batches[0]!.patches;
    batches.forEach(({ patches }, step) => {
      patches.forEach((value, i) => {
        expect(value).toBeCloseTo((step / 4) * target[i]! + (1 - step / 4) * noise[i]!, 5);
      });
    });
  });

  it('has its own time, from 1 − strength to 1', async () => {
    const windows = [
      pictureWindow({ id: 'a', strength: 1 }),
      pictureWindow({ id: 'b', strength: 0.5, latents: latents(0) }),
      pictureWindow({ id: 'c', strength: 0, latents: latents(3) }),
    ];
    const frames = await framesOf(windows, { ...options, steps: 2 }, denoiser);
    expect(frames.map(({ pictures }) => pictures.map(({ t }) => t))).toEqual([
      [0.5, 0.75, 1],
      [1, 1, 1],
    ]);
    expect(latentsOf(frames.at(-1), 'a')).toEqual([...target]);
    expect(latentsOf(frames.at(-1), 'b')).toEqual([...target]);
    expect(latentsOf(frames.at(-1), 'c')).toEqual([...latents(3)]);
  });

  it('ignores its latents at strength 1', async () => {
    batches.length = 0;
    await framesOf([pictureWindow({ latents: latents(900) })], options, denoiser);
    await framesOf([pictureWindow()], options, denoiser);
    expect(batches[0]).toEqual(batches[options.steps]);
  });

  it('goes on to its end while text that is complete waits for it, and no pass longer', async () => {
    const windows: FlowWindow[] = [
      {
        pieces: [
          { kind: 'span', span: span() },
          { kind: 'picture', picture: picture() },
        ],
      },
    ];
    const complete = answering({ empty: () => CERTAIN });
    const frames = await framesOf(windows, { ...options, steps: 10 }, complete.denoiser);
    expect(frames).toHaveLength(10);
    const alone = await framesOf([spanWindow()], { ...options, steps: 10 }, complete.denoiser);
    expect(alone).toHaveLength(9);
  });

  it('is clean context in clean-up passes', async () => {
    const windows: FlowWindow[] = [
      {
        pieces: [
          { kind: 'span', span: span() },
          { kind: 'picture', picture: picture() },
        ],
      },
    ];
    // Something is missing until the picture is clean.
    const isClean = ({ batch }: TextPlace) => batch.patchTimes.every((time) => time === 1);
    const both = answering({
      empty: (place) => (isClean(place) ? CERTAIN : -CERTAIN),
      clean: ({ index }) => target[index % 12]!,
    });
    await framesOf(windows, options, both.denoiser);
    expect(both.batches).toHaveLength(options.steps + 1);
    expect([...both.batches.at(-1)!.patchTimes]).toEqual([1, 1, 1, 1]);
    expect([...both.batches.at(-1)!.patches]).toEqual([...target]);
  });

  it('is not among the frames when it is context', async () => {
    const windows: FlowWindow[] = [
      {
        pieces: [
          { kind: 'picture', picture: picture({ masked: false, latents: latents(0) }) },
          { kind: 'span', span: span() },
        ],
      },
    ];
    expect((await framesOf(windows, options, denoiser)).at(-1)!.pictures).toEqual([]);
  });
});

describe('a run', () => {
  const { denoiser } = answering({
    empty: ({ at }) => Math.sin(at),
    rate: () => 2,
    gapLogits: ({ token }, other) => Math.cos(token * other),
    clean: ({ index }) => index,
  });
  const windows = (seed: number): FlowWindow[] => [spanWindow({ seed }), pictureWindow({ seed })];

  it('is the same for the same seed and another for another', async () => {
    const frames = await framesOf(windows(1), options, denoiser);
    expect(await framesOf(windows(1), options, denoiser)).toEqual(frames);
    expect(tokensOf((await framesOf(windows(2), options, denoiser)).at(-1))).not.toEqual(
      tokensOf(frames.at(-1)),
    );
  });

  it('draws the same numbers for a span whatever else is refined', async () => {
    // Answers that depend on nothing but the token: what a span gets is then a matter of its random numbers alone.
    const local = answering({
      empty: ({ token }) => Math.sin(token),
      rate: () => 2,
      gapLogits: ({ token }, other) => Math.cos(token * other),
    });
    const alone = await framesOf([spanWindow()], options, local.denoiser);
    const others = [
      spanWindow({ id: 'x' }),
      pictureWindow(),
      spanWindow(),
      spanWindow({ id: 'y', length: 4 }),
    ];
    const together = await framesOf(others, options, local.denoiser);
    expect(tokensOf(together[options.steps - 1])).toEqual(tokensOf(alone[options.steps - 1]));
    expect(tokensOf(together[options.steps - 1], 'x')).not.toEqual(tokensOf(together[options.steps - 1]));
  });

  it('guides a picture by its sequence without context', async () => {
    const guided = answering({ clean: ({ batch, patch }) => (batch.patchSequences[patch] === 0n ? 2 : 1) });
    const frames = await framesOf([pictureWindow({ guidance: 3 })], options, guided.denoiser);
    expect(latentsOf(frames.at(-1))).toEqual(Array(12).fill(1 + 3 * (2 - 1)));
    expect(guided.batches).toHaveLength(options.steps);
  });

  it('guides a span by its sequence without context', async () => {
    const inContext = ({ batch, at }: { batch: { tokenSequences: BigInt64Array }; at: number }) =>
      batch.tokenSequences[at] === 0n;
    const guided = answering({
      // With context token 20 leads by 1, without it by 2: at weight 3 it trails by 1.
      gapLogits: (place, token) => (token === 20 ? (inContext(place) ? 1 : 2) : token === 21 ? 0 : -CERTAIN),
    });
    const flow = { ...options, temperature: 0 };
    const plain = await framesOf([spanWindow()], flow, guided.denoiser);
    expect(tokensOf(plain.at(-1))).toEqual([20]);
    const pushed = await framesOf([spanWindow({ guidance: 3 })], flow, guided.denoiser);
    expect(tokensOf(pushed.at(-1))).toEqual([21]);
  });

  it('stops between passes when it is aborted; the last frame is the estimate', async () => {
    const controller = new AbortController();
    const counted = answering({});
    const frames: FlowFrame[] = [];
    for await (const frame of refine(
      [spanWindow()],
      { ...options, signal: controller.signal },
      counted.denoiser,
    )) {
      frames.push(frame);
      if (frame.pass === 2) controller.abort();
    }
    expect(frames.map(({ pass, done }) => [pass, done])).toEqual([
      [1, false],
      [2, false],
    ]);
    expect(counted.batches).toHaveLength(2);
  });

  it('ends without a pass when it was aborted before it began', async () => {
    const counted = answering({});
    const aborted = { ...options, signal: AbortSignal.abort() };
    expect(await framesOf([spanWindow()], aborted, counted.denoiser)).toEqual([]);
    expect(counted.batches).toEqual([]);
  });

  it('needs no pass when nothing is masked', async () => {
    const frames = await framesOf([{ pieces: [{ kind: 'context', tokens: [10] }] }], options, denoiser);
    expect(frames).toEqual([{ pass: 0, passes: 0, done: true, spans: [], pictures: [] }]);
  });
});

describe('windows', () => {
  const windowOf = (name: string): FlowWindow => ({
    pieces: [
      { kind: 'context', tokens: [9] },
      { kind: 'span', span: span({ id: `text ${name}` }) },
      { kind: 'picture', picture: picture({ id: `picture ${name}`, guidance: 2 }) },
    ],
  });
  // Answers that depend on the sequence alone, so that what it is batched with can make no difference.
  const { denoiser, batches } = answering({
    empty: ({ token, next }) => (token === 9 || next === undefined ? -1 : 3),
    rate: () => 2,
    clean: ({ batch, index }) => batch.patches[index]! / 2,
  });

  it('go through the same passes, each as it would alone', async () => {
    const windows = ['a', 'b', 'c'].map(windowOf);
    const together = await framesOf(windows, options, denoiser);
    expect(batches).toHaveLength(together.length);
    expect(batches[0]!.rows).toBe(3);
    const texts = new Set<string>();
    for (const [index, window] of windows.entries()) {
      const alone = (await framesOf([window], options, denoiser)).at(-1)!;
      const own = together.at(-1)!;
      texts.add(String(alone.spans[0]!.tokens));
      expect(own.spans[index]!.tokens).toEqual(alone.spans[0]!.tokens);
      expect(own.pictures[index]!.latents).toEqual(alone.pictures[0]!.latents);
    }
    expect(texts.size).toBe(3);
  });

  it('hold no two masks of one id', async () => {
    const windows = [windowOf('a'), windowOf('a')];
    await expect(framesOf(windows, options, denoiser)).rejects.toThrow('Two masks have the id text a');
  });
});

describe('bad input', () => {
  const { denoiser } = answering({});
  it.each<[string, FlowWindow, Partial<typeof options>]>([
    ['steps is 0', spanWindow(), { steps: 0 }],
    ['cleanUpPasses is -1', spanWindow(), { cleanUpPasses: -1 }],
    ['temperature is NaN', spanWindow(), { temperature: NaN }],
    ['topP is 0', spanWindow(), { topP: 0 }],
    ["fit the model's 32 logits", spanWindow(), { vocabulary: { ...vocabulary, size: 33 } }],
    ['Mask m1 has strength 1.5', spanWindow({ strength: 1.5 }), {}],
    ['Mask m1 has guidance -1', spanWindow({ guidance: -1 }), {}],
    ['Mask m1 has seed -1', spanWindow({ seed: -1 }), {}],
    ['Span m1 has length 0', spanWindow({ length: 0 }), {}],
    ['Span m1 may hold 0 tokens', spanWindow({ max: 0 }), {}],
    ['Token 2 of span m1', spanWindow({ tokens: [8, 2] }), {}],
    ['Token 32 of the context', { pieces: [{ kind: 'context', tokens: [32] }] }, {}],
    ['Picture m2 has no latents', pictureWindow({ strength: 0.5 }), {}],
    ['Picture m2 has no latents', pictureWindow({ masked: false }), {}],
    ['Picture m2 has 3 latents instead of 12', pictureWindow({ latents: new Float32Array(3) }), {}],
    ['not finite', pictureWindow({ latents: new Float32Array(12).fill(NaN) }), {}],
    ['Two masks have the id m1', { pieces: [spanWindow().pieces[0]!, spanWindow().pieces[0]!] }, {}],
  ])('is refused in one sentence: %s', async (message, window, change) => {
    const run = framesOf([window], { ...options, geometry, ...change }, denoiser);
    await expect(run).rejects.toThrow(RangeError);
    await expect(run).rejects.toThrow(message);
  });

  it('passes on what the denoiser throws', async () => {
    const broken = { vocabularySize: vocabulary.size, run: () => Promise.reject(new Error('no device')) };
    await expect(framesOf([spanWindow()], options, broken)).rejects.toThrow('no device');
  });
});
