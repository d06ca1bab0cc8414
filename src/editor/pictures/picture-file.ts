import { Uri } from 'vscode';
import { relativeFilePath } from '../../core/render/links.js';

/** The file that a destination in a document names; undefined for one that leads elsewhere than beside or below it. */
export function pictureFile(document: Uri, destination: string): Uri | undefined {
  const path = relativeFilePath(destination);
  return path === undefined ? undefined : Uri.joinPath(document, '..', path);
}
