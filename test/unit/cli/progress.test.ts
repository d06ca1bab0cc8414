import { expect, it } from 'vitest';
import type { Output } from '../../../src/cli/output.js';
import { createProgress } from '../../../src/cli/progress.js';

/** Records what a run of `passes` passes, one per second, shows; `steps` of them were planned. */
function record(passes: number, terminal: boolean, { columns = 80, steps = passes } = {}): string[] {
  const shown: string[] = [];
  const output: Output = {
    result: () => undefined,
    note: (line) => shown.push(line),
    raw: (text) => shown.push(text),
    terminal,
    columns,
  };
  let time = 0;
  const progress = createProgress(output, () => time);
  for (let pass = 1; pass <= passes; pass += 1) {
    time += 1000;
    progress.pass(pass, Math.max(pass, steps));
  }
  progress.end();
  return shown;
}

it('writes a handful of plain lines where there is no terminal', () => {
  expect(record(28, false)).toEqual([
    'pass 1 of 28',
    'pass 7 of 28, about 21 s left',
    'pass 14 of 28, about 14 s left',
    'pass 21 of 28, about 7 s left',
    'pass 28 of 28',
  ]);
});

it('draws one bar on a terminal, over itself, and wipes it at the end', () => {
  const shown = record(4, true);
  expect(shown[1]).toBe(`\r[${'#'.repeat(20)}${'.'.repeat(20)}] pass 2 of 4, about 2 s left\u001b[K`);
  expect(shown.at(-1)).toBe('\r\u001b[K');
});

it.each([36, 30, 12, 1])('keeps within a terminal of %i columns', (columns) => {
  for (const text of record(9, true, { columns, steps: 7 })) {
    expect(text.replace('\r', '').replace('\u001b[K', '').length).toBeLessThan(columns);
  }
});

it('shows the words alone where there is no room for a bar', () => {
  expect(record(9, true, { columns: 30 })[1]).toBe('\rpass 2 of 9, about 7 s left\u001b[K');
});

it('says that passes beyond the steps finish the text', () => {
  expect(record(5, false, { steps: 2 })).toEqual([
    'pass 1 of 2',
    'pass 2 of 2',
    'finishing the text (pass 3)',
    'finishing the text (pass 4)',
    'finishing the text (pass 5)',
  ]);
  expect(record(3, true, { steps: 2 })[2]).toBe(`\r[${'#'.repeat(40)}] finishing the text (pass 3)\u001b[K`);
});
