import {
  type DecorationOptions,
  DecorationRangeBehavior,
  Disposable,
  l10n,
  OverviewRulerLane,
  Range,
  type TextDocument,
  type TextEditor,
  ThemeColor,
  window,
} from 'vscode';
import type { Hunk } from '../../protocol/review.js';
import { editorRange } from '../offsets.js';
import { proposedLine } from './hunk-text.js';
import type { Reviews } from './reviews.js';

/** Shows hunks in the text: what would go, and behind it in one line what would come. */
export function decorateHunks(reviews: Reviews): Disposable {
  const pending = window.createTextEditorDecorationType({
    backgroundColor: new ThemeColor('oneflow.hunkBackground'),
    overviewRulerColor: new ThemeColor('oneflow.hunkRuler'),
    overviewRulerLane: OverviewRulerLane.Left,
    // Typing at an end of it is typing outside of it.
    rangeBehavior: DecorationRangeBehavior.ClosedClosed,
  });
  const displaced = window.createTextEditorDecorationType({
    textDecoration: 'underline dotted',
    overviewRulerColor: new ThemeColor('editorWarning.foreground'),
    overviewRulerLane: OverviewRulerLane.Left,
    rangeBehavior: DecorationRangeBehavior.ClosedClosed,
  });
  const show = (editor: TextEditor): void => {
    const hunks = reviews.openHunksOf(editor.document.uri);
    const of = (state: Hunk['state']): DecorationOptions[] =>
      hunks.filter((hunk) => hunk.state === state).map((hunk) => decoration(editor, hunk));
    editor.setDecorations(pending, of('pending'));
    editor.setDecorations(displaced, of('displaced'));
  };
  for (const editor of window.visibleTextEditors) show(editor);
  return Disposable.from(
    pending,
    displaced,
    reviews.onDidChange((document) => {
      for (const editor of window.visibleTextEditors) {
        if (editor.document.uri.toString() === document.toString()) show(editor);
      }
    }),
    window.onDidChangeVisibleTextEditors((editors) => {
      editors.forEach(show);
    }),
  );
}

function decoration({ document }: TextEditor, hunk: Hunk): DecorationOptions {
  const contentText =
    hunk.state === 'displaced'
      ? l10n.t('the text under this suggestion has changed')
      : hunk.kind === 'image'
        ? l10n.t('picture: {0}', proposedLine(hunk))
        : proposedLine(hunk) || l10n.t('nothing');
  return {
    range: decoratedRange(document, hunk),
    renderOptions: {
      after: {
        contentText: ` → ${contentText}`,
        color: new ThemeColor('oneflow.hunkForeground'),
        fontStyle: 'italic',
      },
    },
  };
}

/** The hunk's place: a picture to the end of the image, blocks without their last line end. */
function decoratedRange(document: TextDocument, { kind, place }: Hunk): Range {
  const range = editorRange(document, place);
  const { start, end } = range;
  if (end.character === 0 && end.line > start.line)
    return new Range(start, document.lineAt(end.line - 1).range.end);
  const next = new Range(end, end.translate(0, 1));
  return kind === 'image' && document.getText(next) === ')' ? new Range(start, next.end) : range;
}
