/** Addresses of the workbench that a server serves. */
import type { Server } from './server.js';

export interface WorkbenchOptions {
  /** Folder or `.code-workspace` file to open; an empty window without one. */
  readonly workspace?: string | undefined;
  /** Folders of extensions under development. The server must be started with `driver`. */
  readonly extensions?: readonly string[];
  /** Module whose `run` the extension host calls. */
  readonly tests?: string | undefined;
  readonly disableExtensions?: boolean;
}

export function workbenchUrl(server: Server, options: WorkbenchOptions): string {
  const remote = (file: string): string => `vscode-remote://${server.authority}${encodeURI(file)}`;
  const payload: [string, string][] = [
    ...(options.extensions ?? []).map((folder): [string, string] => [
      'extensionDevelopmentPath',
      remote(folder),
    ]),
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  if (options.tests !== undefined) payload.push(['extensionTestsPath', remote(options.tests)]);
  if (options.disableExtensions === true) payload.push(['disableExtensions', 'true']);

  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  const { workspace } = options;
  if (workspace === undefined) query.set('ew', 'true');
  else query.set(workspace.endsWith('.code-workspace') ? 'workspace' : 'folder', workspace);
  return `http://${server.authority}/?${query.toString()}`;
}
