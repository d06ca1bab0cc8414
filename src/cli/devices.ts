import { Engine } from '../engine/index.js';
import type { CliDevices } from '../protocol/cli-output.js';
import type { DeviceReport, GpuVerdict } from '../protocol/devices.js';
import type { DevicesCommand } from './arguments.js';
import { cacheDirectory, embeddedModelDirectory, engineHostPath } from './installation.js';
import { type Output, printable } from './output.js';
import { table } from './table.js';

/** Tries every device of this machine with the embedded model, and keeps what it finds for the runs to come. */
export async function devices({ json }: DevicesCommand, output: Output): Promise<void> {
  output.note('Trying what this machine has; the first use of a GPU can take a while.');
  const engine = await Engine.start({
    hostPath: engineHostPath,
    modelDirectory: embeddedModelDirectory,
    device: 'cpu',
    cacheDirectory: cacheDirectory(),
    log: () => undefined,
  });
  try {
    const { name, version, sha256 } = engine.model;
    const found = await engine.devices({ afresh: true });
    if (json) {
      const report: CliDevices = {
        format: 'oneflow-devices/1',
        platform: `${process.platform}-${process.arch}`,
        model: { name, version, sha256 },
        ...found,
      };
      output.result(JSON.stringify(report));
      return;
    }
    for (const line of table(rows(found))) output.result(line);
    output.result(`--device auto is ${found.auto}.`);
  } finally {
    await engine.dispose();
  }
}

function rows({ threads, speeds, cpuProblem, gpus }: DeviceReport): string[][] {
  const measured = speeds.map((speed) => `${speed.threads}: ${time(speed.milliseconds)}`);
  const problem = cpuProblem === undefined ? '' : `; not measured: ${printable(cpuProblem)}`;
  const cpu = measured.length > 0 ? ` (a pass with ${measured.join(', ')})` : problem;
  return [
    ['device', 'usable', 'what was found'],
    ['cpu', 'yes', `runs on ${threads} ${threads === 1 ? 'thread' : 'threads'}${cpu}`],
    ...gpus.map(({ provider, verdict }) => [provider, verdict.usable ? 'yes' : 'no', describe(verdict)]),
  ];
}

function describe(verdict: GpuVerdict): string {
  if (!verdict.usable) return `${verdict.problem}: ${printable(verdict.detail)}`;
  const { milliseconds, cpuMilliseconds, maxAbsoluteError } = verdict;
  const ratio = cpuMilliseconds / milliseconds;
  const comparison =
    ratio >= 1 ? `${ratio.toFixed(1)} times as fast` : `${(1 / ratio).toFixed(1)} times as slow`;
  return `a pass takes ${time(milliseconds)}, ${comparison} as the CPU; largest difference ${maxAbsoluteError.toExponential(1)}`;
}

function time(milliseconds: number): string {
  return `${milliseconds.toPrecision(3)} ms`;
}
