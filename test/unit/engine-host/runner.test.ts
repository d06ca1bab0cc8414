import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadEngineModel, type EngineModel } from '../../../src/engine-host/engine-model.js';
import { drawPictures, runRefine } from '../../../src/engine-host/runner.js';
import type { Frame, RefineRequest, RefineResult } from '../../../src/protocol/engine-messages.js';
import type { PictureSegment, Segment, SpanSegment } from '../../../src/protocol/segments.js';
import { temporaryFolder, tinyModel } from './tiny-package.js';

let model: EngineModel;
beforeAll(async () => {
  model = await loadEngineModel(tinyModel, 1);
});
afterAll(() => model.dispose());

const text = (content: string): Segment => ({ kind: 'text', text: content });
const span = (id: string, more: Partial<SpanSegment> = {}): SpanSegment => ({
  kind: 'span',
  id,
  form: 'inline',
  text: '',
  strength: 1,
  ...more,
});
const picture = (id: string, more: Partial<PictureSegment> = {}): PictureSegment => ({
  kind: 'picture',
  id,
  alt: 'a red tomato',
  masked: true,
  strength: 1,
  ...more,
});
const recipe: Segment[] = [
  text('# Soup\n\nSimmer'),
  span('m1'),
  text('.\n\n![a red tomato]('),
  picture('m2'),
  text(')\n'),
];

async function run(
  segments: Segment[],
  more: Partial<RefineRequest> = {},
  signal = new AbortController().signal,
): Promise<RefineResult & { frames: Frame[] }> {
  const frames: Frame[] = [];
  const onFrame = (frame: Frame): void => void frames.push(frame);
  const result = await runRefine(model, { segments, seed: 7, ...more }, { signal, onFrame });
  return { ...result, frames };
}

/** A result without what differs from run to run: times. */
const lasting = ({ spans, pictures, forwardPasses, frames }: Awaited<ReturnType<typeof run>>) => ({
  spans,
  pictures,
  forwardPasses,
  frames,
});

test('text and pictures are refined in the same passes, with a frame after each', async () => {
  const result = await run(recipe);
  expect(result).toMatchObject({ interrupted: false, steps: 6, warnings: [] });
  expect(result.forwardPasses).toBe(result.frames.length);
  expect(result.forwardPasses).toBeGreaterThanOrEqual(6);
  expect(result.forwardPasses).toBeLessThanOrEqual(8);
  expect(result.frames.map(({ pass }) => pass)).toEqual(result.frames.map((_, index) => index + 1));
  for (const frame of result.frames) {
    expect(frame.spans.map(({ id }) => id)).toEqual(['m1']);
    expect(frame.pictures.map(({ id }) => id)).toEqual(['m2']);
    expect(frame.pictures[0]!.preview).toMatchObject({ width: 4, height: 4 });
    expect(frame.pictures[0]!.preview.rgb).toHaveLength(4 * 4 * 3);
  }
  expect(result.spans[0]!.text.trim()).not.toBe('');
  expect(result.spans[0]!.text).toBe(result.frames.at(-1)!.spans[0]!.text);
});

test('what is new in a frame is marked by ranges of its text', async () => {
  const { frames } = await run(recipe);
  const written = frames
    .flatMap(({ spans }) => spans)
    .flatMap(({ text: now, fresh }) => fresh.map((range) => now.slice(...range)));
  expect(written.length).toBeGreaterThan(0);
  expect(written.every((piece) => piece.length > 0)).toBe(true);
});

test('a picture is written at the size of the model or of its mark, with its provenance', async () => {
  const other = [
    text('![a house]('),
    picture('m3', { alt: 'a house', size: 16, style: 'line', seed: 9 }),
    text(')'),
  ];
  const result = await run([...recipe, ...other], { steps: 3 });
  const written = await Promise.all(
    result.pictures.map(async ({ id, png, width, height }) => {
      const metadata = await sharp(png).metadata();
      expect([metadata.width, metadata.height]).toEqual([width, height]);
      return [id, width, JSON.parse(metadata.comments![0]!.text) as unknown];
    }),
  );
  const made = { model: 'tiny-model', version: '1.0.0', steps: 3 };
  expect(written).toEqual([
    ['m2', 32, { ...made, seed: 7, prompt: 'a red tomato', style: 'flat' }],
    ['m3', 16, { ...made, seed: 9, prompt: 'a house', style: 'line' }],
  ]);
});

