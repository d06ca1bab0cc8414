import type { Memento } from 'vscode';
import type { RunPlan } from '../../core/run-plan.js';
import type { EngineSettings } from '../settings.js';
import type { Run } from './run.js';

const stateKey = 'oneflow.secondsPerPosition';

/** What passes have taken on this machine, so that an author knows before a run how long it will be. */
export class RunTimes {
  constructor(private readonly state: Memento) {}

  /** Seconds that a run may take; undefined for a model and device that have not been used yet. */
  expected(plan: RunPlan, passes: number, { model, device }: EngineSettings): number | undefined {
    const rate = this.#rates()[keyOf(model, device)];
    return rate === undefined ? undefined : rate * positionsOf(plan) * passes;
  }

  /** Learns from a run that made passes. */
  note({ plan, result }: Run, { model, device }: EngineSettings): void {
    if (result === undefined || result.forwardPasses === 0) return;
    const rate = result.seconds.refine / result.forwardPasses / positionsOf(plan);
    void this.state.update(stateKey, { ...this.#rates(), [keyOf(model, device)]: rate });
  }

  #rates(): Readonly<Record<string, number>> {
    return this.state.get(stateKey, {});
  }
}

function keyOf(model: string, device: string): string {
  return `${device}:${model}`;
}

/**
 * Positions that the model reads in a pass, roughly: a token is some four letters, and what lies far from every mask is
 * not read.
 */
function positionsOf({ segments, masks }: RunPlan): number {
  const letters = segments.reduce(
    (sum, segment) => sum + (segment.kind === 'picture' ? 64 : segment.text.length),
    0,
  );
  return Math.max(1, Math.min(letters / 4, 384 * masks.length));
}
