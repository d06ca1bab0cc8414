import { commands, Disposable } from 'vscode';
import { reportFailure } from '../failure.js';
import type { Services } from '../services.js';
import { acceptAll } from './accept-all.js';
import { acceptHunk } from './accept-hunk.js';
import type { Command } from './command.js';
import { compareHunk } from './compare-hunk.js';
import { compareModes } from './compare-modes.js';
import { copyDiagnostics } from './copy-diagnostics.js';
import { fillImagePlaceholders } from './fill-image-placeholders.js';
import { insertImageSlot } from './insert-image-slot.js';
import { maskPicture } from './mask-picture.js';
import { maskSelection } from './mask-selection.js';
import { nextHunk } from './next-hunk.js';
import { openPreview } from './open-preview.js';
import { previousHunk } from './previous-hunk.js';
import { refineDocument } from './refine-document.js';
import { refineText } from './refine-text.js';
import { regenerateHunk } from './regenerate-hunk.js';
import { regenerateMark } from './regenerate-mark.js';
import { regenerateSelectedSection } from './regenerate-selected-section.js';
import { rejectAll } from './reject-all.js';
import { rejectHunk } from './reject-hunk.js';
import { removeAllMarks } from './remove-all-marks.js';
import { revealHunk } from './reveal-hunk.js';
import { reveal } from './reveal.js';
import { selectDevice } from './select-device.js';
import { selectModel } from './select-model.js';
import { showLog } from './show-log.js';
import { stop } from './stop.js';
import { unmask } from './unmask.js';

const all: readonly Command[] = [
  acceptAll,
  acceptHunk,
  compareHunk,
  compareModes,
  copyDiagnostics,
  fillImagePlaceholders,
  insertImageSlot,
  maskPicture,
  maskSelection,
  nextHunk,
  openPreview,
  previousHunk,
  refineDocument,
  refineText,
  regenerateHunk,
  regenerateMark,
  regenerateSelectedSection,
  rejectAll,
  rejectHunk,
  removeAllMarks,
  reveal,
  revealHunk,
  selectDevice,
  selectModel,
  showLog,
  stop,
  unmask,
];

/** Registers every command. A failure of one is shown, never thrown at the one who called it. */
export function registerCommands(services: Services): Disposable {
  return Disposable.from(
    ...all.map(({ id, run }) =>
      commands.registerCommand(id, async (...args: unknown[]) => {
        try {
          return await run(services, ...args);
        } catch (error) {
          reportFailure(services.log, error);
          return undefined;
        }
      }),
    ),
  );
}
