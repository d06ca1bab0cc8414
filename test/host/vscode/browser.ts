/** The browser that shows the workbench. It reaches this machine alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';

export interface Browser {
  readonly page: Page;
  readonly stop: () => Promise<void>;
}

export interface BrowserOptions {
  readonly executable: string;
  /** In CSS pixels. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Device pixels to a CSS pixel: more than one for sharp screenshots. */
  readonly scale?: number;
}

/** Starts the browser with a fresh profile. */
export async function startBrowser({ executable, size, scale }: BrowserOptions): Promise<Browser> {
  const profile = mkdtempSync(path.join(tmpdir(), 'oneflow-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable,
    viewport: size ?? { width: 1280, height: 800 },
    deviceScaleFactor: scale ?? 1,
    permissions: ['clipboard-read', 'clipboard-write'],
    args: [
      // Containers run as root and without the kernel features of the sandbox.
      '--no-sandbox',
      ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync'],
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
  const stop = async (): Promise<void> => {
    await context.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
  };
  return { page: context.pages()[0] ?? (await context.newPage()), stop };
}
