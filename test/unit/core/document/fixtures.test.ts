/**
 * Documents with the results of a run beside them: `name.md`, `name.results.json` by segment id, `name.expected.md` after
 * accepting everything, and `name.model.txt`, the model form with spans as `[id text]` and pictures as `{id}`.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyResults, type SegmentResult } from '../../../../src/core/document/index.js';
import { modelForm, parsed } from './helpers.js';

const read = (name: string): string =>
  readFileSync(new URL(`../../../fixtures/document/${name}`, import.meta.url), 'utf8');

describe.each(['recipe', 'story'])('the document %s', (name) => {
  const source = read(`${name}.md`);
  const expected = read(`${name}.expected.md`);
  const results = new Map(
    Object.entries(JSON.parse(read(`${name}.results.json`)) as Record<string, SegmentResult>),
  );

  it('is read in model form', () => {
    expect(modelForm(source).trimEnd()).toBe(read(`${name}.model.txt`).trimEnd());
  });

  it('takes the results', () => {
    expect(applyResults(parsed(source), results)).toBe(expected);
  });

  it('takes them the same with CRLF', () => {
    const withCrlf = (text: string): string => text.replaceAll('\n', '\r\n');
    expect(applyResults(parsed(withCrlf(source)), results)).toBe(withCrlf(expected));
  });

  it('has no mask left', () => {
    expect(parsed(expected).masks).toEqual([]);
  });
});
