/** Between a checkpoint and a model with its flat parameter vector. */

import { type Checkpoint, expectKind, expectTensors, type ModelConfig } from '../checkpoint/checkpoint.js';
import { CadenzaError } from '../errors.js';
import { namedViews, type ParameterSpec, parameterCount } from '../model/parameters.js';
import { REPRESENTATIONS } from '../representation/representations.js';
import { EventLstm, type EventLstmConfig } from './performance/network.js';
import { type TutorialConfig, TutorialLstm } from './tutorial/network.js';

/** A model and its weights. */
export interface Loaded<M> {
  readonly model: M;
  /** (P) */
  readonly parameters: Float32Array;
}

/** What a checkpoint can hold: its `config.kind` tells which. */
export type LoadedModel = Loaded<TutorialLstm> | Loaded<EventLstm>;

/** Whether it is the tutorial's model, and not one of events. */
export function isTutorial<L extends LoadedModel>(loaded: L): loaded is L & Loaded<TutorialLstm> {
  return loaded.model instanceof TutorialLstm;
}

/** Whether it is a model of events. */
export function isEvents<L extends LoadedModel>(loaded: L): loaded is L & Loaded<EventLstm> {
  return loaded.model instanceof EventLstm;
}

const TUTORIAL_FORMAT = 1;
const EVENTS_FORMAT = 1;
/** Layers beyond this are mistakes or attacks. */
const MAX_LAYERS = 64;
/** Sizes beyond these are mistakes or attacks: they would ask for gigabytes. */
const MAX_SIZE = 16_384;
const MAX_KEY_FEATURES = 256;

/**
 * Rebuilds a model from its checkpoint.
 *
 * @throws CadenzaError when the checkpoint is of an unknown kind or version, its configuration has impossible sizes,
 *   or its tensors are not those the configuration calls for
 */
export function modelFromCheckpoint(checkpoint: Checkpoint): LoadedModel {
  const model = modelOf(checkpoint);
  expectTensors(
    checkpoint,
    model.parameters.map(({ name, shape }) => [name, shape] as const),
  );
  return { model, parameters: flatParameters(checkpoint.tensors, model.parameters) } as LoadedModel;
}

/**
 * The model of a configuration.
 *
 * @throws CadenzaError when it is of an unknown kind or version, or has impossible sizes
 */
export function modelOfConfig(config: ModelConfig): TutorialLstm | EventLstm {
  return modelOf({ config });
}

function modelOf(checkpoint: Pick<Checkpoint, 'config' | 'name'>): TutorialLstm | EventLstm {
  if (checkpoint.config.kind === 'events') {
    expectKind(checkpoint, 'events', EVENTS_FORMAT);
    return eventModelOf(checkpoint);
  }
  expectKind(checkpoint, 'tutorial', TUTORIAL_FORMAT);
  return new TutorialLstm(checkedConfig(checkpoint));
}

/** T of the batches in which a model from a checkpoint hears pieces, unless it is made anew for others. */
export const HEARD_STEPS = 128;

function eventModelOf(checkpoint: Pick<Checkpoint, 'config' | 'name'>): EventLstm {
  const config = checkpoint.config as EventLstmConfig;
  for (const [key, most] of [
    ['layers', MAX_LAYERS],
    ['hiddenSize', MAX_SIZE],
    ['headSize', MAX_SIZE],
  ] as const) {
    expectSize(checkpoint, key, config[key], most);
  }
  expectSize(checkpoint, 'contextUnits', config.contextUnits, MAX_SIZE, 0);
  expectSize(checkpoint, 'keyFeatures', config.keyFeatures, MAX_KEY_FEATURES, 0);
  const representation = Object.hasOwn(REPRESENTATIONS, config.representation)
    ? REPRESENTATIONS[config.representation]
    : undefined;
  if (representation === undefined) {
    const known = Object.keys(REPRESENTATIONS).join(', ');
    return complain(
      checkpoint,
      `representation is ${JSON.stringify(config.representation)}, expected one of ${known}`,
    );
  }
  return new EventLstm(config, representation, HEARD_STEPS);
}

/** Joins named tensors, known to be complete, into the flat vector (P). */
function flatParameters(tensors: Checkpoint['tensors'], specs: readonly ParameterSpec[]): Float32Array {
  const flat = new Float32Array(parameterCount(specs));
  for (const [name, view] of namedViews(flat, specs)) view.data.set(tensors.get(name)?.data ?? []);
  return flat;
}

function checkedConfig(checkpoint: Pick<Checkpoint, 'config' | 'name'>): TutorialConfig {
  const config = checkpoint.config as TutorialConfig;
  for (const key of ['windowLength', 'hiddenSize', 'denseSize'] as const) {
    expectSize(checkpoint, key, config[key], MAX_SIZE);
  }
  for (const key of ['pitch', 'step', 'duration'] as const) {
    const weight: unknown = config.lossWeights?.[key];
    if (typeof weight !== 'number' || !(weight >= 0))
      complain(checkpoint, `lossWeights.${key} is not a number of at least 0`);
  }
  return config;
}

function expectSize(
  checkpoint: Pick<Checkpoint, 'name'>,
  key: string,
  value: unknown,
  most: number,
  least = 1,
): void {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return;
  complain(
    checkpoint,
    `${key} is ${JSON.stringify(value)}, expected a whole number from ${least} to ${most}`,
  );
}

function complain(checkpoint: Pick<Checkpoint, 'name'>, what: string): never {
  throw new CadenzaError(
    `${checkpoint.name ?? 'checkpoint'}: configuration ${what}; use a file that Cadenza wrote`,
  );
}
