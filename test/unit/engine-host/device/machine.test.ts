import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { describeMachine, driverMark } from '../../../../src/engine-host/device/machine.js';
import { temporaryFolder } from '../tiny-package.js';

test('the mark of the drivers changes when one is added, replaced or removed, and not else', async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'icd.json');
  const mark = (): string => driverMark('linux', { VK_ICD_FILENAMES: file });
  const marks = [mark()];
  await writeFile(file, '{}');
  marks.push(mark());
  await utimes(file, 1, 1);
  marks.push(mark());
  expect(new Set(marks).size).toBe(3);
  expect(mark()).toBe(marks[2]);
  await rm(file);
  expect(mark()).toBe(marks[0]);
});

test('on Windows the mark changes with the drivers that are installed', async () => {
  const SystemRoot = await temporaryFolder();
  // The separators are those of Windows, so here this is one name.
  const store = `${SystemRoot}\\System32\\DriverStore\\FileRepository`;
  await mkdir(store, { recursive: true });
  const before = driverMark('win32', { SystemRoot });
  await writeFile(path.join(store, 'display.inf'), '');
  expect(driverMark('win32', { SystemRoot })).not.toBe(before);
  await rm(store, { recursive: true });
});

test('what is said of a machine names runtime and processor, and for a GPU its drivers', () => {
  expect(describeMachine('cpu')).toMatch(/^onnxruntime \d+\.\d+\.\d+, [\w-]+, .+ x \d+$/);
  expect(describeMachine('cpu', '37.2.0')).toContain(' in Electron 37.2.0, ');
  expect(describeMachine('webgpu')).toBe(`${describeMachine('cpu')}, drivers ${driverMark()}`);
});
