import {
  ConfigurationTarget,
  l10n,
  ProgressLocation,
  type QuickPickItem,
  QuickPickItemKind,
  window,
  workspace,
} from 'vscode';
import type { DeviceReport } from '../../protocol/devices.js';
import type { EngineOwner } from '../engine/engine-owner.js';
import { engineSettings } from '../settings.js';
import type { Command } from './command.js';

interface DeviceItem extends QuickPickItem {
  /** Undefined for what is no device: the item that tries them all again, and the line above it. */
  readonly device?: string;
}

/**
 * Asks which of this machine's devices to use; what was not tried yet is tried first. What was found out is kept, so
 * that the author may have it found out anew: a driver was mended, say.
 */
export const selectDevice: Command = {
  id: 'oneflow.selectDevice',
  run: async ({ engine }) => {
    let choice = await choose(engine.use((open) => open.devices({ afresh: false })));
    while (choice !== undefined && choice.device === undefined) choice = await choose(tryAgain(engine));
    if (choice !== undefined) {
      await workspace.getConfiguration('oneflow').update('device', choice.device, ConfigurationTarget.Global);
    }
  },
};

async function choose(report: Promise<DeviceReport>): Promise<DeviceItem | undefined> {
  const { device: current } = engineSettings();
  const items: Promise<DeviceItem[]> = report.then((found) => itemsOf(found, current));
  const choice = await window.showQuickPick(items, {
    title: l10n.t('OneFlow: Select Device'),
    placeHolder: l10n.t('What the model runs on'),
  });
  await report;
  return choice;
}

/** Tries every device, whatever was found out before; the next run goes by what comes of it. */
async function tryAgain(engine: EngineOwner): Promise<DeviceReport> {
  const report = await window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('OneFlow: trying all devices') },
    () => engine.use((open) => open.devices({ afresh: true })),
  );
  engine.renew();
  return report;
}

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
    { label: '', kind: QuickPickItemKind.Separator },
    {
      label: l10n.t('$(refresh) Try all devices again'),
      detail: l10n.t('After a change of drivers or hardware, say; this may take a minute'),
    },
  ];
}
