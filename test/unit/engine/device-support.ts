/** What tests of devices share: engines with a log, drivers to be found or not, and what is kept of them. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { Engine, type EngineOptions } from '../../../src/engine/index.js';
import { keptVerdictSchema, type KeptVerdict } from '../../../src/protocol/devices.js';
import type { RefineRequest } from '../../../src/protocol/engine-messages.js';
import { tinyModel, type Bundle } from './host-bundle.js';
import { soup } from './soup.js';

export const shortRequest: RefineRequest = {
  seed: 7,
  steps: 4,
  segments: soup,
};

export type LoggedEngine = Engine & { readonly log: readonly string[] };

/** An engine with the tiny model that goes when the test is over. */
export async function startEngine(
  { hostPath }: Bundle,
  options: Partial<EngineOptions>,
): Promise<LoggedEngine> {
  const log: string[] = [];
  const engine = await Engine.start({
    hostPath,
    modelDirectory: tinyModel,
    device: 'auto',
    log: (line) => log.push(line),
    ...options,
  });
  onTestFinished(() => engine.dispose());
  return Object.assign(engine, { log });
}

/** Sets what the processes to come find their drivers by, until `vi.unstubAllEnvs`. */
export function useDrivers(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

/** The files in the cache about a device. */
export async function keptFiles(folder: string, device: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(`-${device}.json`));
  return names.map((name) => path.join(folder, name));
}

/** The one file in the cache about a device. */
export async function keptFile(folder: string, device: string): Promise<string> {
  const [file, ...others] = await keptFiles(folder, device);
  expect(others).toEqual([]);
  return file!;
}

export async function readKept(file: string): Promise<KeptVerdict> {
  return keptVerdictSchema.parse(JSON.parse(await readFile(file, 'utf8')));
}
