/**
 * Verdicts on devices, kept between starts in a folder of the owner's choice: one small file per model, machine and
 * device, so that two environments on one machine (another driver, another GPU made visible) do not forget each
 * other's.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
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

/** Files that the folder holds at most. Models and drivers come and go; those written last stay. */
const mostFiles = 100;

/** Verdicts, and what a write that was cut off has left. */
const isOurs = (name: string): boolean =>
  /^[0-9a-f]{16}-[0-9a-f]{8}-\w+\.json(\.[0-9a-f]+\.tmp)?$/.test(name);

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
  const fileOf = (provider: Provider, machine: string): string => {
    const mark = createHash('sha256').update(machine).digest('hex').slice(0, 8);
    return path.join(folder, `${model.slice(0, 16)}-${mark}-${provider}.json`);
  };
  return {
    read: async (provider, schema) => {
      const machine = describeMachine(provider);
      const kept = z.safeParse(keptVerdictSchema, await readJson(fileOf(provider, machine))).data;
      const holds = kept?.model === model && kept.device === provider && kept.machine === machine;
      return holds ? z.safeParse(schema, kept.verdict).data : undefined;
    },
    write: async (provider, verdict) => {
      const machine = describeMachine(provider);
      const kept: KeptVerdict = { format: 'oneflow-verdict/1', model, device: provider, machine, verdict };
      const file = fileOf(provider, machine);
      // Several processes may write at once: each has a file of its own, and the last one stays.
      const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
      try {
        await writeFile(temporary, `${JSON.stringify(kept)}\n`);
        await rename(temporary, file);
        await removeOldest(folder);
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

async function removeOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter(isOurs);
  if (names.length <= mostFiles) return;
  const files = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      // Another process may be tidying up as well.
      const written = await stat(file).catch(() => undefined);
      return { file, written: written?.mtimeMs ?? 0 };
    }),
  );
  files.sort((one, other) => other.written - one.written);
  for (const { file } of files.slice(mostFiles)) await rm(file, { force: true });
}
