/** The options of marks and slots: names, values, and which may stand where. */
import * as l10n from '@vscode/l10n';
import { defaultStrength, isWithin, limits, type NumberRange } from '../../protocol/limits.js';
import { shorten, type MarkFault, type RawOption } from './mark-scan.js';
import type { DocumentErrorCode, MaskOptions, Range } from './types.js';

export type OptionsResult =
  { readonly ok: true; readonly options: MaskOptions } | { readonly ok: false; readonly fault: MarkFault };

export type OptionName = keyof MaskOptions;

interface OptionRule {
  /** What kinds of mask it means something for. */
  readonly for: 'text' | 'image' | 'both';
  /** What it does, as one sentence for an author. */
  readonly meaning: string;
  /** What its values look like, as it is told to an author behind “write”. */
  readonly expects: string;
  readonly example: string;
  readonly pattern: RegExp;
  readonly range?: NumberRange;
}

const DECIMAL = /^(?:\d+(?:\.\d+)?|\.\d+)$/;
const INTEGER = /^\d+$/;

// Getters, because the translations come after this module is loaded.
const RULES: Readonly<Record<OptionName, OptionRule>> = {
  strength: {
    for: 'both',
    get meaning() {
      return l10n.t('How much of what is there now is given up; 1 starts from nothing.');
    },
    get expects() {
      return aNumber(limits.strength);
    },
    example: String(defaultStrength),
    pattern: DECIMAL,
    range: limits.strength,
  },
  length: {
    for: 'text',
    get meaning() {
      return l10n.t('Exactly how many tokens are written; a word has one or two.');
    },
    get expects() {
      return aNumberOfTokens(limits.tokens);
    },
    example: '40',
    pattern: INTEGER,
    range: limits.tokens,
  },
  max: {
    for: 'text',
    get meaning() {
      return l10n.t('How many tokens are written at most; a word has one or two.');
    },
    get expects() {
      return aNumberOfTokens(limits.tokens);
    },
    example: '80',
    pattern: INTEGER,
    range: limits.tokens,
  },
  seed: {
    for: 'both',
    get meaning() {
      return l10n.t('The same seed gives the same result, on the same model and device.');
    },
    get expects() {
      return aWholeNumber(limits.seed);
    },
    example: '7',
    pattern: INTEGER,
    range: limits.seed,
  },
  guidance: {
    for: 'both',
    get meaning() {
      return l10n.t('How closely a text keeps to what stands around it, a picture to its alt text.');
    },
    get expects() {
      return aNumber(limits.guidance);
    },
    example: '3',
    pattern: DECIMAL,
    range: limits.guidance,
  },
  style: {
    for: 'image',
    get meaning() {
      return l10n.t('One of the model’s styles of drawing.');
    },
    get expects() {
      return l10n.t('a style’s name: letters, digits and `_.+-`');
    },
    example: 'noto',
    pattern: /^[\w.+-]+$/,
  },
  size: {
    for: 'image',
    get meaning() {
      return l10n.t('The edge of the written picture in pixels.');
    },
    get expects() {
      return aNumberOfPixels(limits.imageSize);
    },
    example: '256',
    pattern: INTEGER,
    range: limits.imageSize,
  },
};

function aNumber({ minimum, maximum }: NumberRange): string {
  return l10n.t('a number from {0} to {1}', minimum, maximum);
}

function aWholeNumber({ minimum, maximum }: NumberRange): string {
  return l10n.t('a whole number from {0} to {1}', minimum, maximum);
}

function aNumberOfTokens({ minimum, maximum }: NumberRange): string {
  return l10n.t('a whole number of tokens from {0} to {1}', minimum, maximum);
}

function aNumberOfPixels({ minimum, maximum }: NumberRange): string {
  return l10n.t('a whole number of pixels from {0} to {1}', minimum, maximum);
}

const OPTION_NAMES = Object.keys(RULES) as readonly OptionName[];

function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(RULES, name);
}

/** An option as it is told to an author. */
export interface OptionGuide {
  readonly name: OptionName;
  readonly meaning: string;
  readonly expects: string;
  readonly example: string;
}

/** The options that a mask of `kind` takes. */
export function optionsFor(kind: 'text' | 'image'): OptionGuide[] {
  return OPTION_NAMES.filter((name) => RULES[name].for === kind || RULES[name].for === 'both').map((name) => {
    const { meaning, expects, example } = RULES[name];
    return { name, meaning, expects, example };
  });
}

