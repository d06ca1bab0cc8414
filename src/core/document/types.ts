/** What a marked document is made of. All offsets are UTF-16 units into the source; ranges are half-open. */

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Something that holds or does not on either side of a place. */
export interface Sides {
  readonly before: boolean;
  readonly after: boolean;
}

/** One replacement in a source, in UTF-16 units. */
export interface TextEdit {
  readonly range: Range;
  readonly text: string;
}

/** Where an author finds something: both 1-based, columns in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export type DocumentErrorCode =
  | 'mark-unclosed'
  | 'mark-stray-closer'
  | 'mark-nested'
  | 'mark-malformed'
  | 'mark-misplaced'
  | 'span-forms-differ'
  | 'span-crosses'
  | 'span-several-blocks'
  | 'span-not-whole-blocks'
  | 'slot-not-image'
  | 'slot-in-picture-mask'
  | 'option-unknown'
  | 'option-repeated'
  | 'option-malformed'
  | 'option-out-of-range'
  | 'option-misplaced'
  | 'option-not-in-model'
  | 'nesting-too-deep';

/** One sentence on what is wrong, where, and what to write instead. */
export interface DocumentError extends Place {
  readonly code: DocumentErrorCode;
  readonly message: string;
}

/** An error with what it is about. */
export interface DocumentProblem extends DocumentError {
  readonly range: Range;
}

export type DocumentWarningCode =
  | 'inline-mark-begins-line'
  | 'mark-in-html'
  | 'slot-without-alt'
  | 'picture-not-found'
  | 'picture-context-missing';

/** Something an author should know that does not stop a run. */
export interface DocumentWarning extends Place {
  readonly code: DocumentWarningCode;
  readonly message: string;
  /** What it is about. */
  readonly range: Range;
}

/** The options of a mark, checked for syntax and range. */
export interface MaskOptions {
  /** 0–1: how much of the current text or picture is corrupted; 1 starts from nothing. */
  readonly strength?: number;
  /** Exactly so many tokens; text only. */
  readonly length?: number;
  /** At most so many tokens; text only. */
  readonly max?: number;
  /** 0 – 2³²−1. */
  readonly seed?: number;
  /** 0–20. */
  readonly guidance?: number;
  /** One of the model's style names; pictures only. */
  readonly style?: string;
  /** Edge of the written picture in pixels; pictures only. */
  readonly size?: number;
}

/** One thing to refine: a text span, a picture to redraw, or an image slot. */
export interface Mask extends Place {
  /** `m1`, `m2`, … in document order. */
  readonly id: string;
  readonly kind: 'text' | 'image';
  /** `inline` and `cell`: within one line of text; `block`: own-line marks; `slot`: an image whose destination is `mask:`. */
  readonly form: 'inline' | 'cell' | 'block' | 'slot';
  /**
   * What accepting replaces: from opener to closer, both included; own-line marks include their own line ends (but not
   * the prefix before the opener). Of a slot it is the destination alone, while `line` and `column` are the image's.
   */
  readonly range: Range;
  /** The text between the marks as it is in the source; of a picture its current destination, or ''. */
  readonly before: string;
  /** Pictures: the alt text, marks taken out. */
  readonly alt?: string;
  readonly options: MaskOptions;
}

/** An image of the document, masked or not. */
export interface Picture {
  readonly range: Range;
  /** With the links and emphasis around it that hold nothing else. */
  readonly outer: Range;
  /** Between `![` and `]`, marks included. */
  readonly alt: Range;
  /** The destination as the author means it (escapes and entities resolved), '' when there is none. */
  readonly destination: string;
  /** Where the destination stands; missing when it comes from a link reference definition. */
  readonly destinationRange?: Range;
  /** The mask that redraws or fills this picture. */
  readonly maskId?: string;
}

/** How a masked text span or own-line picture lies in the source. */
export interface SpanLayout {
  /** Between the marks: for own-line marks from the opener's line end to the start of the closer's line. */
  readonly content: Range;
  /** Inline and cell: the mark is the first thing on its line (after quote and list markers). */
  readonly beginsLine: boolean;
  /** It stands in the text of a link. */
  readonly inLink: boolean;
  /** It stands in emphasis. */
  readonly inEmphasis: boolean;
  /** Inline and cell: where a result needs a space to part it from what stands there. */
  readonly touches: Sides;
  /** Own-line marks only. */
  readonly block?: BlockLayout;
}

export interface BlockLayout {
  /** The whole lines from the opener's to the closer's, container prefixes included. */
  readonly lines: Range;
  /** What stands before the opener: spaces, tabs and `>` only. It continues the containers on every line of a result. */
  readonly prefix: string;
  /** The containers that `prefix` continues, outermost first. */
  readonly containers: readonly ContainerStep[];
  /** Columns of indentation that `prefix` has beyond its containers. */
  readonly indent: number;
  /** The closer's line end: '' at the end of a document without a final newline. */
  readonly finalLineEnd: string;
  /**
   * What touches the mark from above and would take a paragraph in: an HTML block (anything that follows it), the text
   * of a list item that the mark does not stand in (all but a further item), or other text.
   */
  readonly above: 'nothing' | 'html' | 'item' | 'text';
  /**
   * What touches the mark from below and would become part of a paragraph: a numbered item that is not the first (but
   * not after another item), or other text.
   */
  readonly below: 'nothing' | 'item' | 'text';
}

/** One step into a container: past a quote's `>`, or to a list item's content column (relative to the quote around). */
export type ContainerStep =
  { readonly kind: 'quote' } | { readonly kind: 'item'; readonly contentColumn: number };

/** What the functions of this folder need to know beyond the masks. */
export interface DocumentLayout {
  /** Where the text begins: after a byte order mark and front matter. */
  readonly bodyStart: number;
  /** What is not there in the mark-free document, in order: inline marks, and whole lines of own-line marks. */
  readonly marks: readonly Range[];
  /** By mask id; slots have none. */
  readonly spans: ReadonlyMap<string, SpanLayout>;
  /** In document order. */
  readonly pictures: readonly Picture[];
  /** The most frequent line end of the document, of the first when even; '\n' when there is none. */
  readonly lineEnd: string;
}

export interface MarkedDocument {
  readonly source: string;
  /** In document order. */
  readonly masks: readonly Mask[];
  readonly warnings: readonly DocumentWarning[];
  readonly layout: DocumentLayout;
}
