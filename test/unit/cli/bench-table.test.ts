import { expect, test } from 'vitest';
import { benchTable } from '../../../src/cli/bench-table.js';
import type { CliBench } from '../../../src/protocol/cli-output.js';

const cpu: CliBench['devices'][number] = {
  device: 'cpu',
  threads: 2,
  loadSeconds: 0.4,
  firstFrameSeconds: 0.9,
  passes: [
    { positions: 64, milliseconds: 10 },
    { positions: 256, milliseconds: 40 },
  ],
  decodeMilliseconds: 20,
  documents: [
    {
      file: 'soup.md',
      forwardPasses: 27,
      seconds: { refine: 1.5, decode: 0.1 },
      javascriptShare: 0.031,
      ofSessionRun: 0.92,
    },
  ],
  peakMemoryBytes: 200 * 1024 ** 2,
};
const report: CliBench = {
  format: 'oneflow-bench/1',
  model: { name: 'mini', version: '1.0.0', sha256: '0'.repeat(64) },
  machine: { platform: 'linux-x64', cpu: 'Some CPU', cores: 2, memoryBytes: 8 * 1024 ** 3, node: '20.15.0' },
  devices: [cpu],
};

test('times stand beside what they are to be compared with', () => {
  expect(benchTable(report)).toEqual([
    'mini 1.0.0; Some CPU, 2 cores, 8.0 GiB, linux-x64, Node 20.15.0',
    '',
    'cpu, 2 threads: load 0.40 s, first frame after 0.90 s, memory up to 200 MiB',
    'pass over      time     relative to 64',
    '64 positions   10.0 ms  1.00',
    '256 positions  40.0 ms  4.00',
    'decoding       20.0 ms  0.50 of a pass over 256',
    'document  passes  refine  decode  JavaScript  of session.run',
    'soup.md   27      1.50 s  0.10 s  3.1 %       92.0 %',
  ]);
});

test('a GPU is compared with the CPU, pass by pass', () => {
  const passes = [
    { positions: 64, milliseconds: 5 },
    { positions: 256, milliseconds: 4 },
  ];
  const gpu = { ...cpu, device: 'webgpu', threads: 1, passes, decodeMilliseconds: 2 } as const;
  const lines = benchTable({ ...report, devices: [cpu, gpu] });
  const start = lines.indexOf(
    'webgpu, 1 thread: load 0.40 s, first frame after 0.90 s, memory up to 200 MiB',
  );
  expect(lines.slice(start + 1, start + 5)).toEqual([
    'pass over      time    relative to 64           relative to the CPU',
    '64 positions   5.0 ms  1.00                     0.50',
    '256 positions  4.0 ms  0.80                     0.10',
    'decoding       2.0 ms  0.50 of a pass over 256  0.10',
  ]);
});
