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
      return { code: 'option-not-in-model', message: refusal('style', style, choices.styles), line, column };
    }
    if (size !== undefined && !choices.sizes.includes(size)) {
      return { code: 'option-not-in-model', message: refusal('size', size, choices.sizes), line, column };
    }
  }
  return undefined;
}

const SHOWN = 8;

function refusal(name: string, value: string | number, choices: readonly (string | number)[]): string {
  if (choices.length === 0) return `The model has no choice of ${name}; leave \`${name}=${value}\` out.`;
  const shown = choices.slice(0, SHOWN).join(', ');
  const more = choices.length > SHOWN ? ` and ${choices.length - SHOWN} more` : '';
  return `The model has no ${name} “${value}”; write one of ${shown}${more}.`;
}
