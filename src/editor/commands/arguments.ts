/** What lenses, tree items and the preview give to the commands that they call. */
import * as z from 'zod/mini';

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

const placeSchema = z.object({ uri: z.string(), offset: z.int().check(z.gte(0)) });
const hunkSchema = z.object({ uri: z.string(), hunk: z.string() });

/** The first argument of a command, if it names a place; anybody may call a command with anything. */
export function placeArgument(argument: unknown): PlaceArgument | undefined {
  return z.safeParse(placeSchema, argument).data;
}

export function hunkArgument(argument: unknown): HunkArgument | undefined {
  return z.safeParse(hunkSchema, argument).data;
}
