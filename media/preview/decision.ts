/** Accepting and rejecting one change. */
import type { FromPreview, PreviewHunk } from '../../src/protocol/preview-messages.js';
import { button, element, setAttributes } from './dom.js';
import { say } from './strings.js';

/** Characters of a change that name it. */
const longestName = 60;

/** Both buttons for a change; `describeDecision` tells of which one. */
export function decisionButtons(hunkId: string, send: (message: FromPreview) => void): HTMLElement {
  const made = (['accept', 'reject'] as const).map((type) =>
    button({ icon: type, label: say(type), kind: 'quiet' }, () => {
      send({ type, hunkId });
    }),
  );
  return element('div', { class: 'note-buttons' }, ...made);
}

/** Names the change that the buttons are about, the `index`th of all, and lets it be accepted if it can be. */
export function describeDecision(buttons: HTMLElement, hunk: PreviewHunk, index: number): void {
  const [accept, reject] = buttons.querySelectorAll('button');
  const name = nameOf(hunk);
  accept!.disabled = hunk.state !== 'pending';
  setAttributes(accept!, { 'aria-label': say('acceptSuggestion', index + 1, name) });
  setAttributes(reject!, { 'aria-label': say('rejectSuggestion', index + 1, name) });
}

/** What a change writes, in a few words. */
export function nameOf({ after, before }: PreviewHunk): string {
  const text = after.map((piece) => (typeof piece === 'string' ? piece : '')).join('');
  const words = (text.trim() === '' ? before : text).replaceAll(/\s+/g, ' ').trim();
  return words.length > longestName ? `${words.slice(0, longestName - 1)}…` : words;
}
