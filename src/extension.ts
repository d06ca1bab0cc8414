import type * as vscode from 'vscode';
import { registerCommands } from './editor/commands/index.js';
import { createServices } from './editor/services.js';

/** Called by VS Code when the first command or view of OneFlow is used. */
export function activate(context: vscode.ExtensionContext): void {
  const services = createServices(context);
  context.subscriptions.push(services, registerCommands(services));
}
