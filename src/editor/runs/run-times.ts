import type { Memento } from 'vscode';
import type { RunPlan } from '../../core/run-plan.js';
import type { EngineSettings } from '../settings.js';
import type { Run } from './run.js';

/** Letters to a token, roughly. */
const tokenLetters = 4;
/** Of the model that ships, as its model.json has them: patches of a picture, and `contextLength`. */
const picturePositions = 16;
const windowPositions = 384;

const stateKey = 'oneflow.runTimes';

/** What is known of a model on a device. */
interface KnownTime {
  readonly secondsPerPosition: number;
  /** The model's own: it is not loaded yet when the author wants to know. */
  readonly defaultSteps: number;
}

/** What passes have taken on this machine, so that an author knows before a run how long it will be. */
export class RunTimes {
  constructor(private readonly state: Memento) {}

  /** Seconds that a run may take; undefined for a model and device that have not been used yet. */
  expected({ plan, steps }: Pick<Run, 'plan' | 'steps'>, settings: EngineSettings): number | undefined {
    const known = this.#known()[keyOf(settings)];
    return known && known.secondsPerPosition * positionsOf(plan) * (steps ?? known.defaultSteps);
  }

  /** Learns from a run that made passes. */
  note({ plan, model, result }: Run, settings: EngineSettings): void {
    if (model === undefined || result === undefined || result.forwardPasses === 0) return;
    const time: KnownTime = {
      secondsPerPosition: result.seconds.refine / result.forwardPasses / positionsOf(plan),
      defaultSteps: model.defaults.steps,
    };
    void this.state.update(stateKey, { ...this.#known(), [keyOf(settings)]: time });
  }

  #known(): Readonly<Record<string, KnownTime>> {
    return this.state.get(stateKey, {});
  }
}

function keyOf({ model, device }: EngineSettings): string {
  return `${device}:${model}`;
}

/** Positions that the model reads in a pass, roughly: what lies far from every mask is not read. */
function positionsOf({ segments, masks }: RunPlan): number {
  const positions = segments.reduce(
    (sum, segment) =>
      sum + (segment.kind === 'picture' ? picturePositions : segment.text.length / tokenLetters),
    0,
  );
  return Math.max(1, Math.min(positions, windowPositions * masks.length));
}
