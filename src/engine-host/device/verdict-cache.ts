/** Verdicts on devices, kept between starts: one small file per model and device in a folder of the owner's choice. */
import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { keptVerdictSchema, type KeptVerdict, type Provider } from '../../protocol/devices.js';
import { firstLine } from '../errors.js';

/** Verdicts on one model. */
export interface VerdictCache {
  /** What was found out about `provider` on this machine as it is now. A file that is damaged, or of another time, is none. */
  read<T>(provider: Provider, schema: z.ZodMiniType<T>): Promise<T | undefined>;
  /** Keeps a verdict in place of the one before. False when it cannot be written; the log then says why. */
  write(provider: Provider, verdict: unknown): Promise<boolean>;
}

/**
 * @param folder must be there
 * @param model SHA-256 of model.json
 * @param describeMachine names what a verdict on a provider depends on besides the model
 */
export function openVerdictCache(
  folder: string,
  model: string,
  describeMachine: (provider: Provider) => string,
): VerdictCache {
  const fileOf = (provider: Provider): string => path.join(folder, `${model.slice(0, 16)}-${provider}.json`);
  return {
    read: async (provider, schema) => {
      const kept = z.safeParse(keptVerdictSchema, await readJson(fileOf(provider))).data;
      const holds =
        kept?.model === model && kept.device === provider && kept.machine === describeMachine(provider);
      return holds ? z.safeParse(schema, kept.verdict).data : undefined;
    },
    write: async (provider, verdict) => {
      const kept: KeptVerdict = {
        format: 'oneflow-verdict/1',
        model,
        device: provider,
        machine: describeMachine(provider),
        verdict,
      };
      const file = fileOf(provider);
      // Several processes may write at once: each has a file of its own, and the last one stays.
      const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
      try {
        await writeFile(temporary, `${JSON.stringify(kept)}\n`);
        await rename(temporary, file);
        return true;
      } catch (error) {
        console.error(
          `What was found out about ${provider} cannot be kept in ${folder}: ${firstLine(error)}.`,
        );
        await rm(temporary, { force: true }).catch(() => undefined);
        return false;
      }
    },
  };
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
