import { describe, expect, it } from 'vitest';
import { beginRun, endRun, rebase, rejectHunks } from '../../../../src/core/review/index.js';
import { expectLinearTime } from '../../linear-time.js';
import { accepted, edited, provenance, replaced, reviewOf, shown, undone } from './support.js';

describe('an edit outside a hunk', () => {
  const review = reviewOf('one {two|2} three');

  it('moves it when it comes before, and leaves it when it comes after', () => {
    expect(shown(edited(review, [0, 3, 'first']))).toBe('first {p:two} three');
    expect(shown(edited(review, [8, 5, 'end']))).toBe('one {p:two} end');
  });

  it('stays outside at its very ends', () => {
    expect(shown(edited(review, [4, 0, 'x']))).toBe('one x{p:two} three');
    expect(shown(edited(review, [7, 0, 'x']))).toBe('one {p:two}x three');
    expect(shown(edited(review, [3, 1, '']))).toBe('one{p:two} three');
    expect(shown(edited(review, [7, 1, ' - ']))).toBe('one {p:two} - three');
  });

  it('may be one of several, in any order', () => {
    expect(shown(edited(review, [8, 5, 'end'], [0, 3, 'first']))).toBe('first {p:two} end');
    expect(shown(edited(review, [0, 3, 'first'], [8, 5, 'end']))).toBe('first {p:two} end');
  });

  it('moves between hunks that touch', () => {
    const touching = reviewOf('{ab|1}{cd|2}');
    expect(shown(edited(touching, [2, 0, 'x']))).toBe('{p:ab}x{p:cd}');
    expect(shown(edited(touching, [3, 0, 'x']))).toBe('{p:ab}{d:cxd}');
  });
});

describe('an edit inside a hunk', () => {
  const review = reviewOf('one {two|2} three');

  it('displaces it until the text is back', () => {
    const displaced = edited(review, [5, 1, '']);
    expect(shown(displaced)).toBe('one {d:to} three');
    expect(shown(edited(displaced, [5, 0, 'w']))).toBe('one {p:two} three');
  });

  it('is none when the same text stands afterwards', () => {
    expect(shown(edited(review, [4, 3, 'two']))).toBe('one {p:two} three');
    expect(shown(edited(review, [2, 9, 'e two thr']))).toBe('one {p:two} three');
  });

  it('at its end displaces it too, until what went is typed again', () => {
    const shortened = edited(review, [5, 2, '']);
    expect(shown(shortened)).toBe('one {d:t} three');
    expect(shown(edited(edited(shortened, [5, 0, 'w']), [6, 0, 'o']))).toBe('one {p:two} three');
  });

  it('across its end displaces it until it is undone', () => {
    const cut = edited(review, [6, 3, '']);
    expect(shown(cut)).toBe('one {d:tw}hree');
    expect(shown(edited(cut, [6, 0, 'o t']))).toBe('one {p:two} three');
    const over = edited(review, [2, 4, 'Z']);
    expect(shown(over)).toBe('on{d:Zo} three');
    expect(shown(edited(over, [2, 1, 'e tw']))).toBe('one {p:two} three');
  });

  it('that goes on after a deletion of all around it can be undone step by step', () => {
    const gone = edited(review, [2, 7, '']);
    expect(shown(gone)).toBe('on{d:}hree');
    const more = edited(gone, [1, 2, '']);
    expect(shown(more)).toBe('o{d:}ree');
    const back = edited(more, [1, 0, 'nh']);
    expect(shown(edited(back, [2, 0, 'e two t']))).toBe('one {p:two} three');
  });
});

