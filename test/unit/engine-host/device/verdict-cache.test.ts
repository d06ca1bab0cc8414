import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openVerdictCache } from '../../../../src/engine-host/device/verdict-cache.js';
import { gpuVerdictSchema, type GpuVerdict } from '../../../../src/protocol/devices.js';
import { temporaryFolder } from '../tiny-package.js';

const model = 'a'.repeat(64);
const right: GpuVerdict = { usable: true, maxAbsoluteError: 1e-5, milliseconds: 4, cpuMilliseconds: 20 };
const none: GpuVerdict = { usable: false, problem: 'unavailable', detail: 'no adapter' };

test('a verdict is found again by whoever opens the same folder', async () => {
  const folder = await temporaryFolder();
  expect(await openVerdictCache(folder, model, () => 'this').write('webgpu', right)).toBe(true);
  const again = openVerdictCache(folder, model, () => 'this');
  expect(await again.read('webgpu', gpuVerdictSchema)).toEqual(right);
  expect(await again.read('cuda', gpuVerdictSchema)).toBeUndefined();
  expect(await again.write('webgpu', none)).toBe(true);
  expect(await again.read('webgpu', gpuVerdictSchema)).toEqual(none);
});

test('a verdict does not hold for another model', async () => {
  const folder = await temporaryFolder();
  await openVerdictCache(folder, model, () => 'this').write('webgpu', right);
  // The same file name, since that has only the beginning of the hash.
  const kin = openVerdictCache(folder, `${'a'.repeat(63)}b`, () => 'this');
  expect(await kin.read('webgpu', gpuVerdictSchema)).toBeUndefined();
});

test('two machines with one folder, or one with two drivers, do not forget what the other found', async () => {
  const folder = await temporaryFolder();
  const [one, other] = [
    openVerdictCache(folder, model, () => 'driver 1'),
    openVerdictCache(folder, model, () => 'driver 2'),
  ];
  await one.write('webgpu', right);
  await other.write('webgpu', none);
  expect(await one.read('webgpu', gpuVerdictSchema)).toEqual(right);
  expect(await other.read('webgpu', gpuVerdictSchema)).toEqual(none);
});

test('the folder never holds more than a hundred verdicts: those written last, and what is not ours', async () => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'notes.json'), '{}');
  const cacheOf = (n: number) => openVerdictCache(folder, model, () => `driver ${n}`);
  for (let n = 0; n < 101; n += 1) {
    const before = new Set(await readdir(folder));
    await cacheOf(n).write('webgpu', right);
    const written = (await readdir(folder)).find((name) => !before.has(name))!;
    await utimes(path.join(folder, written), n, n);
  }
  // A write that was cut off long ago.
  const leftover = `${model.slice(0, 16)}-00000000-webgpu.json.0123456789ab.tmp`;
  await writeFile(path.join(folder, leftover), '');
  await utimes(path.join(folder, leftover), 0, 0);
  await cacheOf(101).write('webgpu', right);
  const names = await readdir(folder);
  expect(names).toHaveLength(101);
  expect(names).toContain('notes.json');
  expect(names).not.toContain(leftover);
  expect(await cacheOf(1).read('webgpu', gpuVerdictSchema)).toBeUndefined();
  for (const n of [2, 101]) expect(await cacheOf(n).read('webgpu', gpuVerdictSchema)).toEqual(right);
});

describe('what is not a verdict is none', () => {
  test.each([
    ['an empty file', () => ''],
    ['half a file', (text: string) => text.slice(0, text.length / 2)],
    ['zeros', (text: string) => '\0'.repeat(text.length)],
    ['another format', (text: string) => text.replace('oneflow-verdict/1', 'oneflow-verdict/2')],
    ['a verdict with a field of another kind', (text: string) => text.replace(':20}', ':"20"}')],
  ])('%s', async (_, spoil) => {
    const folder = await temporaryFolder();
    const cache = openVerdictCache(folder, model, () => 'this');
    await cache.write('webgpu', right);
    const [name] = await readdir(folder);
    const file = path.join(folder, name!);
    const spoiled = spoil(await readFile(file, 'utf8'));
    expect(spoiled).not.toBe(await readFile(file, 'utf8'));
    await writeFile(file, spoiled);
    expect(await cache.read('webgpu', gpuVerdictSchema)).toBeUndefined();
    expect(await cache.write('webgpu', right)).toBe(true);
    expect(await cache.read('webgpu', gpuVerdictSchema)).toEqual(right);
  });
});

test('writers at the same time leave one whole verdict and nothing else', async () => {
  const folder = await temporaryFolder();
  const cache = openVerdictCache(folder, model, () => 'this');
  const writes = Array.from({ length: 20 }, (_, n) => cache.write('webgpu', { ...right, milliseconds: n }));
  expect(await Promise.all(writes)).not.toContain(false);
  expect(await readdir(folder)).toHaveLength(1);
  expect(await cache.read('webgpu', gpuVerdictSchema)).toMatchObject({ usable: true, cpuMilliseconds: 20 });
});

test('what cannot be written is said to be not kept', async () => {
  const folder = path.join(await temporaryFolder(), 'missing');
  expect(await openVerdictCache(folder, model, () => 'this').write('webgpu', right)).toBe(false);
});
