import { Engine } from '../engine/index.js';
import type { CliVerify } from '../protocol/cli-output.js';
import type { VerifyCommand } from './arguments.js';
import { engineHostPath } from './installation.js';
import { type Output, printable } from './output.js';

/** Checks a model package: loading checks every file and graph, then the reference run is compared. */
export async function verify({ modelDirectory, json }: VerifyCommand, output: Output): Promise<void> {
  const engine = await Engine.start({
    hostPath: engineHostPath,
    modelDirectory,
    device: 'cpu',
    log: () => undefined,
  });
  try {
    const { name, version, sha256 } = engine.model;
    const { files, graphs } = await engine.verify();
    if (json) {
      const report: CliVerify = {
        format: 'oneflow-verify/1',
        directory: modelDirectory,
        model: { name, version, sha256 },
        files,
        graphs,
      };
      output.result(JSON.stringify(report));
      return;
    }
    output.result(`${name} ${version}  sha256 ${sha256}`);
    for (const file of files) output.result(`  ${printable(file.path)}  ${file.bytes} bytes  ${file.sha256}`);
    for (const graph of graphs) {
      const error = graph.maxAbsoluteError.toExponential(2);
      const seconds = graph.seconds.toFixed(2);
      output.result(`  ${graph.name}: largest error ${error} (at most ${graph.tolerance}), ${seconds} s`);
    }
    output.result('The package is sound.');
  } finally {
    await engine.dispose();
  }
}
