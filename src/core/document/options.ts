/** The options of marks and slots: names, values, and which may stand where. */
import { shorten, type MarkFault, type RawOption } from './mark-scan.js';
import type { DocumentErrorCode, MaskOptions } from './types.js';

export type OptionsResult =
  { readonly ok: true; readonly options: MaskOptions } | { readonly ok: false; readonly fault: MarkFault };

type OptionName = keyof MaskOptions;

interface OptionRule {
  /** What kinds of mask it means something for. */
  readonly for: 'text' | 'image' | 'both';
  /** What its values look like, as it is told to an author. */
  readonly expects: string;
  readonly pattern: RegExp;
  readonly minimum?: number;
  readonly maximum?: number;
}

const DECIMAL = /^(?:\d+(?:\.\d+)?|\.\d+)$/;
const INTEGER = /^\d+$/;

const RULES: Readonly<Record<OptionName, OptionRule>> = {
  strength: { for: 'both', expects: 'a number from 0 to 1', pattern: DECIMAL, minimum: 0, maximum: 1 },
  length: { for: 'text', expects: 'a whole number of tokens from 1 to 10000', ...within(1, 10_000) },
  max: { for: 'text', expects: 'a whole number of tokens from 1 to 10000', ...within(1, 10_000) },
  seed: { for: 'both', expects: 'a whole number from 0 to 4294967295', ...within(0, 0xffff_ffff) },
  guidance: { for: 'both', expects: 'a number from 0 to 20', pattern: DECIMAL, minimum: 0, maximum: 20 },
  style: { for: 'image', expects: 'a style’s name: letters, digits and `_.+-`', pattern: /^[\w.+-]+$/ },
  size: { for: 'image', expects: 'a whole number of pixels from 16 to 2048', ...within(16, 2048) },
};

function within(
  minimum: number,
  maximum: number,
): { readonly pattern: RegExp; readonly minimum: number; readonly maximum: number } {
  return { pattern: INTEGER, minimum, maximum };
}

function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(RULES, name);
}

/** Names of the options that a mask of `kind` takes, for messages. */
function namesFor(kind: 'text' | 'image'): string {
  return Object.entries(RULES)
    .filter(([, rule]) => rule.for === kind || rule.for === 'both')
    .map(([name]) => name)
    .join(', ');
}

/**
 * Checks the options of a mask. `empty` says that there is no current text or picture to start from.
 * The first fault in the order of writing is returned.
 */
export function readMaskOptions(
  raw: readonly RawOption[],
  kind: 'text' | 'image',
  empty: boolean,
): OptionsResult {
  const values = new Map<OptionName, string | number>();
  for (const { name, value, offset } of raw) {
    const fault = (code: DocumentErrorCode, message: string): OptionsResult => ({
      ok: false,
      fault: { code, message, offset },
    });
    if (!isOptionName(name)) {
      return fault(
        'option-unknown',
        `There is no option “${shorten(name)}”; the options here are ${namesFor(kind)}.`,
      );
    }
    const rule = RULES[name];
    if (rule.for !== 'both' && rule.for !== kind) {
      const place = kind === 'text' ? 'pictures, not for text' : 'text, not for pictures';
      return fault(
        'option-misplaced',
        `\`${name}\` is for ${place}; the options here are ${namesFor(kind)}.`,
      );
    }
    if (values.has(name)) return fault('option-repeated', `\`${name}\` is given twice; keep one of them.`);
    const expected = `write ${rule.expects}, as in \`${name}=${EXAMPLES[name]}\``;
    if (!rule.pattern.test(value)) {
      return fault('option-malformed', `“${shorten(value)}” is no value for \`${name}\`; ${expected}.`);
    }
    if (rule.minimum !== undefined && rule.maximum !== undefined) {
      const number = Number(value);
      if (number < rule.minimum || number > rule.maximum) {
        return fault('option-out-of-range', `\`${name}=${shorten(value)}\` is out of range; ${expected}.`);
      }
      values.set(name, number);
    } else values.set(name, value);
    if (name === 'strength' && empty) {
      const message = 'There is nothing here to keep, so `strength` means nothing; leave it out.';
      return fault('option-misplaced', message);
    }
    if (values.has('length') && values.has('max')) {
      return fault(
        'option-misplaced',
        '`length` says exactly how many tokens, `max` at most how many; keep one.',
      );
    }
  }
  return { ok: true, options: Object.fromEntries(values) };
}

const EXAMPLES: Readonly<Record<OptionName, string>> = {
  strength: '0.6',
  length: '40',
  max: '80',
  seed: '7',
  guidance: '3',
  style: 'noto',
  size: '256',
};

/**
 * Splits a slot's destination, `mask:` or `mask:?style=noto&seed=7`, into options. Names and values are
 * percent-encoded UTF-8. `offset` is the destination's place in the source.
 */
export function splitSlotQuery(
  destination: string,
  offset: number,
): { readonly options: readonly RawOption[]; readonly fault?: MarkFault } {
  const rest = destination.slice('mask:'.length);
  if (rest === '') return { options: [] };
  const fault = (message: string): { options: []; fault: MarkFault } => ({
    options: [],
    fault: { code: 'option-malformed', message, offset },
  });
  if (!rest.startsWith('?')) {
    return fault(
      `“${shorten(destination)}” is no image slot; write \`mask:\` or \`mask:?style=noto&seed=7\`.`,
    );
  }
  const options: RawOption[] = [];
  for (const part of rest.slice(1).split('&')) {
    const [name, value] = decodePair(part);
    if (name === undefined || value === undefined) {
      return fault(
        `“${shorten(part)}” is not an option; write options as \`name=value\`, percent-encoded, joined by \`&\`, as in \`mask:?style=noto&seed=7\`.`,
      );
    }
    options.push({ name, value, offset });
  }
  return { options };
}

function decodePair(part: string): [name?: string, value?: string] {
  const equals = part.indexOf('=');
  if (equals < 1) return [];
  try {
    return [decodeURIComponent(part.slice(0, equals)), decodeURIComponent(part.slice(equals + 1))];
  } catch {
    return [];
  }
}
