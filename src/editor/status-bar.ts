import { Disposable, l10n, StatusBarAlignment, type StatusBarItem, window, workspace } from 'vscode';
import type { WorkedOn } from './documents/worked-on.js';
import type { EngineOwner, EngineStatus } from './engine/engine-owner.js';
import { isOver, plannedPasses } from './runs/run.js';
import type { Runs } from './runs/runs.js';
import { engineSettings } from './settings.js';

/** Model, device and state, beside the language of a Markdown document. */
export function showStatus(workedOn: WorkedOn, engine: EngineOwner, runs: Runs): Disposable {
  const item = window.createStatusBarItem('oneflow.status', StatusBarAlignment.Right, 90);
  item.name = 'OneFlow';
  item.command = 'oneflow.selectDevice';
  const update = (): void => {
    describe(item, engine.status, runs);
    const isWanted = workedOn.document !== undefined || runs.all.some((run) => !isOver(run));
    if (isWanted) item.show();
    else item.hide();
  };
  update();
  return Disposable.from(
    item,
    engine.onDidChange(update),
    runs.onDidChange(update),
    runs.onFrame(update),
    workedOn.onDidChange(update),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('oneflow')) update();
    }),
    workspace.onDidGrantWorkspaceTrust(update),
  );
}

function describe(item: StatusBarItem, { state, model }: EngineStatus, runs: Runs): void {
  const active = runs.all.find((run) => run.state === 'running');
  const { device } = engineSettings();
  const name = model === undefined ? 'OneFlow' : model.name;
  const on = model === undefined ? device : model.device;
  const text = ((): string => {
    if (active !== undefined) {
      const pass = active.frames.at(-1)?.frame.pass ?? 0;
      return `$(sync~spin) ${name} ${pass}/${plannedPasses(active) ?? '?'}`;
    }
    if (state === 'starting' || state === 'loading' || state === 'trying') return `$(sync~spin) ${name}`;
    return `$(sparkle) ${name}`;
  })();
  item.text = text;
  const states = {
    stopped: l10n.t('not loaded'),
    starting: l10n.t('starting'),
    loading: l10n.t('loading the model'),
    trying: l10n.t('trying the devices of this machine, once'),
    idle: l10n.t('ready'),
    busy: l10n.t('at work'),
  };
  const stateText = workspace.isTrusted ? states[state] : l10n.t('off in Restricted Mode');
  item.tooltip = [
    l10n.t('OneFlow: {0}', stateText),
    l10n.t(
      'Model: {0}',
      model === undefined ? l10n.t('loaded by the first run') : `${model.name} ${model.version}`,
    ),
    l10n.t('Device: {0}', on),
    ...(model?.deviceNote === undefined ? [] : [model.deviceNote]),
  ].join('\n');
  item.accessibilityInformation = {
    label: l10n.t('OneFlow, {0}, {1}, {2}', name, on, stateText),
    role: 'button',
  };
}
