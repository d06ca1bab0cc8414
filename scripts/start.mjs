// Refines the first example into the ignored folder out/ and says where to look.
import { join } from 'node:path';
import { root, run } from './run.mjs';
import { setUp } from './setup.mjs';

setUp();
console.error('Refining examples/tomato-soup.md …');
run(process.execPath, [
  join(root, 'dist', 'cli.cjs'),
  'refine',
  'examples/tomato-soup.md',
  ...['-o', 'out/tomato-soup.md'],
  ...['--images-dir', 'out/images'],
  ...['--html', 'out/tomato-soup.html'],
  ...['--seed', '7'],
  '--force',
]);
console.error(`
The refined document   out/tomato-soup.md
Its pictures           out/images/
As a web page          ${join(root, 'out', 'tomato-soup.html')}   (open it in a browser)

Your own document:     npx oneflow refine <file.md>       (npx oneflow --help says more)`);
