/** The tutorial's kind of model: a window of notes, and the next one's pitch, step and duration. */
import { expectKind } from '../../checkpoint/checkpoint.js';
import { CadenzaError } from '../../errors.js';
import type { Wish } from '../../playing/wishes.js';
import { TUTORIAL_TRAIN_OPTIONS } from '../../training/options.js';
import { complain, expectSize, MAX_SIZE } from '../check-sizes.js';
import type { Kind, Loaded } from '../kind.js';
import { TUTORIAL_CONFIG, type TutorialConfig, TutorialLstm } from './network.js';
import { encodedLength, encodeTutorial } from './representation.js';

const FORMAT = 1;

export const TUTORIAL_KIND: Kind = {
  name: 'tutorial',
  title: 'Tutorial',
  plays: 'pitch, step and duration',
  about:
    'Note after note from the 150 before, as in a well-known exercise. The one for learning how it works.',
  canPlay: true,
  canFill: false,
  reading: 'first',
  usualLength: { notes: 100 },
  options: TUTORIAL_TRAIN_OPTIONS,
  batchOf: 'windows',
  sizes: [],
  lossUnits: { pitch_loss: 'nats', step_loss: 's²', duration_loss: 's²' },
  wishesOf: () => WISHES,
  owns: ({ kind }) => kind === 'tutorial',
  configure({ hiddenSize = TUTORIAL_CONFIG.hiddenSize, ...others }) {
    const isOther = Object.values(others).some((size) => size !== undefined);
    if (isOther || hiddenSize !== TUTORIAL_CONFIG.hiddenSize) {
      throw new CadenzaError("the tutorial model's size is fixed; choose sizes with --preset performance");
    }
    return TUTORIAL_CONFIG;
  },
  sizesOf: (config) => ({ hiddenSize: (config as TutorialConfig).hiddenSize }),
  network(given, name) {
    const file = { config: given, name };
    expectKind(file, 'tutorial', FORMAT);
    const config = given as TutorialConfig;
    for (const key of ['windowLength', 'hiddenSize', 'denseSize'] as const) {
      expectSize(file, key, config[key], MAX_SIZE);
    }
    for (const key of ['pitch', 'step', 'duration'] as const) {
      const weight: unknown = config.lossWeights?.[key];
      if (typeof weight !== 'number' || !(weight >= 0)) {
        complain(file, `lossWeights.${key} is not a number of at least 0`);
      }
    }
    return new TutorialLstm(config);
  },
  tooShort: (config) => (config as TutorialConfig).windowLength,
  prepare(notes) {
    const features = encodeTutorial(notes);
    return { notes: encodedLength(features), arrays: [features] };
  },
  async dataLoader(config, { train, validation }, options) {
    const { WindowDataLoader } = await import('./data-loader.js');
    const [learned, judged] = [train, validation].map((pieces) =>
      pieces.map(({ arrays }) => arrays[0] as Float32Array),
    );
    return new WindowDataLoader(networkOf(config), { train: learned, validation: judged }, options);
  },
  async measure(loaded, engine, pieces, options) {
    const { measureWindows } = await import('./measure.js');
    return measureWindows(loaded as Loaded<TutorialLstm>, engine, pieces, options);
  },
  async summary(config, measures, options) {
    const { summaryOfWindows } = await import('./measure.js');
    return summaryOfWindows(config as TutorialConfig, measures, options);
  },
  async player(loaded, engine) {
    const { TutorialPlayer } = await import('./player.js');
    return new TutorialPlayer(loaded as Loaded<TutorialLstm>, engine);
  },
};

const WISHES = new Set<Wish>(['temperature']);
const networkOf = (config: Parameters<Kind['network']>[0]) => TUTORIAL_KIND.network(config) as TutorialLstm;
