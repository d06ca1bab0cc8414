/** Addresses of the workbench that a server serves. */
import type { Server } from './server.js';

export interface WorkbenchOptions {
  /** Folder or `.code-workspace` file to open; an empty window without one. */
  readonly workspace?: string | undefined;
  /** Folder of the extension under development. The server must be started with `driver`. */
  readonly extension?: string | undefined;
  /** Module whose `run` the extension host calls. */
  readonly tests?: string | undefined;
}

export function workbenchUrl(server: Server, options: WorkbenchOptions): string {
  const remote = (file: string): string => `vscode-remote://${server.authority}${encodeURI(file)}`;
  const payload: [string, string][] = [
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  if (options.extension !== undefined) payload.push(['extensionDevelopmentPath', remote(options.extension)]);
  if (options.tests !== undefined) payload.push(['extensionTestsPath', remote(options.tests)]);

  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  const { workspace } = options;
  if (workspace === undefined) query.set('ew', 'true');
  else query.set(workspace.endsWith('.code-workspace') ? 'workspace' : 'folder', workspace);
  return `http://${server.authority}/?${query.toString()}`;
}
