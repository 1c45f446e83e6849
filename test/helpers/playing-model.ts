/**
 * A small model for tests of playing, with larger weights than fresh ones, so that what was heard makes a
 * difference.
 */
import { EventLstm, type EventLstmConfig } from '../../src/kinds/performance/network.js';
import { initialParameters } from '../../src/model/parameters.js';
import { Random } from '../../src/random.js';
import { PERFORMANCE_RECALL } from '../../src/representation/performance-recall.js';

const CONFIG: EventLstmConfig = {
  kind: 'events',
  formatVersion: 1,
  representation: 'performance-recall',
  layers: 2,
  hiddenSize: 6,
  headSize: 5,
  contextUnits: 3,
  keyFeatures: 2,
};

const model = new EventLstm(CONFIG, PERFORMANCE_RECALL, 8);
const random = new Random(3);

export const PLAYING_MODEL = {
  model,
  parameters: initialParameters(model.parameters, 1).map((value) => 3 * value + random.next() / 5),
};
