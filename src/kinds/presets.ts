/** What can be trained by name, in Node and in a browser: each preset's model, options, and how a piece becomes a lesson. */

import type { ModelConfig } from '../checkpoint/checkpoint.js';
import type { InstrumentChoice } from '../dataset/corpus.js';
import { CadenzaError } from '../errors.js';
import type { NoteTable } from '../notes/note-table.js';
import { PERFORMANCE_RECALL } from '../representation/performance-recall.js';
import { REPRESENTATIONS } from '../representation/representations.js';
import type { Lessons } from '../training/lessons.js';
import { PERFORMANCE_TRAIN_OPTIONS, type TrainOptions, TUTORIAL_TRAIN_OPTIONS } from '../training/options.js';
import { modelOfConfig } from './load.js';
import { EventLessons } from './performance/lessons.js';
import { EventLstm, type EventLstmConfig } from './performance/network.js';
import { WindowLessons } from './tutorial/lessons.js';
import { TUTORIAL_CONFIG, type TutorialConfig, type TutorialLstm } from './tutorial/network.js';
import { encodedLength, encodeTutorial } from './tutorial/representation.js';

/** Sizes of a model that can be chosen. */
export interface ModelSizes {
  readonly layers?: number;
  readonly hiddenSize?: number;
  readonly headSize?: number;
  readonly contextUnits?: number;
  readonly keyFeatures?: number;
  /** Whether a performance model hears what it recalls of the piece. */
  readonly recall?: boolean;
}

/** A piece as it is kept in memory for training. */
export interface PreparedPiece {
  readonly notes: number;
  /** What it consists of: equal bytes, equal lessons. */
  readonly arrays: readonly (Float32Array | Float64Array | Uint8Array)[];
}

/** What is trained under one name: a model, how it learns unless told otherwise, and how pieces become its lessons. */
export interface Preset {
  readonly name: string;
  readonly options: TrainOptions;
  readonly instruments: InstrumentChoice;
  /** Units of the losses, for the plot. */
  readonly lossUnits: Readonly<Record<string, string>>;
  /** The configuration of a new model. */
  configure(sizes: ModelSizes): ModelConfig;
  /** Pieces with no more notes than this teach nothing. */
  tooShort(config: ModelConfig): number;
  prepare(notes: NoteTable): PreparedPiece;
  /** @throws CadenzaError when there is nothing to learn from, or the configuration is no good */
  lessons(
    config: ModelConfig,
    train: readonly PreparedPiece[],
    validation: readonly PreparedPiece[],
    options: TrainOptions,
  ): Lessons;
}

const TUTORIAL: Preset = {
  name: 'tutorial',
  options: TUTORIAL_TRAIN_OPTIONS,
  instruments: 'first',
  lossUnits: { pitch_loss: 'nats', step_loss: 's²', duration_loss: 's²' },
  configure({ hiddenSize = TUTORIAL_CONFIG.hiddenSize, ...others }) {
    const isOther = Object.values(others).some((size) => size !== undefined);
    if (isOther || hiddenSize !== TUTORIAL_CONFIG.hiddenSize) {
      throw new CadenzaError("the tutorial model's size is fixed; choose sizes with --preset performance");
    }
    return TUTORIAL_CONFIG;
  },
  tooShort: (config) => (config as TutorialConfig).windowLength,
  prepare(notes) {
    const features = encodeTutorial(notes);
    return { notes: encodedLength(features), arrays: [features] };
  },
  lessons(config, train, validation, options) {
    const featuresOf = (pieces: readonly PreparedPiece[]) =>
      pieces.map(({ arrays }) => arrays[0] as Float32Array);
    const data = { train: featuresOf(train), validation: featuresOf(validation) };
    return new WindowLessons(modelOfConfig(config) as TutorialLstm, data, options);
  },
};

/** T where an older run does not say. */
const SEQUENCE_LENGTH = 128;

/**
 * @param recalling the representation with recall, if there is one
 */
function eventPreset(name: string, recalling = name): Preset {
  const hasMaps = REPRESENTATIONS[name].contextMaps !== undefined;
  const tableOf = ({ notes: length, arrays: [pitch, velocity, start, end] }: PreparedPiece) =>
    ({ length, pitch, velocity, start, end }) as NoteTable;
  return {
    name,
    options: PERFORMANCE_TRAIN_OPTIONS,
    instruments: 'sounding',
    lossUnits: {},
    configure({
      layers = 2,
      hiddenSize = 512,
      headSize = Math.ceil(hiddenSize / 2),
      contextUnits = hasMaps ? 240 : 0,
      keyFeatures = hasMaps ? 8 : 0,
      recall = true,
    }): EventLstmConfig {
      const sizes = { layers, hiddenSize, headSize, contextUnits, keyFeatures };
      return { kind: 'events', formatVersion: 1, representation: recall ? recalling : name, ...sizes };
    },
    tooShort: () => 0,
    prepare: ({ length, pitch, velocity, start, end }) => ({
      notes: length,
      arrays: [pitch, velocity, start, end],
    }),
    lessons(config, train, validation, options) {
      const { representation } = modelOfConfig(config) as EventLstm;
      const steps = options.sequenceLength ?? SEQUENCE_LENGTH;
      const model = new EventLstm(config as EventLstmConfig, representation, steps);
      return new EventLessons(
        model,
        { train: train.map(tableOf), validation: validation.map(tableOf) },
        options,
      );
    },
  };
}

/** All presets by name: `tutorial`, `performance`, and for comparison `midi-like` and `note-tuples`. */
export const PRESETS: Readonly<Record<string, Preset>> = Object.fromEntries(
  [
    TUTORIAL,
    eventPreset('performance', PERFORMANCE_RECALL.name),
    eventPreset('midi-like'),
    eventPreset('note-tuples'),
  ].map((preset) => [preset.name, preset]),
);

/** @throws CadenzaError when there is none of that name */
export function presetNamed(name: string): Preset {
  if (Object.hasOwn(PRESETS, name)) return PRESETS[name];
  throw new CadenzaError(`no such preset: ${name}; there are ${Object.keys(PRESETS).join(', ')}`);
}
