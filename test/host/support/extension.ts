import * as vscode from 'vscode';
import type { TestAccess } from '../../../src/editor/test-access.js';
import type { ExtensionExports } from '../../../src/extension.js';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly keybindings: readonly { readonly key: string; readonly when: string }[];
  };
}

/** The extension under test. */
export function extension(): vscode.Extension<ExtensionExports> {
  const found = vscode.extensions.getExtension<ExtensionExports>('oneflow.oneflow');
  if (found === undefined) throw new Error('The extension is not there.');
  return found;
}

/** What only tests may do with it, once it is active. */
export function testing(): TestAccess {
  const { testing: access } = extension().exports;
  if (access === undefined) throw new Error('The extension does not know that it is under test.');
  return access;
}

export function manifest(): Manifest {
  return extension().packageJSON as Manifest;
}