describe('an accept', () => {
  it('turns into its undo and its redo', () => {
    const review = accepted(reviewOf('one {two|2} three'));
    expect(shown(review)).toBe('one {a:2} three');
    const undone = edited(review, [4, 1, 'two']);
    expect(shown(undone)).toBe('one {p:two} three');
    expect(shown(edited(undone, [4, 3, '2']))).toBe('one {a:2} three');
  });

  it.each([
    ['abc', 'abcdef', [3, 0, 'def'], [3, 3, '']],
    ['def', 'abcdef', [0, 0, 'abc'], [0, 3, '']],
    ['abcdef', 'abc', [3, 3, ''], [3, 0, 'def']],
    ['abcdef', 'af', [1, 4, ''], [1, 0, 'bcde']],
    ['ab', 'aab', [1, 0, 'a'], [0, 1, '']],
    ['ab', '', [0, 2, ''], [0, 0, 'ab']],
  ] as const)('of %j for %j is seen in trimmed edits', (before, after, [at, length, text], undo) => {
    // Only an accept makes it known what may come: what is typed by hand is no accept.
    const known = edited(accepted(reviewOf(`- {${before}|${after}} -`)), [2, after.length, before]);
    const redone = edited(known, [2 + at, length, text]);
    expect(shown(redone)).toBe(`- {a:${after}} -`);
    expect(shown(edited(redone, [2 + undo[0], undo[1], undo[2]]))).toBe(`- {p:${before}} -`);
  });

  it('of hunks that touch is undone in one edit', () => {
    const review = accepted(reviewOf('a {bc|X}{de|YZ} f'));
    expect(shown(review)).toBe('a {a:X}{a:YZ} f');
    expect(shown(edited(review, [2, 3, 'bcde']))).toBe('a {p:bc}{p:de} f');
    expect(shown(edited(review, [2, 1, 'bc']))).toBe('a {p:bc}{a:YZ} f');
  });

  it('of many is undone and redone as one change of everything', () => {
    const review = reviewOf('a {b|X} c {d|} e {f|YZ} g');
    const all = accepted(review);
    expect(shown(all)).toBe('a {a:X} c {a:} e {a:YZ} g');
    const undone = replaced(all, review.text);
    expect(shown(undone)).toBe('a {p:b} c {p:d} e {p:f} g');
    expect(shown(replaced(undone, all.text))).toBe(shown(all));
  });

  it('of thousands is undone as one change in time in proportion to them', () => {
    const undo = (count: number): void => {
      const review = accepted(reviewOf('a {bc|de} f.\n'.repeat(count)));
      const undone = replaced(review, 'a bc f.\n'.repeat(count));
      expect(undone.hunks.every(({ state }) => state === 'pending')).toBe(true);
    };
    expectLinearTime(undo, 2000, 'an undo of accepts');
  });

  it('whose text is edited by hand asks nothing more, and comes back with its undo', () => {
    const review = accepted(reviewOf('one {two|2 and} three'));
    const byHand = edited(review, [5, 1, '!']);
    expect(shown(byHand)).toBe('one {e:2!and} three');
    const back = edited(byHand, [5, 1, ' ']);
    expect(shown(back)).toBe('one {a:2 and} three');
    expect(shown(edited(back, [4, 5, 'two']))).toBe('one {p:two} three');
  });

  it('is not seen in what the author types at the end of a hunk that was never accepted', () => {
    expect(shown(edited(reviewOf('a {b|bc} d'), [3, 0, 'c']))).toBe('a {p:b}c d');
  });
});

describe('a place without text', () => {
  it('is kept between what is typed around it', () => {
    const review = reviewOf('# Soup\n{|Hot.}\n# End');
    expect(shown(edited(review, [0, 0, 'x']))).toBe('x# Soup\n{p:}\n# End');
    expect(shown(edited(review, [7, 0, 'x']))).toBe('# Soup\nx{p:}\n# End');
    expect(shown(edited(accepted(review), [7, 4, '']))).toBe('# Soup\n{p:}\n# End');
  });

  it('is displaced when what is around it goes, and comes back with it', () => {
    const gone = edited(reviewOf('# Soup is hot\n{|Hot.}\n# End of it all'), [5, 13, '']);
    expect(shown(gone)).toBe('# Sou{d:}nd of it all');
    expect(shown(edited(gone, [5, 0, 'p is hot\n\n# E']))).toBe('# Soup is hot\n{p:}\n# End of it all');
  });
});

