/** Where the parts of this installation lie. The command line runs as one bundle, `dist/cli.cjs`. */
import { join } from 'node:path';

/** The bundle of the engine process, beside this one. */
export const engineHostPath = join(__dirname, 'engine-host.cjs');

/** The model package that ships with OneFlow. */
export const embeddedModelDirectory = join(__dirname, '..', 'models', 'oneflow-mini');
