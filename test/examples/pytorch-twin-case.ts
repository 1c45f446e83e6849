/**
 * The pieces and weights with which the PyTorch twin is compared; test/oracle/pytorch_twin.py makes the same
 * numbers.
 */
import { createNoteTable, type NoteTable, Random } from '../../src/index.js';
import { EventLstm, type EventLstmConfig } from '../../src/kinds/performance/network.js';
import { parameterCount } from '../../src/model/parameters.js';
import { NONE } from '../../src/representation/events.js';
import { PERFORMANCE } from '../../src/representation/performance.js';
import { PERFORMANCE_GUIDED } from '../../src/representation/performance-guided.js';
import { PERFORMANCE_RECALL } from '../../src/representation/performance-recall.js';
import { PERFORMANCE_TRAIN_OPTIONS, type TrainOptions } from '../../src/training/options.js';

const CONFIG: Omit<EventLstmConfig, 'representation'> = {
  kind: 'events',
  formatVersion: 1,
  layers: 2,
  hiddenSize: 12,
  headSize: 10,
  contextUnits: 7,
  keyFeatures: 3,
};
const STEPS = 24;
export const OPTIONS: TrainOptions = {
  ...PERFORMANCE_TRAIN_OPTIONS,
  epochs: 9,
  steps: 10,
  batchSize: 3,
  seed: 5,
  learningRate: 0.01,
  schedule: { warmup: 3, decayFrom: 0.5 },
  augmentation: { transpose: 3, stretch: 0.1 },
};
const GAPS = [0, 0, 0.004, 0.06, 0.25, 0.8, 9, 200];
const LENGTHS = [0.003, 0.02, 0.1, 0.4, 1.5, 30];

/** Chords, repeated keys, notes too short for the grid, keys beyond the piano, rests of all lengths. */
function piece(seed: number, length: number): NoteTable {
  const random = new Random(seed);
  const notes = createNoteTable(length);
  let start = 0;
  for (let i = 0; i < length; i++) {
    start += GAPS[random.below(GAPS.length - (random.below(8) ? 1 : 0))] * random.next();
    notes.pitch[i] = random.below(4) === 0 ? 15 + random.below(100) : 58 + random.below(9);
    notes.velocity[i] = 1 + random.below(127);
    notes.start[i] = start;
    notes.end[i] = start + LENGTHS[random.below(LENGTHS.length)];
  }
  return notes;
}

/** Without recall, with it, and with guidance. */
export const MODELS = [PERFORMANCE, PERFORMANCE_RECALL, PERFORMANCE_GUIDED].map((representation) => {
  const styles = representation === PERFORMANCE_GUIDED && { styles: ['Clara', 'Erik'] };
  const config = { ...CONFIG, representation: representation.name, ...styles };
  return new EventLstm(config, representation, STEPS);
});
/** Whose style each piece is in, of those two. */
const STYLE = [0, NONE, 1, NONE, 1];

export const DATA = {
  train: [70, 22, 48, 35, 61].map((length, i) => ({ ...piece(100 + i, length), style: STYLE[i] })),
  validation: [40, 27].map((length, i) => piece(200 + i, length)),
};

export function initialWeights(model: EventLstm): Float32Array {
  const random = new Random(OPTIONS.seed);
  return Float32Array.from({ length: parameterCount(model.parameters) }, () => 0.8 * random.next() - 0.4);
}
