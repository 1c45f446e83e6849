/**
 * Features of every key, computed in the same way for all 88: what lies how far above and below it on the
 * maps of the context. A pattern learned at one pitch is known at all of them, which the weights of an LSTM
 * alone have to learn key by key. Over the keyboard this is a convolution; here it is one matrix product,
 * because engines run those best.
 *
 * Legend: T events, B rows, F maps over the keys, D features of a key, K keys, S = 2K − 1 distances from −(K
 * − 1) to K − 1.
 */
import * as ops from '../../graph/ops.js';
import type { Tensor } from '../../graph/tensor.js';
import { summaryOf } from '../../model/layers.js';
import type { LayerSummary } from '../../model/model.js';
import type { ParameterSpec, Weights } from '../../model/parameters.js';
import { KEYS } from '../../notes/grid.js';

const DISTANCES = 2 * KEYS - 1;

/** Features of every key, as a layer. */
export interface KeyLayer {
  readonly parameters: readonly ParameterSpec[];
  /** D: those computed from all maps over the keys, and the plain maps; 0 where there are none. */
  readonly features: number;
  /** The context (T, B, C), which begins with the maps, to features (T, B, D·K). */
  apply(weights: Weights, context: Tensor): Tensor;
  summary(lead: readonly null[], from: string): LayerSummary;
}

/**
 * @param computed features computed from the maps; with none the layer has no features at all
 * @param maps F: maps over the keys
 * @param plain of those, the last ones, that are features as they are
 */
export function keyLayer(computed: number, maps: number, plain: number): KeyLayer {
  const parameters = keyFeatureParameters(computed, maps);
  return {
    parameters,
    features: computed === 0 ? 0 : computed + plain,
    apply(weights, context) {
      const size = maps * KEYS;
      const features = keyFeatures(
        ops.slice(context, 2, 0, size),
        weights['keys.weight'],
        weights['keys.bias'],
      );
      if (plain === 0) return features;
      return ops.concat([features, ops.slice(context, 2, size - plain * KEYS, size)], 2);
    },
    summary: (lead, from) => summaryOf('keys', 'Dense', [...lead, computed * KEYS], parameters, from),
  };
}

/** The parameters of D features of a key from F maps; none of no features. */
export function keyFeatureParameters(features: number, maps: number): ParameterSpec[] {
  if (features === 0) return [];
  return [
    { name: 'keys.weight', shape: [features, maps * DISTANCES], initializer: 'glorotUniform' },
    { name: 'keys.bias', shape: [features], initializer: 'zeros' },
  ];
}

/**
 * Maps (T, B, F·K) to features (T, B, D·K), those of one kind together: relu of the bias and of every map's
 * value at every distance, weighted.
 */
export function keyFeatures(context: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const [steps, batch, width] = context.shape;
  const features = bias.shape[0];
  const rows = steps * batch;
  const perKey = ops.reshape(ops.expand(ops.reshape(bias, [features, 1]), [features, KEYS]), [
    features * KEYS,
  ]);
  const all = ops.matmul(ops.reshape(context, [rows, width]), byDistance(weight, width / KEYS), {
    addend: perKey,
  });
  return ops.reshape(ops.relu(all), [steps, batch, features * KEYS]);
}

/**
 * Weights (D, F·S) to a matrix (F·K, D·K) that holds, for a key heard and a key told of, the weight of the
 * distance between them. A row of S weights and a 0, repeated without end and cut into rows of S, moves on by
 * one from row to row.
 */
function byDistance(weight: Tensor, maps: number): Tensor {
  const features = weight.shape[0];
  const all = features * maps;
  const padded = ops.concat([ops.reshape(weight, [all, DISTANCES]), ops.zeros([all, 1])], 1);
  const repeated = ops.expand(ops.reshape(padded, [all, 1, DISTANCES + 1]), [all, KEYS, DISTANCES + 1]);
  const endless = ops.reshape(repeated, [all, KEYS * (DISTANCES + 1)]);
  const moving = ops.reshape(ops.slice(endless, 1, 0, KEYS * DISTANCES), [all, KEYS, DISTANCES]);
  const square = ops.slice(moving, 2, KEYS - 1, DISTANCES); // (D·F, K, K): [key heard][key told of]
  const each = Array.from({ length: features }, (_, feature) =>
    ops.reshape(ops.slice(square, 0, feature * maps, (feature + 1) * maps), [maps * KEYS, KEYS]),
  );
  return ops.concat(each, 1);
}

/**
 * How well the features of classes (T, B, D·V), such as the keys, match what is wanted (T, B, maps·D): logits
 * (T, B, maps·V).
 */
export function matchLogits(features: Tensor, wanted: Tensor, maps: number, classes: number): Tensor {
  const [steps, batch, width] = features.shape;
  const each = width / classes;
  const rows = steps * batch;
  const matches = ops.multiply(
    ops.reshape(wanted, [rows, maps, each, 1]),
    ops.reshape(features, [rows, 1, each, classes]),
  );
  return ops.reshape(ops.sum(matches, [2]), [steps, batch, maps * classes]);
}

/** The features (T, B, D) of the key that was chosen (T, B, maps·K, one 1 a row). */
export function featuresOfChosen(keys: Tensor, chosen: Tensor): Tensor {
  const [steps, batch, width] = keys.shape;
  const features = width / KEYS;
  const rows = steps * batch;
  const key = ops.sum(ops.reshape(chosen, [rows, chosen.shape[2] / KEYS, KEYS]), [1]); // (rows, K)
  const picked = ops.multiply(ops.reshape(keys, [rows, features, KEYS]), ops.reshape(key, [rows, 1, KEYS]));
  return ops.reshape(ops.sum(picked, [2]), [steps, batch, features]);
}
