import { encodeCheckpoint, initialParameters, namedViews } from '../../src/index.js';
import { EventLstm, type EventLstmConfig } from '../../src/kinds/performance/network.js';
import { REPRESENTATIONS } from '../../src/representation/representations.js';

/** The file of a small, untrained model of events. */
export function tinyEventModel(
  representation = 'performance-recall',
  seed = 1,
  styles?: readonly string[],
): Uint8Array {
  const config: EventLstmConfig = {
    kind: 'events',
    formatVersion: 1,
    representation,
    layers: 2,
    hiddenSize: 8,
    headSize: 6,
    contextUnits: 3,
    keyFeatures: 2,
    ...(styles && { styles }),
  };
  const model = new EventLstm(config, REPRESENTATIONS[representation], 16);
  const parameters = initialParameters(model.parameters, seed);
  return encodeCheckpoint({ config, tensors: namedViews(parameters, model.parameters) });
}
