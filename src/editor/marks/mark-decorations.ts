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
  workspace,
} from 'vscode';
import type { Range } from '../../core/document/types.js';
import type { MaskPlace } from '../../core/marking/places.js';
import { coverOf } from '../../core/review/index.js';
import type { Analyses, DocumentAnalysis } from '../documents/analyses.js';
import { editorRange } from '../offsets.js';
import type { Reviews } from '../review/reviews.js';

/** Shows in the text what is masked: spans, slots and pictures to redraw, and the marks themselves out of the way. */
export function decorateMarks(analyses: Analyses, reviews: Reviews): Disposable {
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
  const background = new ThemeColor('oneflow.maskBackground');
  const borderColor = new ThemeColor('oneflow.maskBorder');
  const text = decorate({ backgroundColor: background, border: '1px dotted', borderColor, ...ruler });
  const blocks = decorate({
    isWholeLine: true,
    backgroundColor: background,
    borderStyle: 'solid',
    borderWidth: '0 0 0 2px',
    borderColor,
    ...ruler,
  });
  const pictures = decorate({
    backgroundColor: new ThemeColor('oneflow.slotBackground'),
    border: '1px dashed',
    borderColor,
    ...ruler,
  });
  const marks = decorate({ color: new ThemeColor('oneflow.markForeground') });

  const types = [text, blocks, pictures, marks];

  const show = (editor: TextEditor): void => {
    const known = analyses.of(editor.document.uri);
    if (editor.document.languageId !== 'markdown') {
      for (const type of types) editor.setDecorations(type, []);
    }
    // VS Code moves what is shown along with the text until the next reading.
    if (known?.version !== editor.document.version) return;
    const { places } = known.analysis;
    const isReviewed = coverOf(reviews.openHunksOf(editor.document.uri));
    const ranges = (wanted: readonly Range[]): DecorationOptions[] =>
      wanted.map((range) => ({ range: editorRange(editor.document, range) }));
    const shown = { text: [] as Range[], blocks: [] as Range[], pictures: [] as Range[] };
    for (const place of places) shown[typeOf(place)].push(shownOf(place));
    editor.setDecorations(text, ranges(shown.text));
    editor.setDecorations(blocks, ranges(shown.blocks));
    editor.setDecorations(pictures, ranges(shown.pictures));
    editor.setDecorations(
      marks,
      places.flatMap((place) =>
        place.marks.map((range, index) => markOption(editor, place, range, index, isReviewed(place.extent))),
      ),
    );
  };
  for (const editor of window.visibleTextEditors) show(editor);
  return Disposable.from(
    ...types,
    analyses.onDidChange(({ document }: DocumentAnalysis) => {
      for (const editor of window.visibleTextEditors) if (editor.document === document) show(editor);
    }),
    reviews.onDidChange((document) => {
      for (const editor of window.visibleTextEditors) {
        if (editor.document.uri.toString() === document.toString()) show(editor);
      }
    }),
    window.onDidChangeVisibleTextEditors((editors) => {
      editors.forEach(show);
    }),
    // Told when the language of a document changes, too.
    workspace.onDidOpenTextDocument((document) => {
      for (const editor of window.visibleTextEditors) if (editor.document === document) show(editor);
    }),
  );
}

function typeOf({ mask, content }: MaskPlace): 'text' | 'blocks' | 'pictures' {
  if (mask.kind === 'image') return 'pictures';
  return mask.form === 'block' && content.start < content.end ? 'blocks' : 'text';
}

/** What is marked by a colour: the text between the marks; of an empty span, its marks. */
function shownOf({ content, extent, picture }: MaskPlace): Range {
  if (picture) return picture;
  return content.start < content.end ? content : extent;
}

/** A mark; the last of an empty span says what is to come, unless a suggestion does. */
function markOption(
  { document }: TextEditor,
  place: MaskPlace,
  range: Range,
  index: number,
  isReviewed: boolean,
): DecorationOptions {
  const isEmpty = place.mask.kind === 'text' && place.mask.before.trim() === '';
  return {
    range: editorRange(document, range),
    ...(isEmpty &&
      !isReviewed &&
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
