/** Between a checkpoint and a model with its flat parameter vector. */
import { type Checkpoint, expectTensors, type ModelConfig } from '../checkpoint/checkpoint.js';
import type { Model } from '../model/model.js';
import { namedViews, type ParameterSpec, parameterCount } from '../model/parameters.js';
import type { LoadedModel } from './kind.js';
import { kindOfConfig } from './kinds.js';

/**
 * Rebuilds a model from its checkpoint.
 *
 * @throws CadenzaError when the checkpoint is of an unknown kind or version, its configuration has impossible
 *   sizes, or its tensors are not those the configuration calls for
 */
export function modelFromCheckpoint(checkpoint: Checkpoint): LoadedModel {
  const kind = kindOfConfig(checkpoint.config);
  const model = kind.network(checkpoint.config, checkpoint.name);
  expectTensors(
    checkpoint,
    model.parameters.map(({ name, shape }) => [name, shape] as const),
  );
  return { kind, model, parameters: flatParameters(checkpoint.tensors, model.parameters) };
}

/**
 * The model of a configuration.
 *
 * @throws CadenzaError when it is of an unknown kind or version, or has impossible sizes
 */
export function modelOfConfig(config: ModelConfig): Model {
  return kindOfConfig(config).network(config);
}

/** Joins named tensors, known to be complete, into the flat vector (P). */
function flatParameters(tensors: Checkpoint['tensors'], specs: readonly ParameterSpec[]): Float32Array {
  const flat = new Float32Array(parameterCount(specs));
  for (const [name, view] of namedViews(flat, specs)) view.data.set(tensors.get(name)?.data ?? []);
  return flat;
}
