/** The preview's page on its own in a browser, with a host that the test plays. */
import { existsSync, readFileSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { pageHtml } from '../../src/editor/preview/page-html.js';
import type { FromPreview, ToPreview } from '../../src/protocol/preview-messages.js';
import { previewStrings } from '../../src/protocol/preview-strings.js';
import { type ThemeName, themes } from './themes.js';

const chromePath = process.env['CHROME_PATH'] ?? '/usr/bin/chromium';
/** Why the tests of this folder cannot run here, if they cannot. */
export const noBrowser = existsSync(chromePath)
  ? undefined
  : `No browser at ${chromePath}: install Debian's "chromium" or set CHROME_PATH to one.`;
if (noBrowser !== undefined) console.warn(noBrowser);

const origin = 'https://preview.test';
export const secret = 'secret-of-the-page';
// Tests run in the folder of the repository, bundled or not.
const built = (name: string): string => readFileSync(`out/browser/${name}`, 'utf8');
const examplePicture = 'media/lesson.png';

export async function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: chromePath, args: ['--no-sandbox', '--disable-gpu'] });
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: ThemeName;
  readonly reducedMotion?: boolean;
  readonly settings?: Partial<Extract<ToPreview, { type: 'settings' }>>;
}

export const settings: Extract<ToPreview, { type: 'settings' }> = {
  type: 'settings',
  strings: { ...previewStrings },
  locale: 'en',
  allowRemotePictures: false,
  lessonPicture: `${origin}/lesson.png`,
  font: { family: '"Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif', size: 14, lineHeight: 1.6 },
};

/** What the page does in a webview, and what it asks of the outside. */
export class PreviewPageDriver {
  readonly #received: FromPreview[] = [];
  /** Addresses that the page asked for and that are none of its own files. */
  readonly requests: string[] = [];
  /** Errors of scripts, and dialogs: there must be none. */
  readonly faults: string[] = [];

  private constructor(readonly page: Page) {}

  static async open(browser: Browser, options: PageOptions = {}): Promise<PreviewPageDriver> {
    const { width = 640, height = 800, theme = 'light', reducedMotion = false } = options;
    const context = await browser.newContext({
      viewport: { width, height },
      reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    });
    const driver = new PreviewPageDriver(await context.newPage());
    await driver.#prepare(theme, options);
    await driver.page.goto(`${origin}/`);
    await driver.#begin(options);
    return driver;
  }

  /** What happens when the panel is hidden and shown again, or the window is reloaded: the page begins anew. */
  async reload(options: PageOptions = {}): Promise<void> {
    this.clearReceived();
    await this.page.reload();
    await this.#begin(options);
  }

  async #begin(options: PageOptions): Promise<void> {
    await this.waitFor('ready');
    await this.send({ ...settings, ...options.settings });
    await this.page.waitForSelector('.header');
  }

  /** What the page has said so far. */
  get received(): readonly FromPreview[] {
    return this.#received;
  }

  async send(...messages: readonly ToPreview[]): Promise<void> {
    for (const message of messages) await this.post({ channel: 'oneflow-preview', secret, message });
  }

  /** The JSON that `receiveJson` in the page takes for a message. */
  envelope(message: ToPreview): string {
    return encode({ channel: 'oneflow-preview', secret, message });
  }

  /** Anything at all, as a window message. */
  async post(data: unknown): Promise<void> {
    await this.page.evaluate((json) => {
      (window as unknown as { receiveJson(json: string): void }).receiveJson(json);
    }, encode(data));
  }

  /** The next message of a type, or one that has come already. */
  async waitFor<Type extends FromPreview['type']>(type: Type): Promise<Extract<FromPreview, { type: Type }>> {
    const end = Date.now() + 15_000;
    for (;;) {
      const found = this.#received.find((message) => message.type === type);
      if (found) return found as Extract<FromPreview, { type: Type }>;
      if (Date.now() > end) throw new Error(`The page never said "${type}".`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  clearReceived(): void {
    this.#received.length = 0;
  }

  /** Waits until what was sent is on the screen. */
  async painted(): Promise<void> {
    await this.page.evaluate(
      () =>
        new Promise((resolve) => {
          // The page paints at most fifteen times a second.
          setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(resolve)), 80);
        }),
    );
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  async #prepare(theme: ThemeName, { settings: changed }: PageOptions): Promise<void> {
    const { page } = this;
    page.on('pageerror', (error) => this.faults.push(error.message));
    page.on('dialog', (dialog) => {
      this.faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.exposeFunction('hostReceives', (json: string) => {
      const envelope = JSON.parse(json) as { secret: string; message: FromPreview };
      if (envelope.secret !== secret) this.faults.push('The page spoke without its secret.');
      this.#received.push(envelope.message);
    });
    await page.addInitScript({ content: webviewScript(theme) });
    const html = pageHtml({
      scriptUri: `${origin}/preview.js`,
      styleUri: `${origin}/preview.css`,
      cspSource: origin,
      nonce: 'nonce-of-the-page',
      secret,
      remotePictures: changed?.allowRemotePictures ?? false,
      notStarted: 'The preview could not be started.',
    });
    const files: Readonly<Record<string, { contentType: string; body: string | Buffer }>> = {
      '/': { contentType: 'text/html', body: html },
      '/preview.js': { contentType: 'text/javascript', body: built('preview.js') },
      '/preview.css': { contentType: 'text/css', body: built('preview.css') },
      '/lesson.png': { contentType: 'image/png', body: readFileSync(examplePicture) },
    };
    await page.route('**/*', async (route) => {
      const url = new URL(route.request().url());
      const file = url.origin === origin ? files[url.pathname] : undefined;
      if (file) {
        await route.fulfill(file);
      } else {
        this.requests.push(url.href);
        await route.abort();
      }
    });
  }
}

/** What VS Code puts into a webview: its API, and the theme's colours. */
function webviewScript(theme: ThemeName): string {
  const { bodyClass, variables } = themes[theme];
  return `
    window.receiveJson = (json) => {
      const data = JSON.parse(json, (key, value) =>
        value && typeof value.base64 === 'string' && Object.keys(value).length === 1
          ? Uint8Array.from(atob(value.base64), (character) => character.charCodeAt(0))
          : value,
      );
      window.dispatchEvent(new MessageEvent('message', { data }));
    };
    window.acquireVsCodeApi = () => ({
      postMessage: (message) => void window.hostReceives(JSON.stringify(message)),
      getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
      setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
    });
    document.addEventListener('DOMContentLoaded', () => {
      document.body.classList.add(...${JSON.stringify(bodyClass)});
      for (const [name, value] of Object.entries(${JSON.stringify(variables)})) {
        document.documentElement.style.setProperty('--vscode-' + name, value);
      }
    });
    window.shift = { sum: 0, longest: 0 };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift.sum += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.shift.longest = Math.max(window.shift.longest, entry.duration);
    }).observe({ type: 'longtask', buffered: true });
  `;
}

function encode(data: unknown): string {
  return JSON.stringify(data, (_key, value: unknown) =>
    value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value,
  );
}
