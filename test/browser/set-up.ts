/** Bundles the page once before the tests of this folder. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export default function setUp(): void {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  execFileSync(process.execPath, ['scripts/build.mjs', '--outdir', 'out/browser', 'preview'], {
    cwd: root,
    stdio: 'inherit',
  });
}
