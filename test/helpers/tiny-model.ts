import {
  encodeCheckpoint,
  namedViews,
  parameterCount,
  TUTORIAL_CONFIG,
  TutorialLstm,
} from '../../src/index.js';
import type { TutorialConfig } from '../../src/kinds/tutorial/network.js';

/** The smallest sensible configuration of the tutorial model. */
export const TINY_CONFIG: TutorialConfig = {
  ...TUTORIAL_CONFIG,
  windowLength: 4,
  hiddenSize: 2,
  denseSize: 2,
};

/**
 * The file of a tiny model whose weights are all 0 but for the biases given, by layer: it plays any pitch,
 * always with the same step and duration.
 */
export function constantModel(biases: Readonly<Record<string, number>> = {}): Uint8Array {
  const model = new TutorialLstm(TINY_CONFIG);
  const tensors = namedViews(new Float32Array(parameterCount(model.parameters)), model.parameters);
  for (const [layer, bias] of Object.entries(biases)) tensors.get(`${layer}.bias`)!.data.fill(bias);
  return encodeCheckpoint({ config: model.config, tensors });
}
