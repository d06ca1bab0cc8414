import { type Uri, workspace } from 'vscode';
import type { Device } from '../protocol/devices.js';

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

export function runSettings(document: Uri): RunSettings {
  const settings = workspace.getConfiguration('oneflow', document);
  return {
    steps: settings.get<number>('steps', 0) || undefined,
    guidance: settings.get<number | null>('guidance', null) ?? undefined,
    strength: settings.get('strength', 0.6),
    seed: settings.get<number | null>('seed', null) ?? undefined,
    imageSize: settings.get<number>('imageSize', 0) || undefined,
  };
}

/** Folder for new pictures, relative to the document. */
export function imageFolder(document: Uri): string {
  return workspace.getConfiguration('oneflow', document).get('imageFolder', 'images');
}
