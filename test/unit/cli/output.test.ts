import { afterEach, expect, it, vi } from 'vitest';
import { processOutput } from '../../../src/cli/output.js';

const { isTTY } = process.stderr;
afterEach(() => {
  process.stderr.isTTY = isTTY;
  vi.unstubAllEnvs();
});

it.each([
  ['xterm-256color', true],
  ['dumb', false],
])('with TERM=%s takes overwriting a line for possible: %s', (term, expected) => {
  process.stderr.isTTY = true;
  vi.stubEnv('TERM', term);
  expect(processOutput().terminal).toBe(expected);
});
