/** A run as the engine reported it, kept to be replayed. */
import type { Frame, LoadedModel, RefineResult } from '../protocol/engine-messages.js';

export interface Recording {
  readonly model: LoadedModel;
  readonly frames: readonly Frame[];
  readonly result: RefineResult;
}

/** As JSON, with bytes and latents in Base64. */
export function recordingToJson(recording: Recording): string {
  return JSON.stringify(recording, (_key, value: unknown) => {
    if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
    if (!(value instanceof Float32Array)) return value;
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return { floats: bytes.toString('base64') };
  });
}

export function recordingFromJson(json: string): Recording {
  return JSON.parse(json, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    if ('bytes' in value) return new Uint8Array(Buffer.from(value.bytes as string, 'base64'));
    if ('floats' in value) return floatsOf(Buffer.from(value.floats as string, 'base64'));
    return value;
  }) as Recording;
}

/** A copy: the floats in a buffer of Node's pool need not be aligned. */
function floatsOf(bytes: Buffer): Float32Array {
  return new Float32Array(new Uint8Array(bytes).buffer);
}
