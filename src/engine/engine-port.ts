import type { Engine } from './engine.js';

/** What an engine is to those who use it. */
export type EnginePort = Pick<
  Engine,
  'model' | 'refine' | 'draw' | 'verify' | 'devices' | 'bench' | 'dispose'
>;
