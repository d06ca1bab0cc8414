/** Why a selection cannot be masked. */
import * as l10n from '@vscode/l10n';
import type { Range } from '../document/index.js';
import { leavesIn } from './block-span.js';
import { isBehindLabel } from './inline-span.js';
import type { Manuscript } from './manuscript.js';

/** Why no mask that was tried for `range`, of the mark-free document, may be. */
export function whyNot(manuscript: Manuscript, range: Range): string {
  const { free } = manuscript.reading.document;
  const [leaf] = leavesIn(manuscript, range);
  if (leaf?.kind === 'definition') {
    return l10n.t('A link reference definition is not text that can be masked.');
  }
  if (leaf?.kind === 'fence' || leaf?.kind === 'html') {
    return l10n.t('This block of code or HTML does not end, so no mark can be put behind it; end it first.');
  }
  if (leaf && isBehindLabel(leaf, range, free.text)) {
    return l10n.t(
      'A mask cannot begin with the first word below the label of a callout; select words behind the first, or the label too.',
    );
  }
  return l10n.t('No mask can be put here; select whole paragraphs, or words within one of them.');
}
