/**
 * A model as a safetensors file for PyTorch: its weights in single precision, and what a loader has to know.
 */
import { encodeCheckpoint } from '../checkpoint/checkpoint.js';
import type { Loaded } from '../kinds/kind.js';
import { EventLstm } from '../kinds/performance/network.js';
import { namedViews } from '../model/parameters.js';

/**
 * The bytes of a safetensors file with PyTorch's names and shapes, float32. It is a checkpoint like any
 * other; beside its `cadenza_config` the metadata tell, as JSON in `network`, what of a model of events its
 * representation decides: the attributes in the order in which they are said, with their classes and maps;
 * the numbers of the context; and which of them heads hear.
 *
 * @throws CadenzaError when a weight is not a finite number
 *
 * @example
 * import { exportPytorch } from 'cadenza';
 * import { loadModel } from 'cadenza/node';
 *
 * const bytes = exportPytorch(await loadModel('tutorial'));
 * console.log(bytes.length > 4 * 265_602); // true
 */
export function exportPytorch(
  { model, parameters }: Loaded,
  about: { readonly license?: string; readonly credit?: string } = {},
): Uint8Array<ArrayBuffer> {
  const { config } = model;
  const tensors = namedViews(parameters, model.parameters);
  const notes: Record<string, string> =
    model instanceof EventLstm ? { network: JSON.stringify(networkOf(model)) } : {};
  return encodeCheckpoint({ config, tensors, ...about }, { notes });
}

function networkOf({ representation }: EventLstm) {
  const { attributes, contextSize, contextMaps = 0, plainMaps = 0, headsHear } = representation;
  return {
    attributes: attributes.map(({ name, size, keyMaps = 0, classMaps = 0 }) => ({
      name,
      classes: size,
      key_maps: keyMaps,
      class_maps: classMaps,
    })),
    context: contextSize,
    maps_over_keys: contextMaps,
    plain_maps_over_keys: plainMaps,
    class_maps: attributes.reduce((sum, { size, classMaps = 0 }) => sum + size * classMaps, 0),
    heads_hear: headsHear ? [headsHear.from, headsHear.to] : [0, 0],
  };
}
