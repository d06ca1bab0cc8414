import { describe, expect, it } from 'vitest';
import { RunPlaces } from '../../../media/preview/run-places.js';
import { InsertedText } from '../../../src/core/document/inserted.js';

const open = '<!--mask-->\n';
const close = '<!--/mask-->\n';
const document = 'one\n\ntwo\n\nthree\n';
/** A copy of the document with marks around "two". */
const copy = `one\n\n${open}two\n${close}\nthree\n`;
const begin = copy.indexOf(open);
const end = copy.indexOf(close);
const marked = new InsertedText(copy, [
  { start: begin, end: begin + open.length },
  { start: end, end: end + close.length },
]);

describe('InsertedText', () => {
  it('is the text without what was put in', () => {
    expect(marked.text).toBe(document);
  });

  it('leads from the copy to the text and back', () => {
    for (const word of ['one', 'two', 'three']) {
      expect(marked.toText(copy.indexOf(word))).toBe(document.indexOf(word));
      expect(marked.toCopy(document.indexOf(word))).toBe(copy.indexOf(word));
    }
  });

  it('puts what lies in a mark where the mark was put in', () => {
    expect(marked.toText(begin + 4)).toBe(document.indexOf('two'));
    expect(marked.around(begin + 4)).toEqual({ start: begin, end: begin + open.length });
    expect(marked.around(begin)).toBeUndefined();
  });
});

describe('RunPlaces', () => {
  it('leads from the text of a run to the document, marks or not', () => {
    const places = new RunPlaces(marked, document);
    for (const word of ['one', 'two', 'three']) {
      expect(places.toDocument(copy.indexOf(word))).toBe(document.indexOf(word));
      expect(places.fromDocument(document.indexOf(word))).toBe(copy.indexOf(word));
    }
  });

  it('follows what the author has written since', () => {
    const now = document.replace('two', 'two and a half');
    const places = new RunPlaces(marked, now);
    for (const word of ['one', 'two', 'three']) {
      expect(places.toDocument(copy.indexOf(word))).toBe(now.indexOf(word));
      expect(places.fromDocument(now.indexOf(word))).toBe(copy.indexOf(word));
    }
    expect(places.fromDocument(now.indexOf('half'))).toBeLessThanOrEqual(copy.indexOf(close));
  });

  it('stays within both texts', () => {
    const places = new RunPlaces(marked, 'one');
    expect(places.toDocument(copy.length)).toBe(3);
    expect(places.fromDocument(3)).toBeLessThanOrEqual(copy.length);
  });
});
