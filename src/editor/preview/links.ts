import { env, l10n, Uri, window, workspace } from 'vscode';
import { isFollowable, relativeFilePath } from '../../core/render/links.js';
import { columnOf } from '../reveal.js';

/**
 * Opens a link of a previewed document: addresses of the web and of mail outside, files of the workspace or beside the
 * document in an editor. Anything else (commands, other schemes, network shares, files elsewhere) is refused.
 */
export async function openLink(document: Uri, href: string): Promise<void> {
  if (href.startsWith('#')) return;
  if (!isFollowable(href)) {
    refuse(href);
    return;
  }
  if (/^[a-z][a-z0-9+.-]*:/i.test(href)) {
    await env.openExternal(Uri.parse(href, true));
    return;
  }
  const path = relativeFilePath(href);
  const folder = Uri.joinPath(document, '..');
  const target = path === undefined ? undefined : Uri.joinPath(folder, path);
  if (target === undefined || !(isInside(target, folder) || workspace.getWorkspaceFolder(target))) {
    refuse(href);
    return;
  }
  // Beside the preview: where the document is, if the file is not open already.
  const viewColumn = columnOf(target, columnOf(document));
  await window.showTextDocument(target, { preview: true, viewColumn }).then(undefined, () => {
    void window.showWarningMessage(l10n.t('“{0}” cannot be shown as text, or is not there.', path!));
  });
}

function isInside(target: Uri, folder: Uri): boolean {
  return (
    target.authority === folder.authority && target.path.startsWith(`${folder.path.replace(/\/$/, '')}/`)
  );
}

function refuse(href: string): void {
  const shown = href.length > 80 ? `${href.slice(0, 79)}…` : href;
  void window.showWarningMessage(
    l10n.t('OneFlow does not open “{0}”: only web and mail addresses and files of this workspace.', shown),
  );
}
