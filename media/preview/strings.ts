import { type PreviewString, previewStrings } from '../../src/protocol/preview-strings.js';

let translated: Readonly<Record<string, string>> = previewStrings;
let locale = 'en';

/** The page's words from here on; names that are missing stay English. */
export function setStrings(strings: Readonly<Record<string, string>>, newLocale: string): void {
  translated = strings;
  try {
    locale = Intl.getCanonicalLocales(newLocale)[0] ?? 'en';
  } catch {
    locale = 'en';
  }
}

/** The words called `name`, with `{0}`, `{1}`, … replaced. */
export function say(name: PreviewString, ...values: readonly (string | number)[]): string {
  const text = translated[name] ?? previewStrings[name];
  return text.replaceAll(/\{(\d)\}/g, (whole, index: string) => {
    const value = values[Number(index)];
    if (value === undefined) return whole;
    return typeof value === 'number' ? value.toLocaleString(locale) : value;
  });
}

/** A number with one digit behind the point. */
export function oneDigit(value: number): string {
  return value.toLocaleString(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}
