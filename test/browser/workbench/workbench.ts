/** Drives a real workbench as a user does: by what is seen, with mouse and keyboard. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { startBrowser, type Browser, type BrowserOptions } from '../../host/vscode/browser.js';
import { hostEnvironment } from '../../host/vscode/environment.js';
import { startServer, type Server } from '../../host/vscode/server.js';
import { workbenchUrl } from '../../host/vscode/workbench-url.js';
import { installExtension } from './extensions.js';

export interface WorkbenchSetUp extends Pick<BrowserOptions, 'size' | 'scale'> {
  /** The extension's package. */
  readonly vsix: string;
  /** Folder whose copy is opened. */
  readonly workspace: string;
  /** Folder for screenshots. */
  readonly screenshots: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Ask whether the workspace is trusted, as a fresh installation does. */
  readonly workspaceTrust?: boolean;
  /** Settings of the workspace itself, which is then opened by a `.code-workspace` file that holds them. */
  readonly workspaceSettings?: Readonly<Record<string, unknown>>;
  /** Folder of an extension that is there, too. */
  readonly otherExtension?: string;
}

/** Milliseconds that an action of the workbench itself may take on a busy machine. */
const patience = 60_000;

export class Workbench {
  private constructor(
    readonly page: Page,
    /** The copy of the workspace that is open. */
    readonly workspace: string,
    /** Where the extension is installed. */
    readonly extensionsDir: string,
    private readonly screenshots: string,
    private readonly folder: string,
    private readonly server: Server,
    private readonly browser: Browser,
  ) {}

  /** A clean profile with the extension installed, and the workspace open. `dispose` must be called. */
  static async open(setUp: WorkbenchSetUp): Promise<Workbench> {
    const environment = hostEnvironment();
    const folder = mkdtempSync(path.join(tmpdir(), 'oneflow-workbench-'));
    const workspace = path.join(folder, path.basename(setUp.workspace));
    const extensionsDir = path.join(folder, 'extensions');
    cpSync(setUp.workspace, workspace, { recursive: true });
    mkdirSync(setUp.screenshots, { recursive: true });
    const { workspaceSettings, otherExtension } = setUp;
    const workspaceFile = path.join(folder, 'test.code-workspace');
    if (workspaceSettings !== undefined) {
      const content = { folders: [{ path: path.basename(workspace) }], settings: workspaceSettings };
      writeFileSync(workspaceFile, JSON.stringify(content));
    }
    // The first installation takes along what is there.
    if (otherExtension !== undefined) {
      cpSync(otherExtension, path.join(extensionsDir, path.basename(otherExtension)), { recursive: true });
    }
    await installExtension(environment, setUp.vsix, extensionsDir);
    const server = await startServer({
      environment,
      extensionsDir,
      userDataDir: path.join(folder, 'user'),
      settings: setUp.settings ?? {},
      workspaceTrust: setUp.workspaceTrust ?? false,
    });
    const browser = await startBrowser({ ...setUp, executable: environment.chromium });
    browser.page.setDefaultTimeout(patience);
    const workbench = new Workbench(
      browser.page,
      workspace,
      extensionsDir,
      setUp.screenshots,
      folder,
      server,
      browser,
    );
    const opened = workspaceSettings === undefined ? workspace : workspaceFile;
    await browser.page.goto(workbenchUrl(server, { workspace: opened }), { waitUntil: 'commit' });
    await workbench.#isUp();
    return workbench;
  }

