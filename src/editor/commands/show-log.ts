import type { Command } from './command.js';

export const showLog: Command = {
  id: 'oneflow.showLog',
  run: ({ log }) => {
    log.show();
  },
};
