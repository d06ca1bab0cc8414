import { env, l10n, version, window, workspace } from 'vscode';
import { settingNames } from '../settings.js';
import type { Command } from './command.js';

/** Everything that a report of a fault should hold, and nothing of any document. */
export const copyDiagnostics: Command = {
  id: 'oneflow.copyDiagnostics',
  run: async ({ version: ownVersion, engine }) => {
    const { model, state } = engine.status;
    const settings = workspace.getConfiguration('oneflow');
    const lines = [
      `OneFlow ${ownVersion}`,
      `VS Code ${version}, ${env.appHost}, ${process.platform} ${process.arch}, Node.js ${process.versions.node}`,
      `Engine: ${state}`,
      model
        ? `Model: ${model.name} ${model.version} (${model.sha256}), ${model.device}, ${model.threads} threads, loaded in ${model.loadSeconds.toFixed(2)} s${model.deviceNote ? `; ${model.deviceNote}` : ''}`
        : 'Model: none loaded',
      `Trusted workspace: ${workspace.isTrusted ? 'yes' : 'no'}`,
      // Paths tell of people: whether they are set is enough.
      ...settingNames.map((name) => `oneflow.${name}: ${shown(name, settings.get(name))}`),
    ];
    await env.clipboard.writeText(`${lines.join('\n')}\n`);
    window.setStatusBarMessage(l10n.t('OneFlow: diagnostics copied.'), 5000);
  },
};

function shown(name: string, value: unknown): string {
  const isPath = name === 'model' || name === 'nodePath';
  if (isPath) return value === '' ? 'not set' : 'set';
  return JSON.stringify(value);
}
