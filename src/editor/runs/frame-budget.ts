import type { Frame } from '../../protocol/engine-messages.js';

/** Bytes that the frames of all runs may take together: some hundred runs of an ordinary document. */
const limit = 64 * 1024 * 1024;

/** How much memory the frames of past runs take, and which run has to go when it is too much. */
export class FrameBudget {
  readonly #bytes = new Map<string, number>();

  add(runId: string, frame: Frame): void {
    this.#bytes.set(runId, (this.#bytes.get(runId) ?? 0) + sizeOf(frame));
  }

  /** The runs to forget, oldest first; the newest is always kept. */
  overdue(): readonly string[] {
    let total = [...this.#bytes.values()].reduce((sum, bytes) => sum + bytes, 0);
    const gone: string[] = [];
    for (const [runId, bytes] of [...this.#bytes].slice(0, -1)) {
      if (total <= limit) break;
      total -= bytes;
      gone.push(runId);
      this.#bytes.delete(runId);
    }
    return gone;
  }
}

function sizeOf({ spans, pictures }: Frame): number {
  const text = spans.reduce((sum, span) => sum + 2 * span.text.length + 16 * span.fresh.length, 0);
  const drawn = pictures.reduce(
    (sum, { preview, latents, png }) =>
      sum + preview.rgb.byteLength + latents.byteLength + (png?.byteLength ?? 0),
    0,
  );
  return text + drawn;
}
