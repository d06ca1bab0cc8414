import {
  CompletionItem,
  CompletionItemKind,
  type Disposable,
  languages,
  type Position,
  type TextDocument,
} from 'vscode';
import type { DocumentWorker } from '../documents/document-worker.js';
import type { EngineOwner } from '../engine/engine-owner.js';
import { loadModelChoices } from '../lazy.js';
import { editorRange } from '../offsets.js';

/** Options, styles and sizes inside a mark and in the destination of a slot. */
export function provideMarkCompletion(worker: DocumentWorker, engine: EngineOwner): Disposable {
  return languages.registerCompletionItemProvider(
    { language: 'markdown' },
    {
      provideCompletionItems: async (document, position, token) => {
        if (!mayComplete(document, position)) return undefined;
        const offset = document.offsetAt(position);
        const modelChoices = await loadModelChoices();
        const choices = await modelChoices(engine.modelDirectory);
        const found = await worker.call('completionsAt', document.getText(), offset, choices);
        if (token.isCancellationRequested) return undefined;
        return found.map(({ kind, label, text, range, explanation }, index) => {
          const isOption = kind === 'option';
          const item = new CompletionItem(
            label,
            isOption ? CompletionItemKind.Property : CompletionItemKind.EnumMember,
          );
          item.insertText = text;
          item.range = editorRange(document, range);
          // What is written is replaced, and with it the space or question mark that comes first.
          item.filterText = document.getText(item.range) === '' ? label : text.trim().replace(/^\?/, '');
          item.documentation = explanation;
          item.sortText = String(index).padStart(3, '0');
          // Behind `name=` the values come at once.
          if (isOption) item.command = { command: 'editor.action.triggerSuggest', title: '' };
          return item;
        });
      },
    },
    ...[' ', '=', '?', '&'],
  );
}

/** A quick look, since these characters are typed all the time: a mark or a slot is begun on this line. */
function mayComplete(document: TextDocument, position: Position): boolean {
  const before = document.lineAt(position.line).text.slice(0, position.character);
  return /<!--[ \t]*mask(?:[ \t][^>]*)?$|\]\(<?mask:[^)\s]*$/.test(before);
}