describe('a change of everything', () => {
  const text = 'Slice the onion.\n\n![an onion](mask:)\n\nBoil the water.\n\n![hot water](mask:)\n\nServe.\n';
  const review = reviewOf(text.replaceAll('mask:', '{mask:|x.png}'));

  it('of line ends keeps every hunk, there and back', () => {
    const lines = reviewOf('a\n\n{b\nc|x\ny}\n\n{d|z}\n');
    const crlf = replaced(lines, lines.text.replaceAll('\n', '\r\n'));
    expect(shown(crlf)).toBe('a\r\n\r\n{p:b\r\nc}\r\n\r\n{p:d}\r\n');
    expect(shown(accepted(crlf))).toBe('a\r\n\r\n{a:x\r\ny}\r\n\r\n{a:z}\r\n');
    const back = replaced(accepted(crlf), 'a\n\nx\ny\n\nz\n');
    expect(shown(edited(back, [3, 3, 'b\nc']))).toBe('a\n\n{p:b\nc}\n\n{a:z}\n');
  });

  it('of line ends keeps the place of a displaced one', () => {
    const displaced = edited(reviewOf('a\n\n{b\nc|x}\n\nd\n'), [3, 1, 'B']);
    const crlf = replaced(displaced, displaced.text.replaceAll('\n', '\r\n'));
    expect(shown(crlf)).toBe('a\r\n\r\n{d:B\r\nc}\r\n\r\nd\r\n');
    expect(shown(edited(crlf, [5, 1, 'b']))).toBe('a\r\n\r\n{p:b\r\nc}\r\n\r\nd\r\n');
  });

  it('finds hunks again by what is around them', () => {
    const other = text.replace('Slice', '# Soup\n\nChop and slice').replace('Serve', 'Serve it hot');
    expect(shown(replaced(review, other))).toBe(other.replaceAll('mask:', '{p:mask:}'));
  });

  it('drops the hunk whose text went, and keeps the other of the same text', () => {
    const other = text
      .replace('![an onion](mask:)\n\n', '')
      .replace('Slice', 'Chop')
      .replace('Serve.', 'Serve hot.');
    const moved = replaced(review, other);
    expect(moved.hunks.map(({ state }) => state)).toEqual(['displaced', 'pending']);
    expect(other.slice(0, moved.hunks[1]!.place.start)).toMatch(/!\[hot water\]\($/);
  });

  it('displaces a hunk for which there are two places', () => {
    const doubled = 'Never\n\nmix mask: and\n\nmix mask: and\n\nmore';
    const moved = replaced(reviewOf('Always\n\nmix {mask:|x} and\n\nless'), doubled);
    expect(moved.hunks.map(({ state }) => state)).toEqual(['displaced']);
  });

  it('is undone', () => {
    const moved = replaced(review, 'Nothing of it.\n');
    expect(moved.hunks.map(({ state }) => state)).toEqual(['displaced', 'displaced']);
    expect(shown(replaced(moved, text))).toBe(shown(review));
  });

  it('is undone where the same text stands over and over', () => {
    const list = reviewOf('- soup\n'.repeat(20) + '- {soup|stew}\n' + '- soup\n'.repeat(20));
    const emptied = edited(list, [0, list.text.length, '']);
    expect(shown(emptied)).toBe('{d:}');
    expect(shown(edited(emptied, [0, 0, list.text]))).toBe(shown(list));
  });

  it('that reverts accepts and other edits finds the hunks', () => {
    const dirty = edited(accepted(review), [0, 5, 'Chop'], [text.length, 0, 'Then wait.\n']);
    expect(shown(replaced(dirty, text))).toBe(shown(review));
  });
});

describe('a text that was the same once before', () => {
  it('has an accepted hunk, not its copy, after the undo that takes the copy away', () => {
    const review = accepted(reviewOf('one {|new} two'));
    const copied = edited(review, [7, 0, 'new']);
    expect(shown(copied)).toBe('one {a:new}new two');
    expect(shown(undone(copied, [7, 3, '']))).toBe('one {a:new} two');
  });

  it('tells the undo of a word that was typed before the same one from the redo of its deletion', () => {
    const typed = edited(reviewOf('{ab|} c'), [0, 0, 'ab']);
    const back = undone(accepted(typed), [2, 0, 'ab']);
    expect(shown(back)).toBe('ab{p:ab} c');
    expect(shown(undone(back, [0, 2, '']))).toBe('{p:ab} c');
    expect(shown(undone(back, [2, 2, '']))).toBe('ab{a:} c');
  });

  it('has the hunk accepted that was, though it reads as after the accept of another', () => {
    const review = reviewOf('{a|ab}{a|ba} c');
    const first = accepted(review, 'r:m1');
    const back = undone(first, [0, 2, 'a']);
    expect(shown(back)).toBe(shown(review));
    const second = accepted(back, 'r:m2');
    expect(second.text).toBe(first.text);
    expect(shown(second)).toBe('{p:a}{a:ba} c');
    expect(shown(undone(edited(second, [0, 0, '-']), [0, 1, '']))).toBe('{p:a}{a:ba} c');
  });

  it('leaves a hunk where the edit that made it leaves it', () => {
    const review = accepted(reviewOf('{a|a b} b c'));
    const anchor = {
      mask: 'm1',
      kind: 'text',
      place: { start: 2, end: 2 },
      before: '',
      content: '',
      pictures: [],
      options: {},
    } as const;
    const begun = beginRun(review, 's', [anchor], provenance, review.text);
    const both = endRun(begun, 's', [{ mask: 'm1', after: ['new '], pictures: [] }]);
    // It reads as the undo of the accept, which took another `b`.
    expect(shown(edited(both, [2, 2, '']))).toBe('{p:a} {p:}b c');
  });

  it('has the hunk accepted that the edit is of, though another around it reads the same', () => {
    const around = accepted(reviewOf('{ab|a-b} c'));
    const anchor = {
      mask: 'm1',
      kind: 'text',
      place: { start: 0, end: 1 },
      before: 'a',
      content: 'a',
      pictures: [],
      options: {},
    } as const;
    const begun = beginRun(around, 's', [anchor], provenance, around.text);
    const inner = endRun(begun, 's', [{ mask: 'm1', after: ['a-'], pictures: [] }]);
    const both = undone(inner, [0, 3, 'ab']);
    const states = accepted(both, 's:m1').hunks.map(({ id, state }) => `${id} ${state}`);
    expect(states.sort()).toEqual(['r:m1 accepted', 's:m1 accepted']);
  });

  it('is known again by redo', () => {
    const review = reviewOf('{a|b}{a|b} c');
    const all = accepted(review);
    const back = undone(all, [0, 2, 'aa']);
    expect(shown(back)).toBe('{p:a}{p:a} c');
    const withoutFirst = rejectHunks(back, ['r:m1']);
    expect(shown(undone(withoutFirst, [0, 1, 'b'], [1, 1, 'b']))).toBe('b{a:b} c');
  });
});

describe('events that VS Code has joined', () => {
  it('are taken as one change of everything', () => {
    const review = reviewOf('At first {two|2} of three, and then {four|4} of five.');
    const text = 'At first xtwo of three, and then yfour of five.';
    const moved = rebase(
      review,
      [
        { rangeOffset: 9, rangeLength: 0, text: 'x' },
        { rangeOffset: text.indexOf('y'), rangeLength: 0, text: 'y' },
      ],
      text,
    );
    expect(shown(moved)).toBe('At first x{p:two} of three, and then y{p:four} of five.');
  });
});

describe('hunks in text that another wrote', () => {
  const first = accepted(reviewOf('a {b|soup is hot} c', 'r1'));
  const second = {
    text: first.text,
    hunks: [...first.hunks, ...reviewOf('a soup {is|was} hot c', 'r2').hunks],
  };

  it('follow their own accepts and undos', () => {
    const both = accepted(second, 'r2:m1');
    expect(both.hunks.map(({ id, state }) => `${id} ${state}`)).toEqual(['r1:m1 edited', 'r2:m1 accepted']);
    const once = edited(both, [7, 3, 'is']);
    expect(once.hunks.map(({ id, state }) => `${id} ${state}`)).toEqual(['r1:m1 accepted', 'r2:m1 pending']);
    const twice = edited(once, [2, 11, 'b']);
    expect(twice.hunks.map(({ id, state }) => `${id} ${state}`).sort()).toEqual([
      'r1:m1 pending',
      'r2:m1 displaced',
    ]);
    const redone = edited(twice, [2, 1, 'soup is hot']);
    expect(redone.hunks.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'r1:m1 accepted',
      'r2:m1 pending',
    ]);
  });
});
