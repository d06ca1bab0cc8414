export { Engine, type EngineOptions, type RefineOptions } from './engine.js';
export { EngineError } from './engine-error.js';
