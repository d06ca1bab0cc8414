import * as vscode from 'vscode';
import type { FromPreview, ToPreview } from '../../../src/protocol/preview-messages.js';
import { extension } from './extension.js';

/** The document that the preview shows, once its page listens. */
export function previewed(): string | undefined {
  return extension().exports.testing!.previewed()?.toString();
}

type Listener = (data: unknown) => void;

/** The line between the panel's host and its page, held in the hand: a test may say on it whatever a page could. */
export interface PreviewLine {
  /** What the host has sent to its page. */
  readonly sent: readonly ToPreview[];
  /** The panel of VS Code. */
  readonly panel: vscode.WebviewPanel;
  /** Says anything at all, as the page would. */
  post(data: unknown): void;
  /** Says something with the page's secret; its type may be none that there is. */
  say(message: FromPreview | { readonly type: string }): void;
}

/** Takes hold of the next panel that the extension makes; the page itself goes on as ever. */
export function holdNextPanel(): Promise<PreviewLine> {
  const window = vscode.window as { createWebviewPanel: typeof vscode.window.createWebviewPanel };
  const create = window.createWebviewPanel;
  return new Promise((resolve) => {
    window.createWebviewPanel = (...args) => {
      window.createWebviewPanel = create;
      const panel = create(...args);
      resolve(holdLine(panel));
      return panel;
    };
  });
}

function holdLine(panel: vscode.WebviewPanel): PreviewLine {
  const { webview } = panel;
  const listeners: Listener[] = [];
  const sent: ToPreview[] = [];
  const { onDidReceiveMessage } = webview;
  const postMessage = webview.postMessage.bind(webview);
  Object.defineProperties(webview, {
    onDidReceiveMessage: {
      value: (listener: Listener) => {
        listeners.push(listener);
        return onDidReceiveMessage(listener);
      },
    },
    postMessage: {
      value: (envelope: { readonly message: ToPreview }) => {
        sent.push(envelope.message);
        return postMessage(envelope);
      },
    },
  });
  const post = (data: unknown): void => {
    for (const listener of listeners) listener(data);
  };
  let isThere = true;
  panel.onDidDispose(() => {
    isThere = false;
  });
  let secret: string | undefined;
  return {
    sent,
    panel,
    post,
    say: (message) => {
      if (isThere) secret = /data-secret="([^"]+)"/.exec(webview.html)![1];
      post({ channel: 'oneflow-preview', secret, message });
    },
  };
}
