/** The sampler: text and pictures of all masks, refined in the same passes. */
export type { Denoiser, DenoiserBatch, DenoiserOutputs } from './denoiser.js';
export type { FlowFrame } from './frame.js';
export { refine } from './refine.js';
export { refineSequentially } from './sequential.js';
export type {
  FlowOptions,
  FlowWindow,
  Piece,
  PictureGeometry,
  PictureInput,
  SpanInput,
  Vocabulary,
} from './window.js';
