import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { HostEnvironment } from '../../host/vscode/environment.js';

/** Installs a VSIX as a user does, into the folder `extensionsDir`. Rejects with what VS Code says. */
export async function installExtension(
  { node, server }: HostEnvironment,
  vsix: string,
  extensionsDir: string,
): Promise<void> {
  await promisify(execFile)(node, [
    path.join(server, 'out', 'server-main.js'),
    ...['--install-extension', vsix, '--extensions-dir', extensionsDir],
    ...['--server-data-dir', `${extensionsDir}-data`, '--accept-server-license-terms'],
  ]);
}
