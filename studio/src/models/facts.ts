/** What a model's file says about itself. */
import { decodeCheckpoint, modelFromCheckpoint, parameterCount } from '../../../src/index.js';

export type ModelFacts = readonly { readonly name: string; readonly value: string }[];

/** @throws CadenzaError when it is no model */
export function modelFacts(bytes: Uint8Array, name: string): ModelFacts {
  const checkpoint = decodeCheckpoint(bytes, name);
  const { kind, model } = modelFromCheckpoint(checkpoint);
  const { config, license, credit } = checkpoint;
  const sizes = config as unknown as Record<string, unknown>;
  const layers = [
    sizes.layers !== undefined && `${sizes.layers} LSTM layers`,
    sizes.hiddenSize !== undefined && `${sizes.hiddenSize} units`,
  ].filter((part) => part !== false);
  return [
    { name: 'Plays', value: `${kind.name}: ${kind.plays}` },
    {
      name: 'Size',
      value: [...layers, `${parameterCount(model.parameters).toLocaleString('en')} parameters`].join(', '),
    },
    ...(checkpoint.training ? [{ name: 'Training', value: 'can be gone on with' }] : []),
    ...(license ? [{ name: 'Licence', value: license }] : []),
    ...(credit ? [{ name: 'Credit', value: credit }] : []),
  ];
}
