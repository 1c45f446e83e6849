import { NO_EPOCH_YET } from './early-stopping.js';
import type { TrainingSnapshot } from './progress.js';

/**
 * Where a training begins that learns on from weights (P) learned elsewhere, with nothing else of that
 * training.
 */
export function startFrom(parameters: Float32Array): TrainingSnapshot {
  return {
    parameters,
    optimiser: {},
    averageParameters: parameters,
    carried: {},
    position: { epoch: 1, step: 0, updates: 0, lossSums: {}, stopping: NO_EPOCH_YET },
  };
}
