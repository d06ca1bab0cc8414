// Programs about the preview's page, in a browser of its own:
//   node scripts/preview.mjs record     records runs of the embedded model on the examples, for the tests of the page
//   node scripts/preview.mjs speed      measures the page (npm run bench:preview)
//   node scripts/preview.mjs animate    makes the README's moving picture of a run from a recorded one
import { join } from 'node:path';
import { root, run } from './run.mjs';
import { runBundled } from './run-bundled.mjs';
import { setUp } from './setup.mjs';

const programs = ['record', 'speed', 'animate'];
const [name] = process.argv.slice(2);
if (!programs.includes(name)) {
  console.error(`preview: say one of ${programs.join(', ')}.`);
  process.exit(2);
}
setUp();
const built = join(root, 'out', 'browser');
run(process.execPath, [join(root, 'scripts', 'build.mjs'), '--outdir', built, 'preview']);
await runBundled(`test/browser/${name}.ts`);
