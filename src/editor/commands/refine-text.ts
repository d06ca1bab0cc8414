import { activeDocument } from '../documents/active-document.js';
import { startRun } from '../runs/start-run.js';
import type { Command } from './command.js';

export const refineText: Command = {
  id: 'oneflow.refineText',
  run: (services) => startRun(services, activeDocument(services.workedOn), { kind: 'text' }),
};
