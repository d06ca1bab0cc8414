// Measures how long the extension takes to be activated in the newest VS Code, beside an extension that does nothing.
// Ends with 1 when the difference is above the limit.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './run.mjs';
import { setUp } from './setup.mjs';
import { runLeg } from './vscode-leg.mjs';

/** Each in a window of its own, the order of the two extensions alternating. */
const windows = 6;
/** Milliseconds. */
const limit = 20;

setUp();
const folder = mkdtempSync(join(tmpdir(), 'oneflow-activation-'));
const file = join(folder, 'measurements');
try {
  for (let count = 0; count < windows; count += 1) {
    const good = await runLeg({
      leg: 'latest',
      folder: 'activation',
      extensions: [join(root, 'test', 'host', 'empty-extension')],
      environment: { ONEFLOW_HOST_MEASUREMENTS: file, ONEFLOW_OWN_FIRST: String(count % 2) },
    });
    if (!good) process.exit(1);
  }
  const measured = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const times = (what) => {
    const [oneflow, empty] = ['oneflow', 'empty'].map((name) =>
      median(measured.map((one) => one[name][what])),
    );
    return { oneflow, empty, difference: oneflow - empty };
  };
  const [elapsed, cpu] = [times('elapsed'), times('cpu')];
  console.log('');
  for (const [name, { oneflow, empty, difference }] of Object.entries({ elapsed, 'on the CPU': cpu })) {
    console.log(
      `activation, ${name}: ${oneflow.toFixed(1)} ms; an empty extension: ${empty.toFixed(1)} ms; difference ${difference.toFixed(1)} ms`,
    );
  }
  // On a busy machine what has elapsed says more of the others than of us.
  if (Math.min(elapsed.difference, cpu.difference) > limit) {
    console.error(`The difference is above ${limit} ms.`);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle - 0.5)] + sorted[Math.ceil(middle - 0.5)]) / 2;
}