describe('random numbers', () => {
  test('the same request gives the same bytes', async () => {
    expect(lasting(await run(recipe))).toEqual(lasting(await run(recipe)));
  });

  test('another seed gives another text and another picture', async () => {
    const [one, two] = [await run(recipe), await run(recipe, { seed: 8 })];
    expect(two.spans).not.toEqual(one.spans);
    expect(two.pictures).not.toEqual(one.pictures);
  });

  test("a mask's seed beats the run's", async () => {
    const own = recipe.map((segment) => (segment.kind === 'text' ? segment : { ...segment, seed: 7 }));
    expect((await run(own, { seed: 8 })).spans).toEqual((await run(recipe)).spans);
  });
});

test('a span of fixed length has that many tokens', async () => {
  const { spans } = await run([text('Simmer'), span('m1', { length: 9 }), text('.')]);
  expect(spans[0]!.tokens).toBe(9);
});

test.each<[name: string, more: Partial<SpanSegment>, most: number]>([
  ['of whole blocks as many as the model says', { form: 'block' }, 24],
  ['within a line a third of that', { form: 'inline' }, 8],
  ['in a table cell a third of that', { form: 'cell' }, 8],
  ['with a maximum no more than that', { form: 'block', max: 3 }, 3],
])('a span takes %s', async (_, more, most) => {
  const { spans } = await run([text('Simmer'), span('m1', more), text('.')], { steps: 40 });
  expect(spans[0]!.tokens).toBe(most);
});

test('a span keeps its text where nothing is to change', async () => {
  const current = ' for ten minutes, as long as this very long span of text says it has to be';
  const { spans, forwardPasses } = await run([
    text('Simmer'),
    span('m1', { text: current, strength: 0 }),
    text('.'),
  ]);
  expect(spans[0]!.text).toBe(current);
  expect(forwardPasses).toBeLessThanOrEqual(8);
});

test('guidance changes the result: of the mask before the run before the model', async () => {
  const [plain, guided, own] = await Promise.all([
    run(recipe, { guidance: 1 }),
    run(recipe, { guidance: 5 }),
    run(
      recipe.map((segment) => (segment.kind === 'text' ? segment : { ...segment, guidance: 5 })),
      { guidance: 1 },
    ),
  ]);
  expect(guided.pictures).not.toEqual(plain.pictures);
  expect(own.pictures).toEqual(guided.pictures);
});

test('a run without masks takes no pass', async () => {
  expect(await run([text('Nothing to do.')])).toMatchObject({
    interrupted: false,
    forwardPasses: 0,
    spans: [],
    pictures: [],
  });
});

describe('pictures at hand', () => {
  async function pictureFile(background: string): Promise<string> {
    const file = path.join(await temporaryFolder(), 'soup.png');
    await sharp({ create: { width: 20, height: 20, channels: 3, background } })
      .png()
      .toFile(file);
    return file;
  }
  const around = (context: PictureSegment): Segment[] => [
    text('![soup]('),
    context,
    text(')\n\nServe'),
    span('m1'),
    text('.'),
  ];

  test('what a context picture shows counts', async () => {
    const [red, blue] = [await pictureFile('#f00'), await pictureFile('#00f')];
    const one = await run(around(picture('p1', { masked: false, file: red })));
    const two = await run(around(picture('p1', { masked: false, file: blue })));
    expect(one.warnings).toEqual([]);
    expect(one.pictures).toEqual([]);
    expect(two.spans).not.toEqual(one.spans);
  });

  test('one that cannot be read is left out with a warning', async () => {
    const missing = path.join(await temporaryFolder(), 'none.png');
    const result = await run(around(picture('p1', { masked: false, file: missing })));
    expect(result.warnings).toEqual([
      `The picture ${missing} was left out: there is no such file; the model knows it by its alt text alone.`,
    ]);
    const without = await run([text('![soup]()\n\nServe'), span('m1'), text('.')]);
    expect(result.spans).toEqual(without.spans);
  });

  test('a masked one is where the drawing starts', async () => {
    const file = await pictureFile('#f00');
    const untouched = await run([picture('m1', { file, strength: 0, size: 16 })]);
    const drawn = await run([picture('m1', { file, strength: 1, size: 16 })]);
    expect(untouched.pictures).not.toEqual(drawn.pictures);
    expect(drawn.pictures).toEqual((await run([picture('m1', { size: 16 })])).pictures);
  });

  test('a masked one that cannot be read is drawn from nothing, with a warning', async () => {
    const file = path.join(await temporaryFolder(), 'soup.svg');
    await writeFile(file, '<svg xmlns="http://www.w3.org/2000/svg"/>');
    const result = await run([picture('m1', { file, strength: 0.5 })]);
    expect(result.warnings).toEqual([
      `The picture ${file} was left out: it is no PNG, JPEG or WebP picture; it is drawn from nothing.`,
    ]);
    expect(result.pictures).toHaveLength(1);
  });
});

