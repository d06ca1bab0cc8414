import { describe, expect, it } from 'vitest';
import { beginRun, emptyReview, endRun, propose } from '../../../../src/core/review/index.js';
import { accepted, edited, hunk, provenance, reviewOf, shown, written } from './support.js';

const { text, anchors, proposals } = written('one {two|2} three {four|4}');
const begun = beginRun(emptyReview(text), 'r', anchors, provenance, text);

describe('a run', () => {
  it('has its hunks from the beginning, and they follow edits during it', () => {
    expect(shown(begun)).toBe('one {r:two} three {r:four}');
    const typed = edited(edited(begun, [0, 0, 'x ']), [7, 1, 'W']);
    expect(shown(typed)).toBe('x one {d:tWo} three {r:four}');
    const ended = endRun(typed, 'r', proposals);
    expect(shown(ended)).toBe('x one {d:tWo} three {p:four}');
    expect(shown(edited(ended, [7, 1, 'w']))).toBe('x one {p:two} three {p:four}');
  });

  it('whose text comes back during it goes on', () => {
    expect(shown(edited(edited(begun, [4, 3, '']), [4, 0, 'two']))).toBe('one {r:two} three {r:four}');
  });

  it('finds its places in a document that has been edited since the snapshot', () => {
    const late = beginRun(emptyReview(`zero ${text}`), 'r', anchors, provenance, text);
    expect(shown(late)).toBe('zero one {r:two} three {r:four}');
  });

  it('that proposes nothing leaves no hunks', () => {
    expect(endRun(begun, 'r', []).hunks).toEqual([]);
  });

  it('records what each hunk was made with: the mark’s options before its own', () => {
    const marked = anchors.map((anchor) => ({ ...anchor, options: { seed: 3, strength: 0.5 } }));
    const run = beginRun(emptyReview(text), 'r', marked, provenance, text);
    const ended = endRun(run, 'r', proposals, { device: 'webgpu', steps: 12 });
    expect(hunk(ended, 'r:m1').provenance).toEqual({
      ...provenance,
      device: 'webgpu',
      steps: 12,
      seed: 3,
      strength: 0.5,
    });
  });

  it('takes the place of hunks that wait there, not of those that are accepted or lie elsewhere', () => {
    const waiting = reviewOf('one {two|2} three {four|4} {five|5}', 'old');
    const review = accepted(waiting, 'old:m1');
    const again = written('{one 2|x} three {four|y} five');
    const next = beginRun(review, 'new', again.anchors, provenance, review.text);
    expect(next.hunks.map(({ id }) => id)).toEqual(['new:m1', 'old:m1', 'new:m2', 'old:m3']);
  });

  it('may be given other proposals, which an accepted hunk does not take', () => {
    const ended = accepted(endRun(begun, 'r', proposals), 'r:m1');
    const other = proposals.map((proposal) => ({ ...proposal, after: ['other'] }));
    expect(propose(ended, 'r', other).hunks.map(({ after }) => after)).toEqual([['2'], ['other']]);
  });
});
