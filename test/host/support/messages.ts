import { setup, teardown } from 'mocha';
import * as vscode from 'vscode';
import { closeAll } from './documents.js';

/** Messages that VS Code would show, and who answers its questions: nobody can click in a test. */
export interface Messages {
  readonly shown: readonly string[];
  /** The buttons of all of them. */
  readonly offered: readonly string[];
  /** Chooses this button of the next message that has it. */
  choose(button: string): void;
  /** Types this into the next input box, at once or after a while; undefined leaves it with Escape. */
  type(text: Answer): void;
  /** The lists that were shown to choose from. */
  readonly lists: readonly (readonly vscode.QuickPickItem[])[];
  /** Chooses the item whose label ends so from the next list; without one it is left with Escape. */
  pick(label: string): void;
  /** Takes what was shown so far out of `shown`. */
  clear(): void;
  dispose(): void;
}

type Answer = string | undefined | (() => Promise<string>);
type Show = (message: string, ...rest: unknown[]) => Thenable<unknown>;

const kinds = ['showInformationMessage', 'showWarningMessage', 'showErrorMessage'] as const;

/** Takes the place of VS Code's messages and input boxes until it is disposed. */
export function interceptMessages(): Messages {
  const shown: string[] = [];
  const offered: string[] = [];
  const buttons: string[] = [];
  const inputs: Answer[] = [];
  const lists: (readonly vscode.QuickPickItem[])[] = [];
  const picks: string[] = [];
  const show: Show = async (message, ...rest) => {
    shown.push(message);
    const buttonsHere = rest.filter((item) => typeof item === 'string');
    offered.push(...buttonsHere);
    const choice = buttonsHere.find((item) => buttons.includes(item));
    if (choice === undefined) return undefined;
    buttons.splice(buttons.indexOf(choice), 1);
    return choice;
  };
  const window = vscode.window as unknown as Record<string, unknown>;
  const replaced = Object.fromEntries(
    [...kinds, 'showInputBox', 'showQuickPick'].map((name) => [name, window[name]]),
  );
  for (const kind of kinds) window[kind] = show;
  window['showInputBox'] = async () => {
    const answer = inputs.shift();
    return typeof answer === 'function' ? answer() : answer;
  };
  window['showQuickPick'] = async (given: Thenable<vscode.QuickPickItem[]> | vscode.QuickPickItem[]) => {
    const items = await given;
    lists.push(items);
    const label = picks.shift();
    return label === undefined ? undefined : items.find((item) => item.label.endsWith(label));
  };
  return {
    shown,
    offered,
    choose: (button) => buttons.push(button),
    type: (text) => inputs.push(text),
    lists,
    pick: (label) => picks.push(label),
    clear: () => shown.splice(0),
    dispose: () => Object.assign(window, replaced),
  };
}

/** For the tests of the suite that calls this: each begins without messages, and ends without editors. */
export function messagesOfTests(): Omit<Messages, 'dispose'> {
  let current: Messages;
  setup(() => {
    current = interceptMessages();
  });
  teardown(async () => {
    current.dispose();
    await closeAll();
  });
  return {
    get shown() {
      return current.shown;
    },
    get offered() {
      return current.offered;
    },
    choose: (button) => {
      current.choose(button);
    },
    type: (text) => {
      current.type(text);
    },
    get lists() {
      return current.lists;
    },
    pick: (label) => {
      current.pick(label);
    },
    clear: () => {
      current.clear();
    },
  };
}