describe('stopping', () => {
  test('before the first pass leaves nothing', async () => {
    const result = await run(recipe, {}, AbortSignal.abort());
    expect(result).toMatchObject({
      interrupted: true,
      forwardPasses: 0,
      spans: [],
      pictures: [],
      frames: [],
    });
  });

  test('after a pass leaves the estimate of that pass, pictures drawn', async () => {
    const stop = new AbortController();
    const frames: Frame[] = [];
    const result = await runRefine(
      model,
      { segments: recipe, seed: 7, steps: 20 },
      {
        signal: stop.signal,
        onFrame: (frame) => {
          frames.push(frame);
          if (frames.length === 3) stop.abort();
        },
      },
    );
    expect(result).toMatchObject({ interrupted: true, forwardPasses: 3 });
    expect(result.spans[0]!.text).toBe(frames[2]!.spans[0]!.text);
    expect((await sharp(result.pictures[0]!.png).metadata()).width).toBe(32);
  });

  test('after the last pass changes nothing', async () => {
    const stop = new AbortController();
    const whole = await run(recipe);
    const result = await runRefine(
      model,
      { segments: recipe, seed: 7 },
      {
        signal: stop.signal,
        onFrame: ({ pass }) => {
          if (pass === whole.forwardPasses) stop.abort();
        },
      },
    );
    expect(result).toMatchObject({ interrupted: false, spans: whole.spans, pictures: whole.pictures });
  });
});

describe('a document that the model cannot take', () => {
  test.each<[name: string, segment: Segment, message: string]>([
    ['an unknown style', picture('m9', { style: 'oil' }), 'The model has no style "oil"; it has flat, line.'],
    [
      'an unknown size',
      picture('m9', { size: 17 }),
      'The model writes no pictures of size 17; it writes 16, 32, 256.',
    ],
    ['an id twice', span('m1'), 'Two segments have the id "m1"; every id must be its own.'],
  ])('%s is an error', async (_, segment, message) => {
    const about = segment.kind === 'text' ? undefined : segment.id;
    const expected = { code: 'bad-document', message, segment: about };
    await expect(run([...recipe, segment])).rejects.toMatchObject(expected);
  });

  test('a span longer than the context is an error', async () => {
    await expect(run([text('Simmer'), span('m1', { length: 5000 })])).rejects.toMatchObject({
      code: 'bad-document',
      segment: 'm1',
    });
  });
});

test('a document longer than the context is cut into windows that share the passes', async () => {
  const filler = text('\n\nStir the soup slowly and taste it now and then. '.repeat(12));
  const result = await run([
    text('# Soup\n\nSimmer'),
    span('m1'),
    filler,
    filler,
    text('Serve'),
    span('m2'),
    text('.'),
  ]);
  expect(result.spans.map(({ id }) => id)).toEqual(['m1', 'm2']);
  expect(result.forwardPasses).toBeLessThanOrEqual(8);
});

describe('pictures of a pass', () => {
  test('those of the last frame are drawn as those of the result', async () => {
    const { pictures, frames, steps } = await run(recipe);
    const segment = recipe[3] as PictureSegment;
    const shown = frames.at(-1)!.pictures.map(({ latents }) => ({ segment, latents }));
    expect(await drawPictures(model, { pictures: shown, seed: 7, steps })).toEqual(pictures);
  });

  test('latents of another model are refused', async () => {
    const pictures = [{ segment: recipe[3] as PictureSegment, latents: new Float32Array(3) }];
    await expect(drawPictures(model, { pictures, seed: 7, steps: 4 })).rejects.toThrow(/from another model/);
  });

  test('are decoded now and then when asked for, and change nothing else', async () => {
    const { frames, pictures } = await run(recipe, { steps: 4, decodeEvery: 2 });
    const decoded = frames.map((frame) => frame.pictures[0]!.png !== undefined);
    expect(decoded.slice(0, 3)).toEqual([false, true, false]);
    // The result has them.
    expect(decoded.at(-1)).toBe(false);
    const { width } = await sharp(frames[1]!.pictures[0]!.png).metadata();
    expect(width).toBe(model.manifest.image.size);
    expect(pictures).toEqual((await run(recipe, { steps: 4 })).pictures);
  });
});
