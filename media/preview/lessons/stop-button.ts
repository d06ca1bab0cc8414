import type { FromPreview } from '../../../src/protocol/preview-messages.js';
import { button } from '../dom.js';
import { say } from '../strings.js';

/** Stops the lesson's run; shown while there is one. */
export function stopButton(send: (message: FromPreview) => void): HTMLButtonElement {
  const made = button({ icon: 'stop', label: say('stop'), title: say('stopTitle') }, () => {
    send({ type: 'stop-lesson' });
  });
  made.hidden = true;
  return made;
}
