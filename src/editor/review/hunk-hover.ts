import { Disposable, Hover, l10n, languages, MarkdownString, type TextDocument } from 'vscode';
import { hunkAt } from '../../core/review/index.js';
import type { Hunk } from '../../protocol/review.js';
import { editorRange } from '../offsets.js';
import type { PendingPictures } from '../pictures/pending-pictures.js';
import { proposedText } from './hunk-text.js';
import type { Reviews } from './reviews.js';

/** The full proposal of the hunk under the pointer, and what made it. */
export function provideHunkHovers(reviews: Reviews, pictures: PendingPictures): Disposable {
  return languages.registerHoverProvider(
    { language: 'markdown' },
    {
      provideHover: (document, position) => {
        const review = reviews.of(document.uri);
        const hunk = review && hunkAt(review, document.offsetAt(position));
        if (hunk === undefined) return undefined;
        const contents = [
          ...hunk.pictures.map((picture) => pictureOf(document, picture, pictures)),
          ...(hunk.kind === 'text' ? [textOf(hunk)] : []),
          madeBy(hunk),
        ];
        return new Hover(contents, editorRange(document, hunk.place));
      },
    },
  );
}

function textOf(hunk: Hunk): MarkdownString {
  const text = proposedText(hunk).trim();
  if (text === '') return new MarkdownString(l10n.t('Nothing is proposed for this place.'));
  // As source: what the model wrote is not to be rendered here.
  return new MarkdownString().appendCodeblock(text, 'markdown');
}

function pictureOf(
  document: TextDocument,
  { id, alt }: Hunk['pictures'][number],
  pictures: PendingPictures,
): MarkdownString {
  const uri = pictures.uriOf(document.uri, id);
  const string = new MarkdownString(`![](${uri.toString()}|width=160)`);
  string.appendText(`\n${alt}`);
  return string;
}

function madeBy({ provenance }: Hunk): MarkdownString {
  const { model, seed, steps, strength } = provenance;
  const parts = [
    `${model.name} ${model.version}`,
    l10n.t('seed {0}', String(seed)),
    ...(steps === undefined ? [] : [l10n.t('{0} steps', String(steps))]),
    ...(strength === undefined ? [] : [l10n.t('strength {0}', String(strength))]),
  ];
  return new MarkdownString().appendText(parts.join(' · '));
}
