// Runs the soak: npm run soak -- [minutes] [--seed N]
import { runBundled } from './run-bundled.mjs';
import { setUp } from './setup.mjs';

setUp();
await runBundled('test/soak/main.ts', { args: process.argv.slice(2) });
