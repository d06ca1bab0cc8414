import * as vscode from 'vscode';

/** Files in memory and on nobody's disk, as an extension for a server or an archive brings them. */
export class MemoryFiles implements vscode.FileSystemProvider {
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;
  readonly #files = new Map<string, Uint8Array>();
  readonly #folders = new Set(['/']);

  constructor(files: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(files)) this.#files.set(path, Buffer.from(text));
  }

  /** Every file, by path. */
  get paths(): string[] {
    return [...this.#files.keys()].sort();
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  stat({ path }: vscode.Uri): vscode.FileStat {
    const times = { ctime: 0, mtime: 0 };
    if (this.#folders.has(path)) return { type: vscode.FileType.Directory, ...times, size: 0 };
    return { type: vscode.FileType.File, ...times, size: this.#at(path).length };
  }

  readDirectory({ path }: vscode.Uri): [string, vscode.FileType][] {
    const folder = path === '/' ? path : `${path}/`;
    const isIn = (other: string): boolean =>
      other.startsWith(folder) && other.length > folder.length && !other.slice(folder.length).includes('/');
    const name = (other: string): string => other.slice(folder.length);
    return [
      ...[...this.#folders].filter(isIn).map((other) => [name(other), vscode.FileType.Directory] as const),
      ...this.paths.filter(isIn).map((other) => [name(other), vscode.FileType.File] as const),
    ].map(([other, type]) => [other, type]);
  }

  createDirectory({ path }: vscode.Uri): void {
    this.#folders.add(path);
  }

  readFile({ path }: vscode.Uri): Uint8Array {
    return this.#at(path);
  }

  writeFile({ path }: vscode.Uri, content: Uint8Array): void {
    this.#files.set(path, content);
  }

  delete({ path }: vscode.Uri): void {
    this.#at(path);
    this.#files.delete(path);
  }

  rename(from: vscode.Uri, to: vscode.Uri, { overwrite }: { readonly overwrite: boolean }): void {
    if (!overwrite && this.#files.has(to.path)) throw vscode.FileSystemError.FileExists(to);
    this.#files.set(to.path, this.#at(from.path));
    this.#files.delete(from.path);
  }

  #at(path: string): Uint8Array {
    const content = this.#files.get(path);
    if (content === undefined) throw vscode.FileSystemError.FileNotFound(path);
    return content;
  }
}
