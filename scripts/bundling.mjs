import { root } from './run.mjs';

/**
 * How everything is bundled that runs on Node: as one CommonJS file for the oldest that is supported.
 * @type {import('esbuild').BuildOptions}
 */
export const nodeBundle = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcesContent: false,
  logLevel: 'warning',
};
