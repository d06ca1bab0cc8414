import type { MarkdownIt } from 'markdown-it';
import { l10n } from 'vscode';
import { showMarksIn } from '../core/render/preview-marks.js';

/** Called by VS Code with the markdown-it of its own Markdown preview: it shows marks, too. */
export function extendMarkdownIt(markdown: MarkdownIt): MarkdownIt {
  return showMarksIn(markdown, {
    maskedText: l10n.t('Masked: OneFlow refines this text'),
    somethingNew: l10n.t('something new'),
    imageSlot: l10n.t('Picture to draw'),
  });
}
