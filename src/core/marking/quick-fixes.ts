/** Edits that mend what is wrong with a mark. Each is offered only when what it makes parses with fewer errors. */
import * as l10n from '@vscode/l10n';
import { applyEdits, deletion, insertion, moved } from '../document/edits.js';
import type { DocumentProblem, DocumentWarning, Range } from '../document/index.js';
import { joinRanges, removalOf } from '../document/mark-free.js';
import type { MarkCandidate } from '../document/mark-scan.js';
import { nearestValue, optionsFor } from '../document/options.js';
import { pairMarks, type MarkPair } from '../document/pairs.js';
import { analyzeDocument } from '../document/parse.js';
import { closersOf } from './closers.js';
import { lineStartOf, readManuscript, type Manuscript } from './manuscript.js';
import { maskSelection } from './mask-selection.js';
import type { TextEdit } from '../document/index.js';

export interface QuickFix {
  /** In the imperative, with what is written or removed. */
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** The error or warning that it mends. */
  readonly problem: DocumentProblem | DocumentWarning;
  /** The one that most authors would take. */
  readonly isPreferred: boolean;
}

type Draft = Omit<QuickFix, 'problem' | 'isPreferred'>;

/** The fixes for the errors and warnings of `source` that `range` touches, the likeliest of each first. */
export function quickFixesAt(source: string, range: Range): QuickFix[] {
  const manuscript = readManuscript(source);
  const { problems, document } = manuscript;
  const touched = [...problems, ...document.warnings].filter(
    (problem) => problem.range.start <= range.end && range.start <= problem.range.end,
  );
  return touched.flatMap((problem) =>
    draftsFor(manuscript, problem)
      .filter(({ edits }) => mends(manuscript, problem, edits))
      .map((draft, index) => ({ ...draft, problem, isPreferred: index === 0 })),
  );
}

/** Whether `edits` mend `problem` and leave no more errors than before. An error that it was hiding may appear. */
function mends(
  { reading, problems, document }: Manuscript,
  problem: DocumentProblem | DocumentWarning,
  edits: readonly TextEdit[],
): boolean {
  const after = analyzeDocument(applyEdits(reading.source, edits));
  const count = (all: readonly { readonly code: string }[]): number =>
    all.filter(({ code }) => code === problem.code).length;
  return (
    after.problems.length <= problems.length &&
    count(after.problems) + count(after.document.warnings) < count(problems) + count(document.warnings)
  );
}

function draftsFor(manuscript: Manuscript, { code, range }: DocumentProblem | DocumentWarning): Draft[] {
  const mark = manuscript.reading.marks.find(({ mark: { start } }) => start === range.start)?.mark;
  switch (code) {
    case 'mark-unclosed':
      return mark ? [...addCloser(manuscript, mark), makeEmpty(mark), remove(manuscript, mark)] : [];
    case 'mark-nested':
      return mark ? [...closeBefore(manuscript, mark), ...removePair(manuscript, mark)] : [];
    case 'mark-stray-closer':
      return mark ? [remove(manuscript, mark)] : [];
    case 'mark-malformed':
      return mark ? finish(manuscript, mark) : [];
    case 'span-forms-differ':
    case 'span-crosses':
    case 'span-several-blocks':
    case 'span-not-whole-blocks':
    case 'inline-mark-begins-line':
      return mark ? [...maskAnew(manuscript, mark), ...removePair(manuscript, mark)] : [];
    case 'mark-misplaced':
    case 'nesting-too-deep':
    case 'slot-in-picture-mask':
      return mark ? removePair(manuscript, mark) : [];
    case 'slot-not-image':
      return makeImage(manuscript, range);
    case 'option-unknown':
      return [...renameOption(manuscript, range), ...removeOption(manuscript, range)];
    case 'option-malformed':
    case 'option-out-of-range':
      return isWholeSlot(manuscript, range)
        ? [writeSlot(manuscript, range)]
        : [...rewriteOption(manuscript, range), ...removeOption(manuscript, range)];
    case 'option-repeated':
    case 'option-misplaced':
    case 'option-not-in-model':
      return removeOption(manuscript, range);
    case 'mark-in-html':
      return partFromHtml(manuscript, range);
    case 'slot-without-alt':
    case 'picture-not-found':
    case 'picture-context-missing':
      return [];
  }
}

// ---- marks

