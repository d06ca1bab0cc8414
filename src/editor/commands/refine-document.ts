import { activeDocument } from '../documents/active-document.js';
import { startRun } from '../runs/start-run.js';
import type { Command } from './command.js';

export const refineDocument: Command = {
  id: 'oneflow.refineDocument',
  run: (services) => startRun(services, activeDocument(services.workedOn), { kind: 'document' }),
};
