import type { RefineRequest } from '../../../src/protocol/engine-messages.js';

/** A document with a text and a picture to be made: what tests of the engine have refined. */
export const soup: RefineRequest['segments'] = [
  { kind: 'text', text: '# Soup\n\nSimmer' },
  { kind: 'span', id: 'm1', form: 'inline', text: '', strength: 1 },
  { kind: 'text', text: '.\n\n![a red tomato](' },
  { kind: 'picture', id: 'm2', alt: 'a red tomato', masked: true, strength: 1 },
  { kind: 'text', text: ')\n' },
];