function addCloser(manuscript: Manuscript, opener: MarkCandidate): Draft[] {
  return closersOf(manuscript, opener).map((edit) => ({
    title: l10n.t('Add the closer `<!--/mask-->`'),
    edits: [edit],
  }));
}

function makeEmpty({ end }: MarkCandidate): Draft {
  return {
    title: l10n.t('Make this an empty mask: `<!--mask/-->`'),
    edits: [insertion(end - '-->'.length, '/')],
  };
}

function remove({ reading }: Manuscript, mark: MarkCandidate): Draft {
  return {
    title: l10n.t('Remove this mark'),
    edits: [deletion(removalOf(mark, reading.lines, reading.bodyStart))],
  };
}

/** An opener goes with its closer. */
function removePair(manuscript: Manuscript, mark: MarkCandidate): Draft[] {
  const pair = pairOf(manuscript, mark);
  if (!pair || pair.opener === pair.closer) return [remove(manuscript, mark)];
  return [{ title: l10n.t('Remove the marks of this mask'), edits: removalOfPair(manuscript, pair) }];
}

function pairOf({ reading }: Manuscript, mark: MarkCandidate): MarkPair | undefined {
  return pairMarks(reading.marks, reading.lines).pairs.find(
    ({ opener, closer }) => opener.mark === mark || closer.mark === mark,
  );
}

function removalOfPair({ reading }: Manuscript, { opener, closer }: MarkPair): TextEdit[] {
  const removals = [opener.mark, closer.mark].map((mark) =>
    removalOf(mark, reading.lines, reading.bodyStart),
  );
  // Both take the same line with them where they have it to themselves.
  return joinRanges(removals).map(deletion);
}

function closeBefore(manuscript: Manuscript, nested: MarkCandidate): Draft[] {
  const open = manuscript.reading.marks.findLast(
    ({ mark, position }) => position.kind !== 'text' && mark.kind === 'open' && mark.start < nested.start,
  );
  return open
    ? closersOf(manuscript, open.mark, nested.start).map((edit) => ({
        title: l10n.t('Close the mask before this one'),
        edits: [edit],
      }))
    : [];
}

function finish({ reading }: Manuscript, mark: MarkCandidate): Draft[] {
  const { source } = reading;
  if (mark.kind === 'close' && source.slice(mark.start, mark.end).endsWith('-->')) {
    return [
      {
        title: l10n.t('Write `<!--/mask-->`'),
        edits: [{ range: { start: mark.start, end: mark.end }, text: '<!--/mask-->' }],
      },
    ];
  }
  const keywordEnd = source.indexOf('mask', mark.start) + 'mask'.length;
  return [{ title: l10n.t('End the mark here: write `-->`'), edits: [insertion(keywordEnd, '-->')] }];
}

/** The mask where one like it may stand: the marks taken out, and what was between them masked by the rules. */
function maskAnew(manuscript: Manuscript, mark: MarkCandidate): Draft[] {
  const pair = pairOf(manuscript, mark);
  if (!pair || pair.opener === pair.closer) return [];
  const { source } = manuscript.reading;
  const removals = removalOfPair(manuscript, pair);
  const without = applyEdits(source, removals);
  const content = {
    start: moved(pair.opener.mark.end, removals),
    end: moved(pair.closer.mark.start, removals),
  };
  const result = maskSelection(without, [content]);
  if (!result.ok || result.edits.length !== 2) return [];
  const opener = source.slice(pair.opener.mark.start, pair.opener.mark.end);
  const edits = inSource(removals, result.edits).map(({ range, text }) => ({
    range,
    text: text.replace('<!--mask-->', () => opener),
  }));
  return [{ title: l10n.t('Put the marks where they may stand'), edits }];
}

/** Insertions into the text without `removals`, as edits of the text that has them. */
function inSource(removals: readonly TextEdit[], insertions: readonly TextEdit[]): TextEdit[] {
  const edits: TextEdit[] = removals.map((edit) => edit);
  for (const { range, text } of insertions) {
    let at = range.start;
    let joined = -1;
    removals.forEach((removal, index) => {
      if (removal.range.start < at) at += removal.range.end - removal.range.start;
      else if (removal.range.start === at) joined = index;
    });
    if (joined >= 0) edits[joined] = { range: removals[joined]!.range, text: edits[joined]!.text + text };
    else edits.push(insertion(at, text));
  }
  return edits.sort((a, b) => a.range.start - b.range.start);
}

