import { ConfigurationTarget, l10n, type QuickPickItem, window, workspace } from 'vscode';
import { engineSettings } from '../settings.js';
import type { Command } from './command.js';

/** The embedded model, or the folder of another package. What it is worth, its loading tells. */
export const selectModel: Command = {
  id: 'oneflow.selectModel',
  run: async ({ engine }) => {
    const { model } = engineSettings();
    const embedded: QuickPickItem = {
      label: 'oneflow-mini',
      detail: l10n.t('Ships with OneFlow'),
      ...(model === '' && { description: l10n.t('current') }),
    };
    const other: QuickPickItem = {
      label: l10n.t('Choose a folder…'),
      detail: model === '' ? l10n.t('A model package: a folder with model.json') : model,
      ...(model !== '' && { description: l10n.t('current') }),
    };
    const choice = await window.showQuickPick([embedded, other], { title: l10n.t('OneFlow: Select Model') });
    if (choice === undefined) return;
    const folder = choice === embedded ? '' : await chooseFolder();
    if (folder === undefined) return;
    await workspace.getConfiguration('oneflow').update('model', folder, ConfigurationTarget.Global);
    // Loading it tells at once whether it can be used.
    await engine.use(({ model: { name, version } }) => {
      window.setStatusBarMessage(l10n.t('OneFlow: {0} {1} is loaded.', name, version), 5000);
      return Promise.resolve();
    });
  },
};

async function chooseFolder(): Promise<string | undefined> {
  const chosen = await window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: false,
    title: l10n.t('Folder of a model package'),
  });
  return chosen?.[0]?.fsPath;
}