/** The values of `name` that are closest to `value`; undefined where a value cannot be out of range. */
export function nearestValue(name: string, value: string): string | undefined {
  const number = Number(value);
  if (!isOptionName(name) || !Number.isFinite(number)) return undefined;
  const { pattern, range } = RULES[name];
  if (range === undefined) return undefined;
  const whole = pattern === INTEGER ? Math.round(number) : number;
  return String(Math.min(range.maximum, Math.max(range.minimum, whole)));
}

/** Names of the options that a mask of `kind` takes, for messages. */
function namesFor(kind: 'text' | 'image'): string {
  return optionsFor(kind)
    .map(({ name }) => name)
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
  for (const { name, value, offset, range } of raw) {
    const fault = (code: DocumentErrorCode, message: string): OptionsResult => ({
      ok: false,
      fault: { code, message, offset, ...(range && { range }) },
    });
    if (!isOptionName(name)) {
      return fault(
        'option-unknown',
        l10n.t('There is no option “{0}”; the options here are {1}.', shorten(name), namesFor(kind)),
      );
    }
    const rule = RULES[name];
    if (rule.for !== 'both' && rule.for !== kind) {
      return fault(
        'option-misplaced',
        kind === 'text'
          ? l10n.t('`{0}` is for pictures, not for text; the options here are {1}.', name, namesFor(kind))
          : l10n.t('`{0}` is for text, not for pictures; the options here are {1}.', name, namesFor(kind)),
      );
    }
    if (values.has(name))
      return fault('option-repeated', l10n.t('`{0}` is given twice; keep one of them.', name));
    if (!rule.pattern.test(value)) {
      return fault(
        'option-malformed',
        l10n.t(
          '“{0}” is no value for `{1}`; write {2}, as in `{1}={3}`.',
          shorten(value),
          name,
          rule.expects,
          rule.example,
        ),
      );
    }
    if (rule.range !== undefined) {
      const number = Number(value);
      if (!isWithin(number, rule.range)) {
        return fault(
          'option-out-of-range',
          l10n.t(
            '`{0}={1}` is out of range; write {2}, as in `{0}={3}`.',
            name,
            shorten(value),
            rule.expects,
            rule.example,
          ),
        );
      }
      values.set(name, number);
    } else values.set(name, value);
    if (name === 'strength' && empty) {
      const message = l10n.t('There is nothing here to keep, so `strength` means nothing; leave it out.');
      return fault('option-misplaced', message);
    }
    if (values.has('length') && values.has('max')) {
      return fault(
        'option-misplaced',
        l10n.t('`length` says exactly how many tokens, `max` at most how many; keep one.'),
      );
    }
  }
  return { ok: true, options: Object.fromEntries(values) };
}

/**
 * Splits a slot's destination, `mask:` or `mask:?style=noto&seed=7`, into options. Names and values are
 * percent-encoded UTF-8. `place` is where the destination stands in the source, and `written` what stands there.
 */
export function splitSlotQuery(
  destination: string,
  place: Range,
  written: string,
): { readonly options: readonly RawOption[]; readonly fault?: MarkFault } {
  const rest = destination.slice('mask:'.length);
  if (rest === '') return { options: [] };
  const offset = place.start;
  const fault = (message: string, range?: Range): { options: []; fault: MarkFault } => ({
    options: [],
    fault: { code: 'option-malformed', message, offset, ...(range && { range }) },
  });
  if (!rest.startsWith('?')) {
    return fault(
      l10n.t('“{0}” is no image slot; write `mask:` or `mask:?style=noto&seed=7`.', shorten(destination)),
    );
  }
  // In angle brackets it is written as it is; where it has escapes, it is not known what stands where.
  const shift = written.indexOf(destination);
  let at = offset + shift + 'mask:?'.length;
  const options: RawOption[] = [];
  for (const part of rest.slice(1).split('&')) {
    const range = shift < 0 ? undefined : { start: at, end: at + part.length };
    at += part.length + 1;
    const [name, value] = decodePair(part);
    if (name === undefined || value === undefined) {
      return fault(
        l10n.t(
          '“{0}” is not an option; write options as `name=value`, percent-encoded, joined by `&`, as in `mask:?style=noto&seed=7`.',
          shorten(part),
        ),
        range,
      );
    }
    options.push({ name, value, offset, ...(range && { range }) });
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
