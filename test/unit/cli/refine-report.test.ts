import { expect, it } from 'vitest';
import { emptyMasks, placeChanges } from '../../../src/cli/changes.js';
import { refineReport } from '../../../src/cli/refine-report.js';
import { applyResults, parseDocument, type SegmentResult } from '../../../src/core/document/index.js';
import { cliRefineSchema } from '../../../src/protocol/cli-output.js';

const source = `Salt <!--mask-->it<!--/mask-->.

<!--mask-->
One.

![a pot](mask:)

Two.
<!--/mask-->

Add <!--mask--><!--/mask-->.
`;

it('reports each mask as it stands in the refined document, a slot inside a span apart from it', () => {
  const parsed = parseDocument(source);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const { document } = parsed;
  const results = new Map<string, SegmentResult>([
    ['m1', { text: ' it well' }],
    ['m2', { text: 'Eins.' }],
    ['m3', { destination: 'images/a-pot.png' }],
    ['m2.2', { text: 'Zwei.\n\nDrei.' }],
    ['m4', { text: 'salt' }],
  ]);
  const text = applyResults(document, results);
  const changes = placeChanges(document, results);
  expect(changes.map(({ maskId, start, end }) => [maskId, text.slice(start, end)])).toEqual([
    ['m1', 'it well'],
    ['m2', 'Eins.\n\n![a pot](images/a-pot.png)\n\nZwei.\n\nDrei.\n'],
    ['m4', 'salt'],
  ]);

  const png = new Uint8Array();
  const place = {
    path: '/a-pot.png',
    file: 'images/a-pot.png',
    destination: 'images/a-pot.png',
    replace: false,
  };
  const picture = { id: 'm3', png, width: 256, height: 256 };
  const report = refineReport(
    'in.md',
    'out.md',
    {
      masks: document.masks,
      request: { segments: [], seed: 7 },
      model: {
        name: 'm',
        version: '1',
        sha256: 'a'.repeat(64),
        device: 'cpu',
        threads: 1,
        loadSeconds: 0.5,
        styles: [],
        sizes: [],
        defaults: { steps: 2, guidance: { text: 1, image: 1 } },
      },
      result: {
        interrupted: false,
        device: 'cpu',
        forwardPasses: 2,
        steps: 2,
        seconds: { refine: 1, decode: 0.1 },
        spans: [...results.keys()].filter((id) => id !== 'm3').map((id) => ({ id, text: '', tokens: 3 })),
        pictures: [picture],
        warnings: [],
      },
      placed: [{ picture, place }],
      text,
      changes,
    },
    [],
  );
  expect(cliRefineSchema.parse(report).masks).toEqual([
    { id: 'm1', kind: 'text', line: 1, column: 6, before: 'it', after: 'it well', tokens: 3 },
    {
      id: 'm2',
      kind: 'text',
      line: 3,
      column: 1,
      before: expect.stringContaining('![a pot](mask:)') as string,
      after: 'Eins.\n\n![a pot](images/a-pot.png)\n\nZwei.\n\nDrei.',
      tokens: 6,
    },
    {
      id: 'm3',
      kind: 'image',
      line: 6,
      column: 1,
      before: '',
      file: 'images/a-pot.png',
      width: 256,
      height: 256,
    },
    { id: 'm4', kind: 'text', line: 11, column: 5, before: '', after: 'salt', tokens: 3 },
  ]);
});

it('knows the masks that came out without words', () => {
  const parsed = parseDocument(
    '| a |\n|---|\n| <!--mask-->x<!--/mask--> |\n\nGo <!--mask-->home<!--/mask-->.\n\n> <!--mask-->\n> y\n> <!--/mask-->\n\n![z](mask:)\n',
  );
  if (!parsed.ok) throw new Error(parsed.error.message);
  const { document } = parsed;
  const emptyAfter = (first: string, second: string, third: string): readonly string[] => {
    const results = new Map([
      ['m1', { text: first }],
      ['m2', { text: second }],
      ['m3', { text: third }],
      ['m4', { destination: 'z.png' }],
    ]);
    return emptyMasks(document, applyResults(document, results), placeChanges(document, results)).map(
      ({ id, line, column }) => `${id} ${line}:${column}`,
    );
  };
  expect(emptyAfter('one', ' two', 'three')).toEqual([]);
  expect(emptyAfter('', '', '')).toEqual(['m1 3:3', 'm2 5:4', 'm3 7:3']);
  expect(emptyAfter('one', ' ', '- \n- ')).toEqual(['m2 5:4', 'm3 7:3']);
});
