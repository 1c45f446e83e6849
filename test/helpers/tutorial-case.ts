/**
 * The tutorial model's test case, by formula: weights and a batch. test/oracle/tutorial_case.py makes the
 * same numbers, bit for bit: each is a 24-bit integer times a power of two, and sums are rounded once.
 */

import { TUTORIAL_CONFIG, type TutorialConfig, TutorialLstm } from '../../src/kinds/tutorial/network.js';
import { WindowBatch } from '../../src/kinds/tutorial/window-batch.js';
import { parameterCount } from '../../src/model/parameters.js';

interface Case {
  readonly config: TutorialConfig;
  readonly batch: number;
  readonly weightScale: number;
  /** Moves the predicted steps to both sides of zero, where their loss has its kink. */
  readonly stepBias: number;
}

export const TUTORIAL_CASES = {
  small: {
    config: { ...TUTORIAL_CONFIG, windowLength: 12, hiddenSize: 8, denseSize: 10 },
    batch: 5,
    weightScale: 1,
    stepBias: -1 / 16,
  },
  full: { config: TUTORIAL_CONFIG, batch: 8, weightScale: 0.125, stepBias: 3 / 128 },
} satisfies Record<string, Case>;

/** Larger input kernels, so that what a window holds decides, not the biases. */
const KERNEL_FACTORS: Record<string, number> = { 'lstm.weight_ih_l0': 32, 'lstm_1.weight_ih_l0': 4 };

/** Element `index` of a stream of 32-bit words: MurmurHash3's finaliser over consecutive numbers. */
export function hash32(stream: number, index: number): number {
  let h = (index + Math.imul(stream, 0x9e3779b1)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** In [0, 1) with 24 bits. */
const uniform = (stream: number, index: number) => (hash32(stream, index) >>> 8) / 2 ** 24;

/** The flat parameters (P). */
export function tutorialWeights({ config, weightScale, stepBias }: Case): Float32Array {
  const { parameters } = new TutorialLstm(config);
  const flat = new Float32Array(parameterCount(parameters));
  let from = 0;
  parameters.forEach(({ name, shape }, stream) => {
    const size = parameterCount([{ name, shape, initializer: 'zeros' }]);
    const scale = weightScale * (KERNEL_FACTORS[name] ?? 1);
    const isLstmBias = name.endsWith('bias_ih_l0');
    for (let i = 0; i < size; i++) {
      let value = (uniform(stream, i) - 0.5) * scale;
      if (isLstmBias && i >= config.hiddenSize && i < 2 * config.hiddenSize) value += 1;
      if (name === 'step.bias') value += stepBias;
      flat[from + i] = value;
    }
    from += size;
  });
  return flat;
}

/**
 * The feeds of a batch: windows of notes that have nothing to do with each other, and the notes after them.
 */
export function tutorialBatch({ config, batch }: Case): WindowBatch['feeds'] {
  const length = config.windowLength + 1;
  const notes = new Float32Array(batch * length * 3);
  for (let i = 0; i < batch * length; i++) {
    notes[i * 3] = (21 + (hash32(100, i) % 88)) / 128;
    notes[i * 3 + 1] = uniform(101, i) * 0.25;
    notes[i * 3 + 2] = uniform(102, i) * 0.5;
  }
  const windows = new WindowBatch(batch, config.windowLength);
  for (let slot = 0; slot < batch; slot++) windows.set(slot, notes, slot * length);
  return windows.feeds;
}
