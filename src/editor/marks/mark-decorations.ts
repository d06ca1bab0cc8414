import {
  type DecorationOptions,
  type DecorationRenderOptions,
  DecorationRangeBehavior,
  Disposable,
  l10n,
  OverviewRulerLane,
  type TextEditor,
  ThemeColor,
  window,
} from 'vscode';
import type { Range } from '../../core/document/types.js';
import type { MaskPlace } from '../../core/marking/places.js';
import type { Analyses, DocumentAnalysis } from '../documents/analyses.js';
import { editorRange } from '../offsets.js';

/** Shows in the text what is masked: spans, slots and pictures to redraw, and the marks themselves out of the way. */
export function decorateMarks(analyses: Analyses): Disposable {
  const decorate = (
    options: DecorationRenderOptions,
  ): ReturnType<typeof window.createTextEditorDecorationType> =>
    window.createTextEditorDecorationType({
      // Typing at an end of it is typing outside of it.
      rangeBehavior: DecorationRangeBehavior.ClosedClosed,
      ...options,
    });
  const ruler = {
    overviewRulerColor: new ThemeColor('oneflow.maskRuler'),
    overviewRulerLane: OverviewRulerLane.Center,
  };
  const text = decorate({
    backgroundColor: new ThemeColor('oneflow.maskBackground'),
    border: '1px dotted',
    borderColor: new ThemeColor('oneflow.maskBorder'),
    ...ruler,
  });
  const picture = decorate({
    backgroundColor: new ThemeColor('oneflow.slotBackground'),
    border: '1px dashed',
    borderColor: new ThemeColor('oneflow.maskBorder'),
    ...ruler,
  });
  const marks = decorate({ color: new ThemeColor('oneflow.markForeground') });

  const show = (editor: TextEditor): void => {
    const known = analyses.of(editor.document.uri);
    if (editor.document.languageId !== 'markdown') {
      for (const type of [text, picture, marks]) editor.setDecorations(type, []);
    }
    // VS Code moves what is shown along with the text until the next reading.
    if (known?.version !== editor.document.version) return;
    const { places } = known.analysis;
    const ranges = (wanted: readonly Range[]): DecorationOptions[] =>
      wanted.map((range) => ({ range: editorRange(editor.document, range) }));
    editor.setDecorations(text, ranges(places.filter(isText).map(shownOf)));
    editor.setDecorations(picture, ranges(places.filter((place) => !isText(place)).map(shownOf)));
    editor.setDecorations(
      marks,
      places.flatMap((place) => place.marks.map((range, index) => markOption(editor, place, range, index))),
    );
  };
  for (const editor of window.visibleTextEditors) show(editor);
  return Disposable.from(
    text,
    picture,
    marks,
    analyses.onDidChange(({ document }: DocumentAnalysis) => {
      for (const editor of window.visibleTextEditors) if (editor.document === document) show(editor);
    }),
    window.onDidChangeVisibleTextEditors((editors) => {
      editors.forEach(show);
    }),
  );
}

function isText({ mask }: MaskPlace): boolean {
  return mask.kind === 'text';
}

/** What is marked by a colour: the text between the marks; of an empty span, its marks. */
function shownOf({ content, extent, picture }: MaskPlace): Range {
  if (picture) return picture;
  return content.start < content.end ? content : extent;
}

/** A mark; the first of an empty span says what is to come. */
function markOption(
  { document }: TextEditor,
  place: MaskPlace,
  range: Range,
  index: number,
): DecorationOptions {
  const isEmpty = place.mask.kind === 'text' && place.mask.before.trim() === '';
  return {
    range: editorRange(document, range),
    ...(isEmpty &&
      index === place.marks.length - 1 && {
        renderOptions: {
          after: {
            contentText: ` ${l10n.t('something new')}`,
            color: new ThemeColor('oneflow.markForeground'),
            fontStyle: 'italic',
          },
        },
      }),
  };
}
