/** Between a checkpoint and a model with its flat parameter vector. */
import { CadenzaError } from '../errors.js';
import { type Checkpoint, expectKind, expectTensors } from './checkpoint.js';
import { namedViews, type ParameterSpec, parameterCount } from './parameters.js';
import { type TutorialConfig, TutorialLstm } from './tutorial-lstm.js';

/** A model and its weights. */
export interface LoadedModel {
  readonly model: TutorialLstm;
  /** (P) */
  readonly parameters: Float32Array;
}

const TUTORIAL_FORMAT = 1;
/** Sizes beyond these are mistakes or attacks: they would ask for gigabytes. */
const MAX_SIZE = 16_384;

/**
 * Rebuilds a model from its checkpoint.
 *
 * @throws CadenzaError when the checkpoint is of an unknown kind or version, its configuration has impossible sizes,
 *   or its tensors are not those the configuration calls for
 */
export function modelFromCheckpoint(checkpoint: Checkpoint): LoadedModel {
  expectKind(checkpoint, 'tutorial', TUTORIAL_FORMAT);
  const model = new TutorialLstm(checkedConfig(checkpoint));
  expectTensors(
    checkpoint,
    model.parameters.map(({ name, shape }) => [name, shape] as const),
  );
  return { model, parameters: flatParameters(checkpoint.tensors, model.parameters) };
}

/** Joins named tensors, known to be complete, into the flat vector (P). */
function flatParameters(tensors: Checkpoint['tensors'], specs: readonly ParameterSpec[]): Float32Array {
  const flat = new Float32Array(parameterCount(specs));
  for (const [name, view] of namedViews(flat, specs)) view.data.set(tensors.get(name)?.data ?? []);
  return flat;
}

function checkedConfig(checkpoint: Checkpoint): TutorialConfig {
  const config = checkpoint.config as TutorialConfig;
  const complain = (what: string): never => {
    throw new CadenzaError(
      `${checkpoint.name ?? 'checkpoint'}: configuration ${what}; use a file that Cadenza wrote`,
    );
  };
  for (const key of ['windowLength', 'hiddenSize', 'denseSize'] as const) {
    const value: unknown = config[key];
    if (!Number.isInteger(value) || config[key] < 1 || config[key] > MAX_SIZE) {
      complain(`${key} is ${JSON.stringify(value)}, expected a whole number from 1 to ${MAX_SIZE}`);
    }
  }
  for (const key of ['pitch', 'step', 'duration'] as const) {
    const weight: unknown = config.lossWeights?.[key];
    if (typeof weight !== 'number' || !(weight >= 0))
      complain(`lossWeights.${key} is not a number of at least 0`);
  }
  return config;
}
