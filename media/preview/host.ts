/** The page's end of the line to the extension. */
import { PreviewChannel } from '../../src/protocol/preview-channel.js';
import { type FromPreview, type ToPreview, toPreviewSchema } from '../../src/protocol/preview-messages.js';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

export interface Host {
  send(message: FromPreview): void;
  /** What the page kept when it was last shown; unchecked. */
  readonly state: unknown;
  keep(state: unknown): void;
}

/** Takes the secret out of the page, so that nothing else finds it, and listens. */
export function connect(onMessage: (message: ToPreview) => void): Host {
  const api = acquireVsCodeApi();
  const secret = document.documentElement.dataset['secret'] ?? '';
  delete document.documentElement.dataset['secret'];
  const channel = new PreviewChannel<FromPreview, ToPreview>({
    secret,
    schema: toPreviewSchema,
    post: (envelope) => {
      api.postMessage(envelope);
    },
    onMessage,
    onDropped: (reason) => {
      console.warn(reason);
    },
  });
  channel.open();
  window.addEventListener('message', (event) => {
    channel.receive(event.data);
  });
  return {
    send: (message) => {
      channel.send(message);
    },
    state: api.getState(),
    keep: (state) => {
      api.setState(state);
    },
  };
}
