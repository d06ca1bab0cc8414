/** Runs the tests inside the extension host. */
import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

/**
 * Runs what `load` defines, and reports each test to the file `ONEFLOW_HOST_REPORT` as it ends.
 * Resolves when every test has passed; rejects with the number of failures otherwise.
 */
export async function runTests(load: () => void): Promise<void> {
  const reportFile = process.env['ONEFLOW_HOST_REPORT'];
  const report = (line: string): void => {
    if (reportFile !== undefined) appendFileSync(reportFile, `${line}\n`);
  };
  const mocha = new Mocha({ ui: 'tdd', timeout: 30_000, grep: process.env['ONEFLOW_HOST_GREP'] ?? '' });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  load();

  const start = performance.now();
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('suite', (suite) => {
      if (suite.title !== '') report(`\n  ${suite.title}`);
    });
    runner.on('pass', (test) => {
      report(`    ✓ ${test.title} (${test.duration ?? 0} ms)`);
    });
    runner.on('pending', (test) => {
      report(`    - ${test.title}`);
    });
    runner.on('fail', (test, error: Error) => {
      report(`    ✗ ${test.fullTitle()}\n${(error.stack ?? error.message).replace(/^/gm, '      ')}`);
    });
  });
  report(
    `\n  ${mocha.suite.total()} tests, ${failures} failed, ${((performance.now() - start) / 1000).toFixed(1)} s`,
  );
  if (failures > 0) throw new Error(`${failures} tests failed.`);
}
