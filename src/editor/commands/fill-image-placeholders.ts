import { activeDocument } from '../documents/active-document.js';
import { startRun } from '../runs/start-run.js';
import type { Command } from './command.js';

export const fillImagePlaceholders: Command = {
  id: 'oneflow.fillImagePlaceholders',
  run: (services) => startRun(services, activeDocument(services.workedOn), { kind: 'slots' }),
};
