import { ConfigurationTarget, l10n, type QuickPickItem, window, workspace } from 'vscode';
import type { DeviceReport } from '../../protocol/devices.js';
import { engineSettings } from '../settings.js';
import type { Command } from './command.js';

interface DeviceItem extends QuickPickItem {
  readonly device: string;
}

/** Asks which of this machine's devices to use; what was not tried yet is tried first. */
export const selectDevice: Command = {
  id: 'oneflow.selectDevice',
  run: async ({ engine }) => {
    const { device: current } = engineSettings();
    const report = engine.use((open) => open.devices({ afresh: false }));
    const items: Promise<DeviceItem[]> = report.then((found) => itemsOf(found, current));
    const choice = await window.showQuickPick(items, {
      title: l10n.t('OneFlow: Select Device'),
      placeHolder: l10n.t('What the model runs on'),
    });
    await report;
    if (choice !== undefined) {
      await workspace.getConfiguration('oneflow').update('device', choice.device, ConfigurationTarget.Global);
    }
  },
};

function itemsOf({ auto, threads, gpus }: DeviceReport, current: string): DeviceItem[] {
  const item = (device: string, detail: string): DeviceItem => ({
    device,
    label: device,
    detail,
    ...(device === current && { description: l10n.t('current') }),
  });
  return [
    item('auto', l10n.t('The fastest that gives the right numbers: {0} on this machine', auto)),
    item('cpu', l10n.t('{0} threads', threads)),
    ...gpus.map(({ provider, verdict }) =>
      item(
        provider,
        verdict.usable
          ? l10n.t(
              '{0} times the speed of the CPU',
              (verdict.cpuMilliseconds / verdict.milliseconds).toFixed(1),
            )
          : l10n.t('Cannot be used: {0}', verdict.problem),
      ),
    ),
  ];
}
