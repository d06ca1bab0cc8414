// Records a run of the embedded model, which the tests of the editor replay.
import { runBundled } from './run-bundled.mjs';
import { setUp } from './setup.mjs';

setUp();
await runBundled('test/host/record-run.ts');
