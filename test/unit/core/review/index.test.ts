import { build } from 'esbuild';
import { expect, it } from 'vitest';

it('keeps the Markdown parser out of what an editor loads', async () => {
  const { metafile } = await build({
    entryPoints: ['src/core/review/index.ts'],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
  });
  const files = Object.keys(metafile.inputs);
  expect(files).toContain('src/core/review/rebase.ts');
  expect(files.filter((file) => file.includes('markdown-it'))).toEqual([]);
});
