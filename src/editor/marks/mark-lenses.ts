import { CodeLens, Disposable, EventEmitter, l10n, languages, type TextDocument, workspace } from 'vscode';
import type { MaskPlace } from '../../core/marking/places.js';
import { coverOf } from '../../core/review/index.js';
import type { PlaceArgument } from '../command-arguments.js';
import type { Analyses } from '../documents/analyses.js';
import { editorRange } from '../offsets.js';
import type { Reviews } from '../review/reviews.js';

/** Regenerate · Unmask above every mark that has no suggestion yet. */
export function provideMarkLenses(analyses: Analyses, reviews: Reviews): Disposable {
  const changed = new EventEmitter<void>();
  const change = (): void => {
    changed.fire();
  };
  return Disposable.from(
    changed,
    analyses.onDidChange(change),
    reviews.onDidChange(change),
    workspace.onDidGrantWorkspaceTrust(change),
    languages.registerCodeLensProvider(
      { language: 'markdown' },
      {
        onDidChangeCodeLenses: changed.event,
        // Until the document is read as it is now, VS Code keeps the lenses that it has.
        provideCodeLenses: async (document, token) => {
          const known = await analyses.ofNow(document, token);
          if (known === undefined) return undefined;
          const isReviewed = coverOf(reviews.openHunksOf(document.uri));
          const open = known.analysis.places.filter(({ mask }) => !isReviewed(mask.range));
          return lensesFor(document, open);
        },
      },
    ),
  );
}

function lensesFor(document: TextDocument, places: readonly MaskPlace[]): CodeLens[] {
  const perLine = new Map<number, MaskPlace[]>();
  for (const place of places) {
    const { line } = document.positionAt(place.extent.start);
    perLine.set(line, [...(perLine.get(line) ?? []), place]);
  }
  return [...perLine.values()].flatMap((sameLine) =>
    sameLine.flatMap((place) => lensesOf(document, place, sameLine.length > 1)),
  );
}

/** @param isOneOfSeveral on its line, so that its lenses have to say which it is */
function lensesOf(document: TextDocument, { mask, extent }: MaskPlace, isOneOfSeveral: boolean): CodeLens[] {
  const range = editorRange(document, { start: extent.start, end: extent.start });
  const place: PlaceArgument = { uri: document.uri.toString(), offset: mask.range.start };
  const lens = (title: string, command: string): CodeLens =>
    new CodeLens(range, { title, command: `oneflow.${command}`, arguments: [place] });
  const name = mask.kind === 'image' ? (mask.alt ?? '') : mask.before.replace(/\s+/g, ' ').trim();
  const which = isOneOfSeveral ? ` “${shortened(name === '' ? l10n.t('something new') : name)}”` : '';
  const regenerate =
    mask.form === 'slot'
      ? lens(`$(sparkle) ${l10n.t('Fill picture')}${which}`, 'regenerateMark')
      : lens(`$(sparkle) ${l10n.t('Regenerate')}${which}`, 'regenerateMark');
  return [
    ...(workspace.isTrusted ? [regenerate] : []),
    ...(mask.form === 'slot' ? [] : [lens(l10n.t('Unmask'), 'unmask')]),
  ];
}

function shortened(text: string): string {
  const characters = Array.from(text);
  return characters.length > 16 ? `${characters.slice(0, 15).join('')}…` : text;
}
