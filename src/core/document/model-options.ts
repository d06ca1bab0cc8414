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
        message: refusal('style', style, [...choices.styles].sort()),
        line,
        column,
      };
    }
    if (size !== undefined && !choices.sizes.includes(size)) {
      return { code: 'option-not-in-model', message: refusal('size', size, choices.sizes), line, column };
    }
  }
  return undefined;
}

/** With all that there is: this is where authors learn the names. */
function refusal(name: string, value: string | number, choices: readonly (string | number)[]): string {
  if (choices.length === 0) return `The model has no choice of ${name}; leave \`${name}=${value}\` out.`;
  return `The model has no ${name} “${value}”; write one of ${choices.join(', ')}.`;
}
