import type { CliBench } from '../protocol/cli-output.js';
import { table } from './table.js';

type DeviceSpeed = CliBench['devices'][number];

/** What `oneflow bench` shows people: times with what they are to be compared with. */
export function benchTable({ model, machine, devices }: CliBench): readonly string[] {
  const gigabytes = (machine.memoryBytes / 1024 ** 3).toFixed(1);
  const cpu = devices.find(({ device }) => device === 'cpu')!;
  return [
    `${model.name} ${model.version}; ${machine.cpu}, ${machine.cores} cores, ${gigabytes} GiB, ${machine.platform}, Node ${machine.node}`,
    ...devices.flatMap((speed) => ['', ...deviceLines(speed, cpu)]),
  ];
}

function deviceLines(speed: DeviceSpeed, cpu: DeviceSpeed): readonly string[] {
  const { device, threads, loadSeconds, firstFrameSeconds, peakMemoryBytes } = speed;
  const base = speed.passes[0]!;
  const usual = speed.passes.at(-1)!;
  return [
    `${device}, ${threads} ${threads === 1 ? 'thread' : 'threads'}: load ${seconds(loadSeconds)}, first frame after ` +
      `${seconds(firstFrameSeconds)}, memory up to ${Math.round(peakMemoryBytes / 1024 ** 2)} MiB`,
    ...table([
      [
        'pass over',
        'time',
        `relative to ${base.positions}`,
        ...(speed === cpu ? [] : ['relative to the CPU']),
      ],
      ...speed.passes.map(({ positions, milliseconds }, index) => [
        `${positions} positions`,
        `${milliseconds.toFixed(1)} ms`,
        ratio(milliseconds / base.milliseconds),
        ...(speed === cpu ? [] : [ratio(milliseconds / cpu.passes[index]!.milliseconds)]),
      ]),
      [
        'decoding',
        `${speed.decodeMilliseconds.toFixed(1)} ms`,
        `${ratio(speed.decodeMilliseconds / usual.milliseconds)} of a pass over ${usual.positions}`,
        ...(speed === cpu ? [] : [ratio(speed.decodeMilliseconds / cpu.decodeMilliseconds)]),
      ],
    ]),
    ...table([
      ['document', 'passes', 'refine', 'decode', 'JavaScript', 'of session.run'],
      ...speed.documents.map((document) => [
        document.file,
        String(document.forwardPasses),
        seconds(document.seconds.refine),
        seconds(document.seconds.decode),
        percent(document.javascriptShare),
        percent(document.ofSessionRun),
      ]),
    ]),
  ];
}

const seconds = (value: number): string => `${value.toFixed(2)} s`;
const ratio = (value: number): string => value.toFixed(2);
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
