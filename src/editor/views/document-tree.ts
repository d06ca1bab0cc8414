import {
  type Command,
  Disposable,
  EventEmitter,
  l10n,
  type TextDocument,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  window,
} from 'vscode';
import type { Mask } from '../../core/document/types.js';
import { coverOf } from '../../core/review/index.js';
import type { Hunk } from '../../protocol/review.js';
import type { HunkArgument, PlaceArgument } from '../command-arguments.js';
import type { Analyses } from '../documents/analyses.js';
import type { WorkedOn } from '../documents/worked-on.js';
import { proposedLine } from '../review/hunk-text.js';
import type { Reviews } from '../review/reviews.js';

/** An item; the commands of its buttons are called with it. */
type Entry =
  | (PlaceArgument & { readonly kind: 'mask'; readonly mask: Mask })
  | (HunkArgument & { readonly kind: 'hunk'; readonly proposal: Hunk });

/** Lists the marks and hunks of the Markdown document that is looked at, in its order. */
export class DocumentTree implements TreeDataProvider<Entry> {
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(
    private readonly workedOn: WorkedOn,
    private readonly analyses: Analyses,
    private readonly reviews: Reviews,
  ) {}

  register(): Disposable {
    const view = window.createTreeView('oneflow.document', { treeDataProvider: this });
    const update = (): void => {
      const count = this.#hunks().length;
      view.badge =
        count === 0 ? undefined : { value: count, tooltip: l10n.t('{0} suggestions to review', count) };
      this.#changed.fire(undefined);
    };
    update();
    return Disposable.from(
      view,
      this.#changed,
      this.analyses.onDidChange(update),
      this.reviews.onDidChange(update),
      this.workedOn.onDidChange(update),
    );
  }

  /** Still listed while another text has the focus. */
  get #document(): TextDocument | undefined {
    return this.workedOn.last;
  }

  getChildren(parent?: Entry): Entry[] {
    if (parent !== undefined || this.#document === undefined) return [];
    const hunks = this.#hunks();
    const isReviewed = coverOf(hunks);
    const masks = this.analyses.of(this.#document.uri)?.analysis.masks ?? [];
    const uri = this.#document.uri.toString();
    const start = (entry: Entry): number =>
      entry.kind === 'mask' ? entry.offset : entry.proposal.place.start;
    return [
      // A mark that has a suggestion is shown by it.
      ...masks
        .filter(({ range }) => !isReviewed(range))
        .map((mask): Entry => ({ kind: 'mask', uri, offset: mask.range.start, mask })),
      ...hunks.map((proposal): Entry => ({ kind: 'hunk', uri, hunk: proposal.id, proposal })),
    ].sort((a, b) => start(a) - start(b));
  }

  getTreeItem(entry: Entry): TreeItem {
    return entry.kind === 'mask' ? this.#maskItem(entry.mask) : this.#hunkItem(entry.proposal);
  }

  #hunks(): readonly Hunk[] {
    if (this.#document === undefined) return [];
    return this.reviews.openHunksOf(this.#document.uri);
  }

  #maskItem({ form, kind, before, alt, line, range }: Mask): TreeItem {
    const text = kind === 'image' ? (alt ?? '') : before.replace(/\s+/g, ' ').trim();
    const empty = kind === 'image' ? l10n.t('a picture without a description') : l10n.t('something new');
    const item = new TreeItem(text === '' ? empty : text, TreeItemCollapsibleState.None);
    item.description = l10n.t('line {0}', line);
    item.iconPath = new ThemeIcon(kind === 'image' ? 'file-media' : 'edit');
    item.contextValue = form === 'slot' ? 'slot' : 'mask';
    item.command = this.#reveal(range.start);
    item.tooltip = kind === 'image' ? l10n.t('Picture to draw') : l10n.t('Text to refine');
    item.accessibilityInformation = { label: `${item.tooltip}: ${text}, ${item.description}` };
    return item;
  }

  #hunkItem(hunk: Hunk): TreeItem {
    const item = new TreeItem(proposedLine(hunk) || l10n.t('nothing'), TreeItemCollapsibleState.None);
    const isPending = hunk.state === 'pending';
    item.id = hunk.id;
    item.description = isPending ? l10n.t('suggestion') : l10n.t('its text has changed');
    item.iconPath = new ThemeIcon(isPending ? 'diff-modified' : 'warning');
    item.contextValue = isPending ? 'hunk' : 'displacedHunk';
    item.command = {
      command: 'oneflow.revealHunk',
      title: l10n.t('Show'),
      arguments: [{ uri: this.#document!.uri.toString(), hunk: hunk.id } satisfies HunkArgument],
    };
    return item;
  }

  #reveal(offset: number): Command {
    const { uri } = this.#document!;
    return {
      command: 'oneflow.reveal',
      title: l10n.t('Show'),
      arguments: [{ uri: uri.toString(), offset } satisfies PlaceArgument],
    };
  }
}
