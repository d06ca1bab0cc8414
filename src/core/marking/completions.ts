/** What may be written inside a mark or the query of a slot: names of options, and values. */
import * as l10n from '@vscode/l10n';
import { defaultStrength } from '../../protocol/limits.js';
import type { Mask, Range } from '../document/index.js';
import { isBlank } from '../document/text.js';
import { optionsFor, type OptionGuide, type OptionName } from '../document/options.js';
import { readManuscript, type Manuscript } from './manuscript.js';

export interface Completion {
  readonly kind: 'option' | 'value';
  readonly label: string;
  /** What takes the place of `range`. */
  readonly text: string;
  readonly range: Range;
  /** One sentence for an author. */
  readonly explanation: string;
}

/** What a model offers. */
export interface CompletionChoices {
  readonly styles: readonly { readonly name: string; readonly description: string }[];
  /** Edges of a written picture, in pixels. */
  readonly sizes: readonly number[];
}

/** What is written around the cursor. */
interface Context {
  /** Of what the options are for. */
  readonly kind: Mask['kind'];
  /** Nothing is there yet that could be kept. */
  readonly isEmpty: boolean;
  /** The options as written, from behind `mask` or `mask:`. */
  readonly range: Range;
  readonly isSlot: boolean;
}

/** The completions at `offset` of `source`; none outside of marks and slots. */
export function completionsAt(source: string, offset: number, choices: CompletionChoices): Completion[] {
  const context = contextAt(readManuscript(source), offset);
  if (!context) return [];
  const before = source.slice(context.range.start, offset);
  const after = source.slice(offset, context.range.end);
  const options = optionsFor(context.kind).filter(({ name }) => !(name === 'strength' && context.isEmpty));

  const value = /(?:^|[\s?&])([a-z]+)=("?)([\w.+-]*)$/.exec(before);
  if (value) {
    const [, name = '', , typed = ''] = value;
    const range = { start: offset - typed.length, end: offset + /^[\w.+-]*/.exec(after)![0].length };
    return valuesOf(options.find((option) => option.name === name)?.name, choices).map(
      ([label, explanation]) => ({
        kind: 'value',
        label,
        text: label,
        range,
        explanation,
      }),
    );
  }
  const name = (context.isSlot ? /^(?:()|\?|\?.*&)([a-z]*)$/ : /(?:()^|[ \t])([a-z]*)$/).exec(before);
  if (!name) return [];
  const typed = name[2]!;
  const lead = name[1] === undefined ? '' : context.isSlot ? '?' : ' ';
  if (lead !== '' && typed !== '') return [];
  const rest = /^[a-z]*=?/.exec(after)![0];
  const range = { start: offset - typed.length, end: offset + rest.length };
  return options
    .filter((option) =>
      isOpen(option, source.slice(context.range.start, range.start) + after.slice(rest.length)),
    )
    .map(({ name: label, meaning, expects }) => ({
      kind: 'option',
      label,
      text: `${lead}${label}=`,
      range,
      explanation: l10n.t('{0} Write {1}.', meaning, expects),
    }));
}

/** Whether an option may stand beside the others that are `written`. */
function isOpen({ name }: OptionGuide, written: string): boolean {
  const has = (other: OptionName): boolean => new RegExp(`(?:^|[\\s?&])${other}=`).test(written);
  const rival = name === 'length' ? 'max' : name === 'max' ? 'length' : name;
  return !has(name) && !has(rival);
}

function valuesOf(
  name: OptionName | undefined,
  { styles, sizes }: CompletionChoices,
): (readonly [string, string])[] {
  switch (name) {
    case 'style':
      return styles.map(({ name: style, description }) => [style, description]);
    case 'size':
      return sizes.map((size) => [String(size), l10n.t('{0} × {0} pixels.', size)]);
    case 'strength':
      return [
        ['0.3', l10n.t('Keeps most of what is there.')],
        [String(defaultStrength), l10n.t('Keeps about half; the default of the setting `oneflow.strength`.')],
        ['1', l10n.t('Keeps nothing: starts anew.')],
      ];
    default:
      return [];
  }
}

function contextAt({ reading, document }: Manuscript, offset: number): Context | undefined {
  const placed = reading.marks.find(({ mark }) => mark.start < offset && offset <= mark.end);
  if (placed) {
    const { mark, position } = placed;
    const written = reading.source.slice(mark.start, mark.end);
    const start = mark.start + written.indexOf('mask') + 'mask'.length;
    const end = mark.end - (/\/?-->$/.exec(written)?.[0].length ?? 0);
    if (position.kind === 'text' || mark.kind === 'close' || offset < start || offset > end) return undefined;
    const mask = document.masks.find(({ range }) => range.start === mark.start);
    return {
      kind: mask?.kind ?? 'text',
      isEmpty: mask ? isBlank(mask.before) : mark.kind === 'empty',
      range: { start, end },
      isSlot: false,
    };
  }
  const picture = document.layout.pictures.find(
    ({ destination, destinationRange: place }) =>
      destination.startsWith('mask:') && place && place.start < offset && offset <= place.end,
  );
  if (!picture?.destinationRange) return undefined;
  const { start, end } = picture.destinationRange;
  const written = reading.source.slice(start, end);
  const query = start + written.indexOf('mask:') + 'mask:'.length;
  if (!written.includes('mask:') || offset < query) return undefined;
  return {
    kind: 'image',
    isEmpty: true,
    range: { start: query, end: written.endsWith('>') ? end - 1 : end },
    isSlot: true,
  };
}
