import type { Command } from './command.js';

/** What the two ways of generating cost, shown with the model itself on the page "How it works". */
export const compareModes: Command = {
  id: 'oneflow.compareModes',
  run: ({ previews }) => {
    return previews.open('lessons');
  },
};
