import { type AdamOptions, adam, KERAS_ADAM } from '../graph/optimisers/adam.js';
import { muon } from '../graph/optimisers/muon.js';
import type { Optimiser } from '../graph/optimisers/optimiser.js';
import type { TrainOptions } from './options.js';

/** By which a model may learn, by name. A new one is a file beside theirs, and a line here. */
export const OPTIMISERS: Readonly<Record<'adam' | 'muon', (options: AdamOptions) => Optimiser>> = {
  adam,
  muon,
};

export type OptimiserName = keyof typeof OPTIMISERS;

/** The optimiser of a training, Adam unless told otherwise. */
export function optimiserOf({
  optimiser = 'adam',
  beta2,
}: Pick<TrainOptions, 'optimiser' | 'beta2'>): Optimiser {
  return OPTIMISERS[optimiser]({ ...KERAS_ADAM, ...(beta2 !== undefined && { beta2 }) });
}
