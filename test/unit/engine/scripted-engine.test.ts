import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../../src/engine/index.js';
import { recordingFromJson, recordingToJson } from '../../../src/engine/recording.js';
import { ScriptedEngine } from '../../../src/engine/scripted-engine.js';
import type { Frame } from '../../../src/protocol/engine-messages.js';
import { failure, request } from './support.js';

const file = path.resolve('test/fixtures/engine/recordings/tomato-soup.json');
const json = readFileSync(file, 'utf8');
const recording = recordingFromJson(json);

describe('the scripted engine', () => {
  test('answers a run with what was recorded, under the names of the request', async () => {
    const frames: Frame[] = [];
    const result = await new ScriptedEngine({ recording }).refine(request, {
      onFrame: (frame) => frames.push(frame),
    });
    expect(frames).toHaveLength(recording.frames.length);
    expect(result.spans).toEqual([{ ...recording.result.spans[0], id: 'm1' }]);
    expect(result.pictures).toEqual([{ ...recording.result.pictures[0], id: 'm2' }]);
    expect(frames.at(-1)?.spans.map(({ id }) => id)).toEqual(['m1']);
  });

  test('starts from the first span again when the request has more than were recorded', async () => {
    const many = Array.from({ length: recording.result.spans.length + 1 }, (_, index) => ({
      ...{ kind: 'span' as const, form: 'inline' as const, text: '', strength: 1 },
      id: `s${index}`,
    }));
    const { spans } = await new ScriptedEngine({ recording }).refine({ segments: many, seed: 1 });
    expect(spans.at(-1)?.text).toBe(spans[0]?.text);
  });

  test('keeps the estimate of the last frame when it is cancelled', async () => {
    const stop = new AbortController();
    const engine = new ScriptedEngine({
      recording,
      beforeFrame: (frame) => {
        if (frame === 3) stop.abort();
      },
    });
    const result = await engine.refine(request, { signal: stop.signal });
    expect(result).toMatchObject({ interrupted: true, forwardPasses: 2 });
    expect(result.spans[0]?.text).toBe(recording.frames[1]?.spans[0]?.text);
  });

  test('is not interrupted by a cancel that comes with the last frame', async () => {
    const stop = new AbortController();
    let shown = 0;
    const result = await new ScriptedEngine({ recording }).refine(request, {
      signal: stop.signal,
      onFrame: () => {
        shown += 1;
        if (shown === recording.frames.length) stop.abort();
      },
    });
    expect(result.interrupted).toBe(false);
    expect(result.spans).toEqual([{ ...recording.result.spans[0], id: 'm1' }]);
  });

  test('fails a run as its test wants, and goes on with the next', async () => {
    let asked = 0;
    const engine = new ScriptedEngine({
      recording,
      beforeFrame: () => {
        asked += 1;
        if (asked === 1) throw new EngineError('engine-died', 'The engine process ended unexpectedly.');
      },
    });
    expect((await failure(engine.refine(request))).code).toBe('engine-died');
    expect((await engine.refine(request)).interrupted).toBe(false);
  });

  test('works on one run after the other', async () => {
    const order: string[] = [];
    const engine = new ScriptedEngine({ recording });
    await Promise.all(
      ['first', 'second'].map((name) => engine.refine(request, { onFrame: () => order.push(name) })),
    );
    expect(order).toEqual([...order].sort());
  });
});

describe('a recording', () => {
  test('is the same after it was written and read', () => {
    expect(recordingToJson(recording)).toBe(json.trimEnd());
    expect(recording.frames[0]?.pictures[0]?.latents).toBeInstanceOf(Float32Array);
  });
});
