import { l10n, type Uri, workspace } from 'vscode';
import type { Device } from '../protocol/devices.js';
import { Refusal } from './failure.js';
import { isInRange, settingRanges } from './setting-values.js';

/** The names of `oneflow.*` in the order of package.json. */
export const settingNames = [
  'model',
  'device',
  'threads',
  'nodePath',
  'unloadAfter',
  'steps',
  'guidance',
  'strength',
  'seed',
  'imageFolder',
  'imageSize',
] as const;

/** What the engine is started with. */
export interface EngineSettings {
  /** Absolute path of a model package; '' is the embedded one. */
  readonly model: string;
  readonly device: Device;
  /** 0: the engine chooses. */
  readonly threads: number;
  /** '': none is named. */
  readonly nodePath: string;
  /** Minutes; 0: never. */
  readonly unloadAfter: number;
}

/** What a run of one document is made with; what is undefined is the model's choice. */
export interface RunSettings {
  readonly steps: number | undefined;
  readonly guidance: number | undefined;
  readonly strength: number;
  readonly seed: number | undefined;
  readonly imageSize: number | undefined;
}

export function engineSettings(): EngineSettings {
  const settings = workspace.getConfiguration('oneflow');
  return {
    model: settings.get('model', ''),
    device: settings.get<Device>('device', 'auto'),
    threads: settings.get('threads', 0),
    nodePath: settings.get('nodePath', ''),
    unloadAfter: settings.get('unloadAfter', 10),
  };
}

/** @throws Refusal when one of them is nothing that a run can be made with */
export function runSettings(document: Uri): RunSettings {
  const settings = workspace.getConfiguration('oneflow', document);
  const numberOf = (name: keyof typeof settingRanges): number | undefined => {
    const value: unknown = settings.get(name);
    if (value === undefined || value === null) return undefined;
    const range = settingRanges[name];
    if (isInRange(value, range)) return value;
    const { minimum, maximum, isInteger } = range;
    const [setting, found] = [`oneflow.${name}`, JSON.stringify(value)];
    throw new Refusal(
      isInteger
        ? l10n.t('`{0}` is {1}; write a whole number from {2} to {3}.', setting, found, minimum, maximum)
        : l10n.t('`{0}` is {1}; write a number from {2} to {3}.', setting, found, minimum, maximum),
      setting,
    );
  };
  return {
    steps: numberOf('steps') || undefined,
    guidance: numberOf('guidance'),
    strength: numberOf('strength') ?? 0.6,
    seed: numberOf('seed'),
    imageSize: settings.get('imageSize') === 0 ? undefined : numberOf('imageSize'),
  };
}

/** Folder for new pictures, relative to the document. */
export function imageFolder(document: Uri): string {
  return workspace.getConfiguration('oneflow', document).get('imageFolder', 'images');
}
