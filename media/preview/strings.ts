import { type PreviewString, previewStrings } from '../../src/protocol/preview-strings.js';

let translated: Readonly<Record<string, string>> = previewStrings;
// A formatter is dear to make, so that there is one of each.
let whole = new Intl.NumberFormat('en');
let decimal = whole;

/** The page's words from here on; names that are missing stay English. */
export function setStrings(strings: Readonly<Record<string, string>>, newLocale: string): void {
  translated = strings;
  const locale = known(newLocale);
  whole = new Intl.NumberFormat(locale);
  decimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

function known(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en';
  } catch {
    return 'en';
  }
}

/** The words called `name`, with `{0}`, `{1}`, … replaced. */
export function say(name: PreviewString, ...values: readonly (string | number)[]): string {
  const text = translated[name] ?? previewStrings[name];
  return text.replaceAll(/\{(\d)\}/g, (placeholder, index: string) => {
    const value = values[Number(index)];
    if (value === undefined) return placeholder;
    return typeof value === 'number' ? whole.format(value) : value;
  });
}

/** How many suggestions there are to review: one or more. */
export function toReview(count: number): string {
  return count === 1 ? say('oneToReview') : say('toReview', count);
}

/** A number with one digit behind the point. */
export function oneDigit(value: number): string {
  return decimal.format(value);
}
