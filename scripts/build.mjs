// Bundles what runs from `dist`: the extension and its thread, the engine process, the command line, the preview's page.
//   node scripts/build.mjs [--outdir DIR] [NAME …]      (all that ship, without a name)
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { nodeBundle } from './bundling.mjs';
import { root } from './run.mjs';

const common = { ...nodeBundle, sourcemap: true };

/** What differs from bundle to bundle. The native packages cannot be bundled: they load files beside them. */
const bundles = {
  // Smaller, since VS Code reads it whole at its start; names stay, for what is logged.
  extension: {
    entry: 'src/extension.ts',
    options: { external: ['vscode'], minifyWhitespace: true, minifySyntax: true },
  },
  'document-worker': { entry: 'src/document-worker/main.ts', options: {} },
  'engine-host': {
    entry: 'src/engine-host/main.ts',
    options: { external: ['onnxruntime-node', 'sharp'] },
  },
  // Apart from the engine process whose thread it runs in, so that it loads nothing native.
  'engine-guard': { entry: 'src/engine-host/guard.ts', options: {} },
  cli: {
    entry: 'src/cli/main.ts',
    options: { banner: { js: '#!/usr/bin/env node' } },
    executable: true,
  },
  // The page of the preview, which runs in a webview. Its style sheet becomes a file beside it.
  preview: {
    entry: 'media/preview/main.ts',
    options: { platform: 'browser', target: 'chrome128', format: 'iife', minify: true },
    extension: '.js',
  },
  // For the evaluation of models alone: it asks for this bundle by name.
  samples: {
    entry: 'src/engine-host/samples.ts',
    options: { external: ['onnxruntime-node', 'sharp'] },
    ships: false,
  },
};

const { values, positionals } = parseArgs({
  options: { outdir: { type: 'string', default: path.join(root, 'dist') } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !(name in bundles));
if (unknown.length > 0) {
  console.error(
    `build: no bundle is called ${unknown.join(', ')}; there are ${Object.keys(bundles).join(', ')}.`,
  );
  process.exit(2);
}

try {
  const names =
    positionals.length > 0
      ? positionals
      : Object.keys(bundles).filter((name) => bundles[name].ships !== false);
  await Promise.all(
    names.map(async (name) => {
      const { entry, options, executable, extension = '.cjs' } = bundles[name];
      const outfile = path.resolve(values.outdir, name + extension);
      await build({ ...common, ...options, entryPoints: [entry], outfile });
      if (executable) await chmod(outfile, 0o755);
    }),
  );
} catch (error) {
  // esbuild has printed its own messages; anything else needs saying.
  if (!(error instanceof Error && 'errors' in error)) console.error(error);
  console.error('build: failed.');
  process.exit(1);
}
