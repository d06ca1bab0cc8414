import { CodeLens, Disposable, EventEmitter, l10n, languages, Range } from 'vscode';
import type { HunkArgument } from '../command-arguments.js';
import type { Reviews } from './reviews.js';

/** Accept · Reject · Again · Compare above every hunk that is to be decided. */
export function provideHunkLenses(reviews: Reviews): Disposable {
  const changed = new EventEmitter<void>();
  return Disposable.from(
    changed,
    reviews.onDidChange(() => {
      changed.fire();
    }),
    languages.registerCodeLensProvider(
      { language: 'markdown' },
      {
        onDidChangeCodeLenses: changed.event,
        provideCodeLenses: (document) => {
          const hunks = reviews.openHunksOf(document.uri);
          return hunks.flatMap(({ id, place, state }) => {
            const start = document.positionAt(place.start);
            const lens = (title: string, command: string): CodeLens =>
              new CodeLens(new Range(start, start), {
                title,
                command: `oneflow.${command}`,
                arguments: [{ uri: document.uri.toString(), hunk: id } satisfies HunkArgument],
              });
            const reject = lens(l10n.t('$(close) Reject'), 'rejectHunk');
            if (state !== 'pending') return [reject];
            return [
              lens(l10n.t('$(check) Accept'), 'acceptHunk'),
              reject,
              lens(l10n.t('$(refresh) Again'), 'regenerateHunk'),
              lens(l10n.t('Compare'), 'compareHunk'),
            ];
          });
        },
      },
    ),
  );
}
