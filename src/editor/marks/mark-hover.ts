import { type Disposable, Hover, l10n, languages, MarkdownString, type TextDocument, Uri } from 'vscode';
import { hoverAt, type MaskHover } from '../../core/marking/hover.js';
import { relativeFilePath } from '../../core/render/links.js';
import type { Analyses } from '../documents/analyses.js';
import { editorRange } from '../offsets.js';

/** What a mark asks for, what its options mean, and the picture that is to be redrawn. */
export function provideMarkHovers(analyses: Analyses): Disposable {
  return languages.registerHoverProvider(
    { language: 'markdown' },
    {
      provideHover: async (document, position, token) => {
        const known = await analyses.ofNow(document, token);
        const hover = known && hoverAt(known.analysis.places, document.offsetAt(position));
        if (!hover) return undefined;
        const picture = pictureOf(document, hover);
        return new Hover(
          [...(picture ? [picture] : []), explanationOf(hover)],
          editorRange(document, hover.range),
        );
      },
    },
  );
}

function explanationOf({ what, alt, options }: MaskHover): MarkdownString {
  const string = new MarkdownString();
  string.appendMarkdown(`${whatItIs(what)}\n\n`);
  if (what === 'slot' || what === 'picture') {
    string.appendText(alt ? l10n.t('To draw: {0}', alt) : l10n.t('It has no alt text to say what to draw.'));
    string.appendMarkdown('\n\n');
  }
  for (const { name, value, meaning } of options) {
    string.appendMarkdown(`\n- \`${name}=${value}\`: ${meaning}`);
  }
  return string;
}

function whatItIs(what: MaskHover['what']): string {
  switch (what) {
    case 'text':
      return l10n.t('**Masked text.** OneFlow refines it, and nothing outside of the marks.');
    case 'empty-text':
      return l10n.t('**An empty mask.** OneFlow writes something here.');
    case 'slot':
      return l10n.t('**An image slot.** OneFlow draws a picture for it.');
    case 'picture':
      return l10n.t('**A masked picture.** OneFlow redraws it from what it is.');
  }
}

/** A picture beside the document, small; nothing is fetched from elsewhere. */
function pictureOf(document: TextDocument, { destination }: MaskHover): MarkdownString | undefined {
  const path = destination === undefined ? undefined : relativeFilePath(destination);
  if (path === undefined || document.isUntitled) return undefined;
  return new MarkdownString(`![](${Uri.joinPath(document.uri, '..', path).toString()}|width=160)`);
}