// ---- slots

function makeImage(manuscript: Manuscript, range: Range): Draft[] {
  const { source } = manuscript.reading;
  const bracket = source.lastIndexOf('](', range.start);
  const opening = source.lastIndexOf('[', bracket);
  const drafts: Draft[] = [];
  if (bracket >= 0 && opening >= 0 && source[opening - 1] !== '!') {
    drafts.push({ title: l10n.t('Make this link an image slot'), edits: [insertion(opening, '!')] });
  }
  const rest = /^[^)\r\n]*(?=\))/.exec(source.slice(range.start, range.start + 200))?.[0] ?? '';
  const destination = rest.replace(/[ \t]+(?:"[^"]*"|'[^']*')[ \t]*$/, '');
  if (/[ \t]/.test(destination)) {
    drafts.push(writeSlot(manuscript, { start: range.start, end: range.start + destination.length }));
  }
  return drafts;
}

/** Whether `range` is a slot's destination, not one of its options. */
function isWholeSlot({ reading }: Manuscript, { start }: Range): boolean {
  return /^<?mask:/.test(reading.source.slice(start, start + '<mask:'.length));
}

/** The slot at `range` with what can be read as its options, in the form that options have there. */
function writeSlot({ reading }: Manuscript, range: Range): Draft {
  const written = reading.source.slice(range.start, range.end).replace(/^<?mask:|>$/g, '');
  const options = written.split(/[\s?&,;]+/).filter((word) => /^\w+=[^=]+$/.test(word));
  const text = `mask:${options.length > 0 ? '?' : ''}${options.join('&')}`;
  return { title: l10n.t('Write `{0}`', text), edits: [{ range, text }] };
}

function partFromHtml({ reading, lineEnd }: Manuscript, { start }: Range): Draft[] {
  const lineStart = lineStartOf(reading, start);
  const [prefix] = /^[ \t>]*/.exec(reading.source.slice(lineStart, start))!;
  const blankLine = prefix.trimEnd() + lineEnd;
  return [{ title: l10n.t('Put a blank line before it'), edits: [insertion(lineStart, blankLine)] }];
}

// ---- options

const WRITTEN = /^([^\s=&]+)(?:=("?)([^"]*)"?)?$/;

function renameOption({ reading }: Manuscript, range: Range): Draft[] {
  const name = WRITTEN.exec(reading.source.slice(range.start, range.end))?.[1];
  if (name === undefined) return [];
  const near = [...new Set([...optionsFor('text'), ...optionsFor('image')].map((option) => option.name))]
    .map((option) => ({
      option,
      distance: option.startsWith(name) ? 1 : distance(name.toLowerCase(), option),
    }))
    .filter((found) => found.distance <= Math.min(2, found.option.length / 2))
    .sort((a, b) => a.distance - b.distance);
  return near.map(({ option }) => ({
    title: l10n.t('Write `{0}`', option),
    edits: [{ range: { start: range.start, end: range.start + name.length }, text: option }],
  }));
}

function rewriteOption({ reading }: Manuscript, range: Range): Draft[] {
  const [, name = '', , value = ''] = WRITTEN.exec(reading.source.slice(range.start, range.end)) ?? [];
  const option = [...optionsFor('text'), ...optionsFor('image')].find((guide) => guide.name === name);
  if (!option) return [];
  const text = `${name}=${(value === '' ? undefined : nearestValue(name, value)) ?? option.example}`;
  return [{ title: l10n.t('Write `{0}`', text), edits: [{ range, text }] }];
}

/** With the space before it, or with one of the signs that join it to the others. */
function removeOption(manuscript: Manuscript, range: Range): Draft[] {
  if (isWholeSlot(manuscript, range)) return [];
  const { source } = manuscript.reading;
  let { start, end } = range;
  if (source[start - 1] === '&') start--;
  else if (source[start - 1] === '?') {
    if (source[end] === '&') end++;
    else start--;
  } else while (/[ \t]/.test(source[start - 1] ?? '')) start--;
  return [
    {
      title: l10n.t('Remove `{0}`', source.slice(range.start, range.end)),
      edits: [deletion({ start, end })],
    },
  ];
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length && i < 40; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (a[i] === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1)!;
}
