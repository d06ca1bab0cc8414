import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Engine, type EngineOptions } from '../../../src/engine/index.js';
import type { EngineErrorValue } from '../../../src/protocol/engine-messages.js';
import { type Recording, recordingFromJson } from '../../../src/engine/recording.js';
import { ScriptedEngine, type ScriptedEngineOptions } from '../../../src/engine/scripted-engine.js';
import { extension, testing } from './extension.js';
import { until } from './until.js';

/** A run of the embedded model on the tomato soup. */
export function recording(): Recording {
  const file = path.join('test', 'fixtures', 'engine', 'recordings', 'tomato-soup.json');
  return recordingFromJson(readFileSync(path.join(extension().extensionPath, file), 'utf8'));
}

/** Lets the extension work with a scripted engine from now on; returns it. */
export async function useScriptedEngine(
  options: Partial<ScriptedEngineOptions> = {},
): Promise<ScriptedEngine> {
  const engine = new ScriptedEngine({ recording: recording(), ...options });
  await useEngine(async () => engine);
  return engine;
}

/** A run of a scripted engine that stands still before one of its frames. */
export interface HeldEngine {
  /** Resolves when a run stands there. */
  isHeld(): Promise<unknown>;
  release(): void;
}

/** Lets the extension work with a scripted engine whose next run stops before `frame`, until it is released. */
export async function useHeldEngine(frame: number): Promise<HeldEngine> {
  let release: (() => void) | undefined;
  await useScriptedEngine({
    beforeFrame: (next) => {
      if (next !== frame || release !== undefined) return undefined;
      return new Promise<void>((resolve) => (release = resolve));
    },
  });
  return {
    isHeld: () => until('the run to be held', () => release),
    release: () => {
      release!();
    },
  };
}

/** What an engine throws, for the extension to see. */
export function engineError(code: EngineErrorValue['code'], message: string): Error {
  return new (testing().EngineError)(code, message);
}

/** Lets the extension work with the model that it ships again. */
export async function useEmbeddedModel(): Promise<void> {
  await useEngine((options) => Engine.start(options));
}

/** Lets the extension work with the engines that `start` gives. */
export async function useEngine(
  start: (options: EngineOptions) => Promise<ScriptedEngine | Engine>,
): Promise<void> {
  await extension().activate();
  await testing().useEngine(start);
}
