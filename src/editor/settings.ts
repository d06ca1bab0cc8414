import { l10n, type Uri, workspace } from 'vscode';
import type { Device } from '../protocol/devices.js';
import { defaultStrength } from '../protocol/limits.js';
import { Refusal } from './failure.js';
import { devices, isInRange, settingRanges } from './setting-values.js';

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
type SettingName = (typeof settingNames)[number];

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

/** As a settings file has them, to be shown; `checkedEngineSettings` are those to start an engine with. */
export function engineSettings(): EngineSettings {
  const settings = workspace.getConfiguration('oneflow');
  const valueOf = <T>(name: keyof EngineSettings, otherwise: T): T =>
    settings.get<T | null>(name) ?? otherwise;
  return {
    model: valueOf('model', ''),
    device: valueOf<Device>('device', 'auto'),
    threads: valueOf('threads', 0),
    nodePath: valueOf('nodePath', ''),
    unloadAfter: valueOf('unloadAfter', 10),
  };
}

/** @throws Refusal when one of them is nothing that an engine can be started with */
export function checkedEngineSettings(): EngineSettings {
  const settings = engineSettings();
  const { device, model, nodePath, threads, unloadAfter } = settings;
  if (!devices.includes(device)) {
    throw refusal('device', device, (setting, found) =>
      l10n.t('`{0}` is {1}; write one of {2}.', setting, found, devices.join(', ')),
    );
  }
  checkedPath('model', model);
  checkedPath('nodePath', nodePath);
  checkedNumber('threads', threads);
  checkedNumber('unloadAfter', unloadAfter);
  return settings;
}

/** @throws Refusal when one of them is nothing that a run can be made with */
export function runSettings(document: Uri): RunSettings {
  const settings = workspace.getConfiguration('oneflow', document);
  const numberOf = (name: keyof typeof settingRanges): number | undefined => {
    const value: unknown = settings.get(name);
    return value === undefined || value === null ? undefined : checkedNumber(name, value);
  };
  return {
    steps: numberOf('steps') || undefined,
    guidance: numberOf('guidance'),
    strength: numberOf('strength') ?? defaultStrength,
    seed: numberOf('seed'),
    imageSize: settings.get('imageSize') === 0 ? undefined : numberOf('imageSize'),
  };
}

/** Edge of new pictures, to keep room for them: undefined also where it is nothing that a run can be made with. */
export function shownImageSize(document: Uri): number | undefined {
  const size: unknown = workspace.getConfiguration('oneflow', document).get('imageSize');
  return isInRange(size, settingRanges.imageSize) ? size : undefined;
}

/**
 * Folder for new pictures, relative to the document.
 * @throws Refusal when it is no path
 */
export function imageFolder(document: Uri): string {
  const settings = workspace.getConfiguration('oneflow', document);
  return checkedPath('imageFolder', settings.get<unknown>('imageFolder') ?? 'images');
}

function checkedNumber(name: keyof typeof settingRanges, value: unknown): number {
  const range = settingRanges[name];
  if (isInRange(value, range)) return value;
  const { minimum, maximum, isInteger } = range;
  throw refusal(name, value, (setting, found) =>
    isInteger
      ? l10n.t('`{0}` is {1}; write a whole number from {2} to {3}.', setting, found, minimum, maximum)
      : l10n.t('`{0}` is {1}; write a number from {2} to {3}.', setting, found, minimum, maximum),
  );
}

function checkedPath(name: SettingName, value: unknown): string {
  if (typeof value === 'string') return value;
  throw refusal(name, value, (setting, found) =>
    l10n.t('`{0}` is {1}; write a path, in quotation marks.', setting, found),
  );
}

function refusal(
  name: SettingName,
  value: unknown,
  sentence: (setting: string, found: string) => string,
): Refusal {
  const setting = `oneflow.${name}`;
  return new Refusal(sentence(setting, JSON.stringify(value)), setting);
}
