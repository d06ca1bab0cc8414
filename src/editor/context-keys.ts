import { commands, Disposable } from 'vscode';
import type { WorkedOn } from './documents/worked-on.js';
import type { Reviews } from './review/reviews.js';
import { isOver } from './runs/run.js';
import type { Runs } from './runs/runs.js';

/** What `when` and `enablement` of package.json speak of. */
export function keepContextKeys(workedOn: WorkedOn, reviews: Reviews, runs: Runs): Disposable {
  const former = new Map<string, boolean>();
  const set = (key: string, value: boolean): void => {
    if (former.get(key) === value) return;
    former.set(key, value);
    void commands.executeCommand('setContext', key, value);
  };
  const update = (): void => {
    const document = workedOn.document?.uri;
    set('oneflow.hasHunks', document !== undefined && reviews.openHunksOf(document).length > 0);
    set(
      'oneflow.isRunning',
      runs.all.some((run) => !isOver(run)),
    );
  };
  update();
  return Disposable.from(reviews.onDidChange(update), runs.onDidChange(update), workedOn.onDidChange(update));
}
