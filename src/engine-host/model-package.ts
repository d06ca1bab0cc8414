import { realpath, stat } from 'node:fs/promises';
import type { ModelManifest } from '../protocol/model-package.js';
import { badModel, firstLine } from './errors.js';
import { parseManifest } from './manifest.js';
import { readListedFile, readPlainFile, sha256 } from './package-files.js';

/** A package whose every listed file has been read and found to be what model.json says. */
export interface ModelPackage {
  readonly manifest: ModelManifest;
  /** SHA-256 of model.json, which holds the hashes of all other files. */
  readonly sha256: string;
  /** The checked bytes of every listed file, by its path in the manifest. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

const maxManifestBytes = 1_000_000;

/**
 * Reads and verifies a package folder (format `oneflow-model/1`). The folder itself may be reached through links;
 * nothing below it may be one.
 * @throws HostError `bad-model`, one sentence that names the file and what is wrong
 */
export async function readModelPackage(directory: string): Promise<ModelPackage> {
  const root = await openFolder(directory);
  const manifestBytes = await readManifestFile(root);
  const manifest = parseManifest(manifestBytes);
  const files = new Map<string, Uint8Array>();
  for (const file of manifest.files) files.set(file.path, await readListedFile(root, file));
  return { manifest, sha256: sha256(manifestBytes), files };
}

/**
 * The bytes of a package's model.json, unparsed.
 * @throws HostError `bad-model`
 */
export function readManifestFile(root: string): Promise<Uint8Array> {
  return readPlainFile(root, 'model.json', (bytes) => {
    if (bytes > maxManifestBytes) {
      throw badModel(`model.json is ${bytes} bytes long, more than the ${maxManifestBytes} allowed`);
    }
  });
}

async function openFolder(directory: string): Promise<string> {
  try {
    const root = await realpath(directory);
    if ((await stat(root)).isDirectory()) return root;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw badModel(`it cannot be opened: ${firstLine(error)}`);
  }
  throw badModel('there is no such folder');
}
