/** A run as the preview's page is told of it, kept as JSON: bytes are base64. */
import { readFileSync } from 'node:fs';
import type {
  PreviewDocument,
  PreviewFrame,
  PreviewRun,
  PreviewRunEnd,
} from '../../src/protocol/preview-messages.js';

export interface Recording {
  /** Before the run: what is masked. */
  readonly idle: PreviewDocument;
  readonly run: PreviewRun;
  readonly frames: readonly PreviewFrame[];
  readonly end: PreviewRunEnd;
  /** After it: what is to be reviewed. */
  readonly review: PreviewDocument;
}

export function writeRecording(recording: Recording): string {
  return JSON.stringify(recording, (_key, value: unknown) =>
    value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value,
  );
}

/** Reads one of `test/fixtures/preview`. */
export function readRecording(name: string): Recording {
  // Tests run in the folder of the repository, bundled or not.
  return JSON.parse(readFileSync(`test/fixtures/preview/${name}.json`, 'utf8'), (_key, value: unknown) =>
    isBytes(value) ? new Uint8Array(Buffer.from(value.base64, 'base64')) : value,
  ) as Recording;
}

function isBytes(value: unknown): value is { base64: string } {
  return typeof value === 'object' && value !== null && 'base64' in value && typeof value.base64 === 'string';
}
