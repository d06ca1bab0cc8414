/** How far the start of a line goes into quotes and list items (CommonMark §5, the first step of block parsing). */
import type { Container } from './blocks.js';
import type { BlockLayout, ContainerStep } from './types.js';

/** Where a line stands by what is written before its text. */
export interface PrefixMatch {
  /** The open containers that the line continues, outermost first. */
  readonly containers: readonly Container[];
  /** Quotes that the line opens. */
  readonly newQuotes: number;
  /** Columns of indentation beyond the containers. */
  readonly indent: number;
}

/** Reads the start of `line` (spaces, tabs and `>`, then a mark) against the containers that are open before it. */
export function matchPrefix(line: string, open: readonly Container[]): PrefixMatch {
  const reader = new PrefixReader(line);
  const containers: Container[] = [];
  for (const container of open) {
    if (!reader.enter(stepInto(container))) break;
    containers.push(container);
  }
  let newQuotes = 0;
  while (reader.enter({ kind: 'quote' })) newQuotes++;
  return { containers, newQuotes, indent: reader.indent };
}

/** The way into the containers of `match`, for lines that shall stand in the same place. */
export function stepsOf(match: PrefixMatch): ContainerStep[] {
  const newQuotes = Array.from({ length: match.newQuotes }, (): ContainerStep => ({ kind: 'quote' }));
  return [...match.containers.map(stepInto), ...newQuotes];
}

/**
 * The text of `line` without the prefix of `block`'s containers, and without the indentation that the block's marks
 * have as well: behind the prefix of the marks it then reads the same. Undefined when the line leaves one of the
 * containers.
 */
export function stripPrefix(line: string, { containers, indent, prefix }: BlockLayout): string | undefined {
  const reader = new PrefixReader(line);
  for (const step of containers) if (!reader.enter(step)) return undefined;
  return reader.rest(indent, widthOf(prefix));
}

/**
 * How much of `line` the containers that `steps` lead into take up, with indentation of up to three columns: where a
 * mark may stand on it. Undefined when the line leaves one of them.
 */
export function prefixLength(line: string, steps: readonly ContainerStep[]): number | undefined {
  const reader = new PrefixReader(line);
  for (const step of steps) if (!reader.enter(step)) return undefined;
  return reader.contentOffset;
}

/** A prefix that continues `containers` (outermost first): `> ` for quotes, spaces for list items. */
export function canonicalPrefix(containers: readonly Container[]): string {
  let prefix = '';
  let base = 0;
  for (const { kind, contentColumn } of containers) {
    if (kind === 'item') prefix = prefix.padEnd(base + contentColumn);
    else {
      prefix += '> ';
      base = prefix.length;
    }
  }
  return prefix;
}

export function stepInto(container: Container): ContainerStep {
  return container.kind === 'quote'
    ? { kind: 'quote' }
    : { kind: 'item', contentColumn: container.contentColumn };
}

class PrefixReader {
  readonly #line: string;
  #at = 0;
  #column = 0;
  /** The offset and the column at which the white space before `#at` begins. */
  #spaceStart: readonly [offset: number, column: number] = [0, 0];
  /** The column that the innermost quote's content begins at. */
  #base = 0;
  /** Columns after it that list items ask for. */
  #required = 0;

  constructor(line: string) {
    this.#line = line;
    this.#skipSpaces();
  }

  get indent(): number {
    return this.#column - this.#base - this.#required;
  }

  /** Where text stands, or before what would be the indentation of code. */
  get contentOffset(): number {
    return this.indent < 4 ? this.#at : this.#spaceFrom(this.#base + this.#required)[0];
  }

  /** Goes one container further, if the line does. */
  enter(step: ContainerStep): boolean {
    if (step.kind === 'item') {
      const isBlank = this.#at === this.#line.length;
      if (this.#column - this.#base < step.contentColumn && !isBlank) return false;
      this.#required = Math.min(step.contentColumn, this.#column - this.#base);
      return true;
    }
    if (this.#line[this.#at] !== '>' || this.indent >= 4) return false;
    this.#at++;
    this.#column++;
    // One column of white space belongs to the marker; of a tab the others are indentation.
    this.#base = this.#column + (this.#isSpace() ? 1 : 0);
    this.#required = 0;
    this.#skipSpaces();
    return true;
  }

  /** What follows the containers and up to `indent` columns of indentation, to be written at column `target`. */
  rest(indent: number, target: number): string {
    const from = this.#base + this.#required + Math.min(indent, this.indent);
    // There its tabs have to reach the same columns; of a tab that is cut in two the rest is spaces.
    const keepsTabs = (from - target) % TAB_STOP === 0;
    const [at, column] = keepsTabs ? this.#spaceFrom(from) : [this.#at, this.#column];
    return ' '.repeat(column - from) + this.#line.slice(at);
  }

  #isSpace(): boolean {
    return this.#line[this.#at] === ' ' || this.#line[this.#at] === '\t';
  }

  #skipSpaces(): void {
    this.#spaceStart = [this.#at, this.#column];
    for (; this.#isSpace(); this.#at++) this.#column = columnBehind(this.#line[this.#at]!, this.#column);
  }

  /** The first place in the white space before `#at` that is at `wanted` or, behind a tab, beyond. */
  #spaceFrom(wanted: number): readonly [offset: number, column: number] {
    let [at, column] = this.#spaceStart;
    for (; column < wanted; at++) column = columnBehind(this.#line[at]!, column);
    return [at, column];
  }
}

const TAB_STOP = 4;

/** The column behind `unit`, which is at `column`. */
function columnBehind(unit: string, column: number): number {
  return unit === '\t' ? column + TAB_STOP - (column % TAB_STOP) : column + 1;
}

function widthOf(prefix: string): number {
  let column = 0;
  for (const unit of prefix) column = columnBehind(unit, column);
  return column;
}
