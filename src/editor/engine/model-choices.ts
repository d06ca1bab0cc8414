import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import type { CompletionChoices } from '../../core/marking/completions.js';

const choicesSchema = z.object({
  image: z.object({
    styles: z.array(z.object({ name: z.string(), description: z.string() })),
    sizes: z.array(z.number()),
  }),
});

/** The styles and sizes of the model package in `directory`, without loading it; none where it cannot be read. */
export async function modelChoices(directory: string): Promise<CompletionChoices> {
  try {
    return choicesSchema.parse(JSON.parse(await readFile(path.join(directory, 'model.json'), 'utf8'))).image;
  } catch {
    // What is wrong with a package, its loading tells.
    return { styles: [], sizes: [] };
  }
}
