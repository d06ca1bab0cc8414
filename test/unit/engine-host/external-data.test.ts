import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { hasExternalData } from '../../../src/engine-host/external-data.js';
import { badGraph, tinyModel } from './tiny-package.js';

test.each(['denoiser', 'encoder', 'decoder'])('a whole %s has none', async (name) => {
  expect(hasExternalData(await readFile(path.join(tinyModel, `${name}.onnx`)))).toBe(false);
});

test.each(['external-beside', 'external-in-cwd', 'external-in-attribute'])('%s has some', async (name) => {
  expect(hasExternalData(await readFile(badGraph(name)))).toBe(true);
});

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

test.each([
  ['in an initializer', '3a 04 2a 02 7001', true], // model.graph { initializer { data_location: EXTERNAL } }
  ['in an initializer, by its key alone', '3a 04 2a 02 6a00', true],
  ['in a sparse initializer', '3a 06 7a 04 0a 02 7001', true],
  ['in a function', 'ca01 08 3a 06 2a 04 2a 02 7001', true],
  ['in training information', 'a201 06 0a 04 2a 02 7001', true],
  ['in a second graph field, which protobuf merges', '3a 00 3a 04 2a 02 7001', true],
  ['nowhere, where the location is the default', '3a 04 2a 02 7000', false],
  ['nowhere, where the same bytes are a name', '3a 04 12 02 7001', false],
])('data %s', (_, hex, expected) => {
  expect(hasExternalData(bytes(hex))).toBe(expected);
});

test.each([
  ['a field that goes beyond the end', '3a 05 2a', 'it ends within a field'],
  ['a number without an end', '3a ff', 'it ends within a number'],
  ['a number of more than ten bytes', `70 ${'ff '.repeat(10)}01`, 'a number in it is too long'],
  ['a wire type that does not exist', '3f', 'it is no protobuf message'],
  // Tag 2³² + 0x3a: cut to 32 bits it would be the graph.
  ['a field number of more than 32 bits', 'ba 80 80 80 10 00', 'a field number in it is too large'],
])('%s is refused', (_, hex, message) => {
  expect(() => hasExternalData(bytes(hex))).toThrow(message);
});