  async dispose(): Promise<void> {
    await this.browser.stop();
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Runs a command of the palette, such as `OneFlow: Fill Image Placeholders`. */
  async command(title: string): Promise<void> {
    await this.#pick('F1', `>${title}`, title);
  }

  /** Titles that the palette offers for what is typed. */
  async offered(typed: string): Promise<string[]> {
    await this.#ask('F1', `>${typed}`);
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    await rows.first().waitFor();
    const titles = await rows.locator('.label-name').allInnerTexts();
    await this.page.keyboard.press('Escape');
    return titles;
  }

  /** Opens a file of the workspace by its name. */
  async openFile(name: string): Promise<void> {
    await this.#pick('Control+P', name, name);
    await this.tab(name).waitFor();
    await this.page.locator('.editor-instance .view-line').first().waitFor();
  }

  /** Puts the cursor at a place of the active editor; line and column are 1-based. */
  async goTo(line: number, column = 1): Promise<void> {
    const input = await this.#ask('Control+G', `:${line},${column}`);
    await this.#chosen()
      .filter({ hasText: String(line) })
      .waitFor();
    await input.press('Enter');
    await input.waitFor({ state: 'hidden' });
  }

  /** Saves the active editor, and gives what the file of that name then holds. */
  async saved(name: string): Promise<string> {
    const unsaved = this.page.locator('.tabs-container .tab.dirty', { hasText: path.basename(name) });
    const isSaved = async (): Promise<boolean> => {
      // Once more for an edit that came after the key.
      await this.page.keyboard.press('Control+S');
      return (await unsaved.count()) === 0;
    };
    await this.until(isSaved, `${name} to be saved`);
    return readFileSync(path.join(this.workspace, name), 'utf8');
  }

  /** Saves the active editor until the file of that name holds what `isRight` is true for; gives it. */
  async savedAs(name: string, isRight: (text: string) => boolean): Promise<string> {
    let text = '';
    const look = async (): Promise<boolean> => {
      text = await this.saved(name);
      return isRight(text);
    };
    await this.until(look, `${name} to be saved as it should`);
    return text;
  }

  /** Puts the focus into the active editor, where the keyboard's undo belongs. */
  async focusEditor(): Promise<void> {
    await this.command('View: Focus Active Editor Group');
  }

  /** Waits for what no locator can wait for. */
  async until(look: () => Promise<boolean>, what: string, limit = patience): Promise<void> {
    const end = performance.now() + limit;
    while (!(await look())) {
      if (performance.now() > end) throw new Error(`Waited ${limit / 1000} s for ${what}.`);
      await this.page.waitForTimeout(100);
    }
  }

  /** Reloads the window and waits until it is up again. */
  async reload(): Promise<void> {
    await this.page.reload({ waitUntil: 'commit' });
    await this.#isUp();
  }

  tab(name: string): Locator {
    return this.page.locator('.tabs-container .tab', { hasText: name }).first();
  }

  /** Actions above lines of code, by their title. */
  codeLens(title: string): Locator {
    return this.page.locator('.codelens-decoration a', { hasText: title });
  }

  /** Rows of the tree of one view, by their text. */
  treeRow(text: string | RegExp): Locator {
    return this.page.locator('.pane-body .monaco-list-row', { hasText: text });
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item', { hasText: text });
  }

  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item', { hasText: text });
  }

  /** The document of the extension's webview, in this window unless another is named. */
  webview(window = this.page): FrameLocator {
    return window
      .locator('iframe.webview.ready[src*="extensionId=oneflow.oneflow"]')
      .first()
      .contentFrame()
      .frameLocator('iframe#active-frame');
  }

  /** Processes of the installed extension's engine, by their numbers. */
  engineProcesses(): number[] {
    return processes()
      .filter(({ line }) => line.includes('engine-host.cjs') && line.includes(this.folder))
      .map(({ pid }) => pid);
  }

  parentOf(pid: number): number {
    const found = processes().find((one) => one.pid === pid);
    if (found === undefined) throw new Error(`There is no process ${pid}.`);
    return found.parent;
  }

  /** Writes a picture of the whole window; returns its path. */
  async screenshot(name: string): Promise<string> {
    const file = path.join(this.screenshots, `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  /**
   * Opens a quick pick, types, and takes the entry with this name. Enter takes the entry that has the focus, and a slow
   * workbench lists what was typed some time later: until then the focus is on another one.
   */
  async #pick(key: string, typed: string, name: string): Promise<void> {
    const named = { has: this.page.getByText(name, { exact: true }) };
    const isTaken = async (): Promise<boolean> => {
      try {
        const input = await this.#ask(key, typed);
        await this.page
          .locator('.quick-input-list .monaco-list-row')
          .filter(named)
          .first()
          .waitFor({ timeout: 5000 });
        // Others that hold the same words may stand above it: `Close All Editors` above `Close Editor`.
        const isChosen = async (): Promise<boolean> => {
          if ((await this.#chosen().filter(named).count()) > 0) return true;
          await input.press('ArrowDown');
          return false;
        };
        await this.until(isChosen, `${name} to have the focus`, 10_000);
        await input.press('Enter');
        return true;
      } catch {
        // It lists what there was when it was opened: a command that comes later takes another look.
        await this.page.keyboard.press('Escape');
        return false;
      }
    };
    await this.until(isTaken, `${name} to be offered`);
  }

  /** Opens a quick pick by its key, and types into it. */
  async #ask(key: string, typed: string): Promise<Locator> {
    await this.page.keyboard.press(key);
    const input = this.page.locator('.quick-input-box input').first();
    // A key that comes while the focus moves may be lost.
    await input.fill(typed, { timeout: 10_000 });
    return input;
  }

  /** The entry of the quick pick that Enter takes. */
  #chosen(): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row.focused');
  }

  async #isUp(): Promise<void> {
    const isUp = async (): Promise<boolean> => {
      try {
        await this.page.locator('.monaco-workbench .statusbar').waitFor({ timeout: 20_000 });
        // The palette and the open files answer from now on.
        await this.page
          .locator('.monaco-workbench .explorer-viewlet .monaco-list-row')
          .first()
          .waitFor({ timeout: 20_000 });
        return true;
      } catch {
        // Seen on a busy machine: a workbench that came without its files, and stayed so.
        await this.page.reload({ waitUntil: 'commit' });
        return false;
      }
    };
    await this.until(isUp, 'the workbench to show its files');
  }
}

function processes(): { pid: number; parent: number; line: string }[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.map((line) => {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    return { pid: pid ?? 0, parent: parent ?? 0, line };
  });
}
