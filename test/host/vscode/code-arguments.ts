/** The arguments of the desktop executable, as far as `@vscode/test-electron` and our own runs use them. */
import path from 'node:path';
import type { WorkbenchOptions } from './workbench-url.js';

export interface CodeArguments extends WorkbenchOptions {
  readonly userDataDir: string | undefined;
  readonly extensionsDir: string | undefined;
  readonly disableWorkspaceTrust: boolean;
}

/** Flags that mean nothing here are passed over. */
export function parseCodeArguments(args: readonly string[]): CodeArguments {
  const named = (name: string): string[] =>
    args.filter((arg) => arg.startsWith(`--${name}=`)).map((arg) => arg.slice(name.length + 3));
  const absolute = (file: string | undefined): string | undefined =>
    file === undefined ? undefined : path.resolve(file);
  return {
    workspace: absolute(args.find((arg) => !arg.startsWith('-'))),
    extension: absolute(named('extensionDevelopmentPath')[0]),
    tests: absolute(named('extensionTestsPath')[0]),
    userDataDir: absolute(named('user-data-dir')[0]),
    extensionsDir: absolute(named('extensions-dir')[0]),
    disableWorkspaceTrust: args.includes('--disable-workspace-trust'),
  };
}
