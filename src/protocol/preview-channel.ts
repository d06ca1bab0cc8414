/**
 * One end of the line between the preview panel's host and its page. Every message travels in an envelope with a
 * secret that is new for each page, so that nothing which gets into the page by way of a document can speak for it.
 */
import * as z from 'zod/mini';

const envelopeSchema = z.object({
  channel: z.literal('oneflow-preview'),
  secret: z.string(),
  message: z.unknown(),
});

export interface PreviewChannelOptions<Received> {
  readonly secret: string;
  /** What the other end may say. */
  readonly schema: z.ZodMiniType<Received>;
  /** Puts an envelope on the line. */
  readonly post: (envelope: unknown) => void;
  /** Takes what came in, checked. */
  readonly onMessage: (message: Received) => void;
  /** Takes one sentence on what was dropped: it never holds content of the message. */
  readonly onDropped: (reason: string) => void;
}

/** Nothing is posted before `open` is called: what is sent until then waits. After `close` nothing passes. */
export class PreviewChannel<Sent, Received> {
  readonly #options: PreviewChannelOptions<Received>;
  #waiting: Sent[] = [];
  #state: 'waiting' | 'open' | 'closed' = 'waiting';

  constructor(options: PreviewChannelOptions<Received>) {
    this.#options = options;
  }

  /** The other end listens: sends what has waited. */
  open(): void {
    if (this.#state === 'closed') return;
    this.#state = 'open';
    const waiting = this.#waiting;
    this.#waiting = [];
    waiting.forEach((message) => {
      this.send(message);
    });
  }

  /** The other end is gone for now (its page is loaded anew): what waits is out of date and goes. */
  reset(): void {
    if (this.#state !== 'closed') this.#state = 'waiting';
    this.#waiting = [];
  }

  close(): void {
    this.#state = 'closed';
    this.#waiting = [];
  }

  send(message: Sent): void {
    if (this.#state === 'waiting') this.#waiting.push(message);
    else if (this.#state === 'open') {
      this.#options.post({ channel: 'oneflow-preview', secret: this.#options.secret, message });
    }
  }

  /** Takes whatever came over the line; what is not a message of the other end is dropped. */
  receive(data: unknown): void {
    if (this.#state === 'closed') return;
    const envelope = envelopeSchema.safeParse(data);
    // A page receives messages of others too (of frames, of the browser's tools); they are none of ours.
    if (!envelope.success) return;
    if (envelope.data.secret !== this.#options.secret) {
      this.#options.onDropped('A message without the secret of this page was dropped.');
      return;
    }
    const message = this.#options.schema.safeParse(envelope.data.message);
    if (message.success) this.#options.onMessage(message.data);
    else this.#options.onDropped(`A message was dropped: ${problemOf(message.error)}.`);
  }
}

/** Which field was wrong, and how; no values. */
function problemOf(error: z.core.$ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'it is malformed';
  const field = issue.path.slice(0, 6).map(String).join('.').slice(0, 100);
  return `${field === '' ? 'it' : `its field "${field}"`} is not valid (${issue.code})`;
}
