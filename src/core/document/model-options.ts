import * as l10n from '@vscode/l10n';
import type { DocumentError, MarkedDocument } from './types.js';

/** What a model offers for the options `style` and `size`. */
export interface ModelChoices {
  readonly styles: readonly string[];
  /** Edges of a written picture, in pixels. */
  readonly sizes: readonly number[];
}

/** The first mask that asks for a style or size that the model does not have. */
export function checkModelOptions(
  document: Pick<MarkedDocument, 'masks'>,
  choices: ModelChoices,
): DocumentError | undefined {
  for (const { options, line, column } of document.masks) {
    const { style, size } = options;
    if (style !== undefined && !choices.styles.includes(style)) {
      return {
        code: 'option-not-in-model',
        message: noStyle(style, [...choices.styles].sort()),
        line,
        column,
      };
    }
    if (size !== undefined && !choices.sizes.includes(size)) {
      return { code: 'option-not-in-model', message: noSize(size, choices.sizes), line, column };
    }
  }
  return undefined;
}

/** With all that there is: this is where authors learn the names. */
function noStyle(style: string, choices: readonly string[]): string {
  return choices.length === 0
    ? l10n.t('The model has no choice of style; leave `style={0}` out.', style)
    : l10n.t('The model has no style “{0}”; write one of {1}.', style, choices.join(', '));
}

function noSize(size: number, choices: readonly number[]): string {
  return choices.length === 0
    ? l10n.t('The model has no choice of size; leave `size={0}` out.', size)
    : l10n.t('The model has no size “{0}”; write one of {1}.', size, choices.join(', '));
}
