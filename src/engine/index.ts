export { Engine, type EngineOptions, type EngineState } from './engine.js';
export { EngineError } from './engine-error.js';
export type { RefineOptions } from './engine-session.js';
export type { EnginePort } from './engine-port.js';
