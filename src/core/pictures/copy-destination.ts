/**
 * Where VS Code's setting `markdown.copyFiles.destination` puts a file that is added to a document: globs of
 * documents, each with a path in which variables and snippet transforms are filled in.
 */
import picomatch from 'picomatch/posix';

export interface AddedFile {
  /** Absolute path of the document's URI, with `/`. */
  readonly document: string;
  /** Absolute path of the workspace folder that the document lies in. */
  readonly workspaceFolder: string | undefined;
  /** Name of the file that is added, with its extension. */
  readonly fileName: string;
  /** When it is added: milliseconds since 1970, and the same as an ISO 8601 date-time. */
  readonly unixTime: number;
  readonly isoTime: string;
}

/** The absolute path that the first matching rule gives, with `/`; undefined when none matches. What is no path is none. */
export function copyDestination(
  rules: Readonly<Record<string, unknown>>,
  file: AddedFile,
): string | undefined {
  for (const [glob, destination] of Object.entries(rules)) {
    if (
      typeof destination === 'string' &&
      anchored(glob, file.workspaceFolder).some((pattern) =>
        picomatch.isMatch(file.document, pattern, { dot: true }),
      )
    ) {
      return resolve(destination, file);
    }
  }
  return undefined;
}

/** A glob that begins with `/` begins at the workspace folder; any other matches at every depth. */
function anchored(glob: string, workspaceFolder: string | undefined): string[] {
  if (glob.startsWith('/')) return workspaceFolder === undefined ? [] : [workspaceFolder + glob];
  return [glob.startsWith('**') ? glob : `**/${glob}`];
}

function resolve(destination: string, file: AddedFile): string {
  const { folder } = split(file.document);
  const template = destination.trim() === '' ? '${fileName}' : destination.trim();
  const path = fillIn(template.endsWith('/') ? `${template}\${fileName}` : template, file);
  const base = path.startsWith('/') ? (file.workspaceFolder ?? folder) : folder;
  // A variable may have given a whole path already.
  const isWhole = template.startsWith('${document') && path.startsWith('/');
  return normalised(isWhole ? path : `${base}/${path}`);
}

const variable = /\$\{(\w+)(?:\/((?:[^\\/}]|\\.)+)\/((?:[^\\/]|\\.)*?)\/(\w*))?\}/g;

function fillIn(template: string, file: AddedFile): string {
  const values = variablesOf(file);
  return template.replace(
    variable,
    (whole, name: string, pattern?: string, replacement?: string, flags?: string) => {
      const value = values[name];
      if (value === undefined) return whole;
      const text = transformed(value, pattern, replacement, flags);
      // Windows takes no colon in a name; what a transform looks for is there until it has run.
      return name === 'isoTime' ? text.replaceAll(':', '-') : text;
    },
  );
}

function transformed(value: string, pattern?: string, replacement?: string, flags?: string): string {
  if (pattern === undefined || replacement === undefined) return value;
  try {
    return value.replace(new RegExp(pattern, flags), replacement.replaceAll('\\/', '/'));
  } catch {
    return value; // an expression that is none changes nothing
  }
}

function variablesOf(file: AddedFile): Readonly<Record<string, string>> {
  const { document, workspaceFolder, fileName, unixTime, isoTime } = file;
  const { folder, name } = split(document);
  const root = workspaceFolder ?? folder;
  const relative = (path: string): string =>
    path === root ? '.' : path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
  return {
    documentDirName: folder,
    documentRelativeDirName: relative(folder),
    documentFileName: name,
    documentBaseName: withoutExtension(name),
    documentExtName: name.slice(withoutExtension(name).length + 1),
    documentFilePath: document,
    documentRelativeFilePath: relative(document),
    documentWorkspaceFolder: root,
    fileName,
    fileExtName: fileName.slice(withoutExtension(fileName).length + 1),
    unixTime: String(unixTime),
    isoTime,
  };
}

function split(path: string): { readonly folder: string; readonly name: string } {
  const slash = path.lastIndexOf('/');
  return { folder: path.slice(0, slash), name: path.slice(slash + 1) };
}

/** The same path, the last name in it with a number in front of its extension. */
export function numberedPath(path: string, number: number): string {
  const { folder, name } = split(path);
  const base = withoutExtension(name);
  return `${folder}/${base}-${number}${name.slice(base.length)}`;
}

function withoutExtension(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

function normalised(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
