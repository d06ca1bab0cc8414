/** What lenses, tree items and the preview give to the commands that they call. */

/** A place in a document: a mark that begins there, say. */
export interface PlaceArgument {
  readonly uri: string;
  readonly offset: number;
}

/** A hunk of a document's review. */
export interface HunkArgument {
  readonly uri: string;
  readonly hunk: string;
}

/** The first argument of a command, if it names a place; anybody may call a command with anything. */
export function placeArgument(argument: unknown): PlaceArgument | undefined {
  const { uri, offset } = fieldsOf(argument);
  if (typeof uri !== 'string' || !Number.isSafeInteger(offset) || (offset as number) < 0) return undefined;
  return { uri, offset: offset as number };
}

export function hunkArgument(argument: unknown): HunkArgument | undefined {
  const { uri, hunk } = fieldsOf(argument);
  return typeof uri === 'string' && typeof hunk === 'string' ? { uri, hunk } : undefined;
}

function fieldsOf(argument: unknown): Readonly<Record<string, unknown>> {
  return typeof argument === 'object' && argument !== null ? { ...argument } : {};
}
