/**
 * The performance model: a stack of LSTM layers hears one event after the other and carries its state along; heads in a
 * chain say each attribute of the next event, every head knowing what those before it have said. Where the context is
 * maps over the keys, features of each key, the same for all of them (key-features.ts), help to choose among keys.
 *
 * Legend: T events, B rows, H hidden size, M head size, V classes of an attribute, C numbers of context, D features of a
 * key, K keys.
 */

import type { ModelConfig } from '../../checkpoint/checkpoint.js';
import { type LstmState, lstm } from '../../graph/layers/lstm.js';
import * as ops from '../../graph/ops.js';
import type { Graph, Tensor } from '../../graph/tensor.js';
import { carriedOn, type LayerSummary, type Model } from '../../model/model.js';
import { type ParameterSpec, parameterCount, sliceWeights, type Weights } from '../../model/parameters.js';
import { KEYS } from '../../notes/grid.js';
import type { EventRepresentation } from '../../representation/events.js';
import { featuresOfChosen, keyFeatureParameters, keyFeatures, matchLogits } from './key-features.js';

/** Sizes and representation of a model of events. */
export interface EventLstmConfig extends ModelConfig {
  readonly kind: 'events';
  /** Name of the representation. */
  readonly representation: string;
  readonly layers: number;
  /** H */
  readonly hiddenSize: number;
  /** M */
  readonly headSize: number;
  /** To how many numbers the context is brought before the first layer hears it; 0: it is heard as it is. */
  readonly contextUnits: number;
  /** D: features of a key by which heads choose among keys; 0: none. */
  readonly keyFeatures: number;
}

/** What heads know of an event before any of it is said. */
interface Heard {
  /** (T, B, H) */
  readonly hidden: Tensor;
  /** (T, B, D·K) features of the keys. */
  readonly keys?: Tensor;
  /** (T, B, N) maps over the classes of attributes. */
  readonly maps?: Tensor;
}

/** Subtracted from the logits of what cannot be. */
const IMPOSSIBLE = 1e9;

/** A model of events, whatever their representation: an LSTM stack with chained heads and carried state. */
export class EventLstm implements Model<EventLstmConfig> {
  readonly parameters: readonly ParameterSpec[];
  readonly lossNames: readonly string[];
  readonly carried: readonly string[];
  /** P */
  readonly parameterCount: number;
  /** Numbers of an event and its context as the first layer hears them. */
  private readonly inputSize: number;
  /** D, the plain maps included; 0 where the context has no maps over the keys. */
  private readonly keyFeatures: number;
  /** N */
  private readonly classMapsSize: number;

  /** @param steps T: events a row of a batch */
  constructor(
    readonly config: EventLstmConfig,
    readonly representation: EventRepresentation,
    readonly steps: number,
  ) {
    const { layers, hiddenSize: h, headSize: m } = config;
    const { attributes } = representation;
    const each = Array.from({ length: layers }, (_, layer) => layer);
    this.carried = each.flatMap((layer) => [`hidden${layer}`, `cell${layer}`]);
    this.lossNames = ['loss', ...attributes.map(({ name }) => `${name}_loss`)];
    const { contextSize, contextMaps = 0, plainMaps = 0 } = representation;
    const { contextUnits } = config;
    const convolved = contextMaps === 0 ? 0 : config.keyFeatures;
    this.keyFeatures = convolved === 0 ? 0 : convolved + plainMaps;
    this.classMapsSize = attributes.reduce((sum, { classMaps = 0, size }) => sum + classMaps * size, 0);
    const heard = contextSize > 0 && contextUnits > 0 ? contextUnits : contextSize;
    this.inputSize = attributes.reduce((sum, { size }) => sum + size + 1, heard);
    this.parameters = [
      ...(heard === contextSize
        ? []
        : ([
            { name: 'context.weight', shape: [contextUnits, contextSize], initializer: 'glorotUniform' },
          ] satisfies ParameterSpec[])),
      ...keyFeatureParameters(convolved, contextMaps),
      ...each.flatMap((layer): ParameterSpec[] => [
        {
          name: `lstm.weight_ih_l${layer}`,
          shape: [4 * h, layer === 0 ? this.inputSize : h],
          initializer: 'glorotUniform',
        },
        { name: `lstm.weight_hh_l${layer}`, shape: [4 * h, h], initializer: 'orthogonal' },
        { name: `lstm.bias_ih_l${layer}`, shape: [4 * h], initializer: 'forgetBias' },
      ]),
      ...attributes.flatMap(({ name, size, keyMaps, classMaps = 0 }, k): ParameterSpec[] => {
        const known = attributes
          .slice(0, k)
          .reduce((sum, { size, keyMaps }) => sum + size + (keyMaps ? this.keyFeatures : 0), h);
        return [
          // Nothing at first: features of keys and maps come in as far as they prove useful.
          ...(keyMaps && this.keyFeatures > 0
            ? ([
                {
                  name: `${name}.keys.weight`,
                  shape: [keyMaps * this.keyFeatures, m],
                  initializer: 'zeros',
                },
              ] satisfies ParameterSpec[])
            : []),
          ...(classMaps > 0
            ? ([
                { name: `${name}.maps.weight`, shape: [classMaps, m], initializer: 'zeros' },
              ] satisfies ParameterSpec[])
            : []),
          { name: `${name}.hidden.weight`, shape: [m, known], initializer: 'glorotUniform' },
          { name: `${name}.hidden.bias`, shape: [m], initializer: 'zeros' },
          { name: `${name}.output.weight`, shape: [size, m], initializer: 'glorotUniform' },
          { name: `${name}.output.bias`, shape: [size], initializer: 'zeros' },
        ];
      }),
    ];
    this.parameterCount = parameterCount(this.parameters);
  }

  /** One line a layer; the first two dimensions, batch and time, are open. */
  get layers(): readonly LayerSummary[] {
    const { layers, hiddenSize } = this.config;
    const count = (...prefixes: string[]) =>
      parameterCount(
        this.parameters.filter(({ name }) => prefixes.some((prefix) => name.startsWith(prefix))),
      );
    const summaries: LayerSummary[] = [];
    const add = (name: string, type: LayerSummary['type'], size: number, parameters: number, from?: string) =>
      summaries.push({
        name,
        type,
        outputShape: [null, null, size],
        parameters,
        connectedTo: from === undefined ? [] : [from],
      });
    add('event', 'InputLayer', this.inputSize, 0);
    if (this.representation.contextSize > 0 && this.config.contextUnits > 0) {
      add('context', 'Dense', this.config.contextUnits, count('context.'), 'event');
    }
    if (this.keyFeatures > 0) {
      add('keys', 'Dense', this.config.keyFeatures * KEYS, count('keys.'), 'event');
    }
    for (let layer = 0; layer < layers; layer++) {
      const weights = ['weight_ih', 'weight_hh', 'bias_ih'].map((part) => `lstm.${part}_l${layer}`);
      add(
        `lstm_${layer}`,
        'LSTM',
        hiddenSize,
        count(...weights),
        layer === 0 ? 'event' : `lstm_${layer - 1}`,
      );
    }
    for (const { name, size } of this.representation.attributes) {
      add(`${name}_hidden`, 'Dense', this.config.headSize, count(`${name}.hidden`), `lstm_${layers - 1}`);
      add(name, 'Dense', size, count(`${name}.output`, `${name}.keys`, `${name}.maps`), `${name}_hidden`);
    }
    return summaries;
  }

  /** What an EventBatch feeds, and the state carried along: `hiddenN` and `cellN` (B, H) of every layer. */
  batchInputs(batch: number): Record<string, Tensor> {
    return this.inputs(this.steps, batch);
  }

  /**
   * nats a row and event, (B) each: of all attributes, and of each. Σ over the events that count ÷ T; within a wide class
   * every value is equally likely. With them the states to carry on.
   */
  losses(weights: Weights, inputs: Readonly<Record<string, Tensor>>) {
    const { attributes } = this.representation;
    const { carried, ...state } = this.listen(weights, inputs, 'learning');
    const losses = attributes.map(({ name, size, widthOf }, k) => {
      const logits = this.logits(weights, k, state, inputs, inputs[`${name}Allowed`]);
      let logProbabilities = ops.logSoftmax(logits); // (T, B, V)
      if (widthOf !== undefined) {
        const widths = Float32Array.from({ length: size }, (_, index) => Math.log(widthOf(index)));
        logProbabilities = ops.subtract(logProbabilities, ops.constant(widths, [size]));
      }
      const chosen = ops.sum(ops.multiply(ops.oneHot(inputs[name], size), logProbabilities), [2]); // (T, B)
      const counted = ops.multiply(chosen, inputs[`${name}Weight`]);
      return [`${name}_loss`, ops.multiply(ops.sum(counted, [0]), -1 / this.steps)] as const; // (B)
    });
    const loss = losses.map(([, each]) => each).reduce((sum, each) => ops.add(sum, each));
    return { loss, ...Object.fromEntries(losses), ...carried };
  }

  private inputs(steps: number, batch: number): Record<string, Tensor> {
    const { attributes, constrained, contextSize } = this.representation;
    const inputs: Record<string, Tensor> = {};
    for (const [k, { name, size }] of attributes.entries()) {
      inputs[`${name}Before`] = ops.input(`${name}Before`, [steps, batch], 'int32');
      inputs[name] = ops.input(name, [steps, batch], 'int32');
      inputs[`${name}Weight`] = ops.input(`${name}Weight`, [steps, batch]);
      if (constrained[k]) inputs[`${name}Allowed`] = ops.input(`${name}Allowed`, [steps, batch, size]);
    }
    if (contextSize > 0) inputs.context = ops.input('context', [steps, batch, contextSize]);
    for (const name of this.carried) inputs[name] = ops.input(name, [batch, this.config.hiddenSize]);
    return inputs;
  }

  /**
   * Events before, and context, to the hidden state of the last layer (T, B, H), the features of every key (T, B, D·K),
   * the maps over classes (T, B, N), and the states to carry on.
   */
  private listen(
    weights: Weights,
    inputs: Readonly<Record<string, Tensor>>,
    purpose: 'learning' | 'playing',
  ) {
    const { attributes, contextSize } = this.representation;
    const heard = attributes.map(({ name, size }) => ops.oneHot(inputs[`${name}Before`], size + 1));
    const { context } = inputs;
    const contextWeight = weights['context.weight'];
    if (context !== undefined) heard.push(contextWeight ? ops.linear(context, contextWeight) : context);
    const keys = this.keyFeatures > 0 ? this.featuresOfKeys(weights, context) : undefined;
    const maps =
      this.classMapsSize > 0
        ? ops.slice(context, 2, contextSize - this.classMapsSize, contextSize)
        : undefined;
    let x = ops.concat(heard, 2);
    const carried: Record<string, Tensor> = {};
    for (let layer = 0; layer < this.config.layers; layer++) {
      const state: LstmState = { hidden: inputs[`hidden${layer}`], cell: inputs[`cell${layer}`] };
      const { hidden, last } = lstm(
        x,
        {
          inputWeight: weights[`lstm.weight_ih_l${layer}`],
          recurrentWeight: weights[`lstm.weight_hh_l${layer}`],
          bias: weights[`lstm.bias_ih_l${layer}`],
        },
        state,
        purpose,
      );
      x = layer === 0 ? hidden : ops.add(x, hidden);
      carried[carriedOn(`hidden${layer}`)] = last.hidden;
      carried[carriedOn(`cell${layer}`)] = last.cell;
    }
    return { hidden: x, keys, maps, carried };
  }

  /** The context (T, B, C) to features of every key (T, B, D·K): those computed from all maps over the keys, and the plain maps. */
  private featuresOfKeys(weights: Weights, context: Tensor): Tensor {
    const { contextMaps = 0, plainMaps = 0 } = this.representation;
    const size = contextMaps * KEYS;
    const maps = ops.slice(context, 2, 0, size);
    const features = keyFeatures(maps, weights['keys.weight'], weights['keys.bias']);
    if (plainMaps === 0) return features;
    return ops.concat([features, ops.slice(context, 2, size - plainMaps * KEYS, size)], 2);
  }

  /**
   * Logits (T, B, V) of attribute number `k`, given the state (T, B, H), the features of the keys (T, B, D·K), the maps
   * over classes (T, B, N), and the attributes said before it, by name (T, B).
   */
  private logits(
    weights: Weights,
    k: number,
    { hidden, keys, maps }: Heard,
    said: Readonly<Record<string, Tensor>>,
    allowed?: Tensor,
  ): Tensor {
    const { attributes } = this.representation;
    const known = attributes.slice(0, k).flatMap(({ name, size, keyMaps }) => {
      const chosen = ops.oneHot(said[name], size);
      return keys !== undefined && keyMaps ? [chosen, featuresOfChosen(keys, chosen)] : [chosen];
    });
    const { name, size, keyMaps, classMaps = 0 } = attributes[k];
    const between = ops.relu(
      ops.linear(
        ops.concat([hidden, ...known], 2),
        weights[`${name}.hidden.weight`],
        weights[`${name}.hidden.bias`],
      ),
    );
    let logits = ops.linear(between, weights[`${name}.output.weight`], weights[`${name}.output.bias`]);
    if (keys !== undefined && keyMaps) {
      const wanted = ops.linear(between, weights[`${name}.keys.weight`]); // (T, B, maps·D)
      logits = ops.add(logits, matchLogits(keys, wanted, keyMaps, KEYS));
    }
    if (maps !== undefined && classMaps > 0) {
      const from = attributes.slice(0, k).reduce((sum, each) => sum + (each.classMaps ?? 0) * each.size, 0);
      const own = ops.slice(maps, 2, from, from + classMaps * size);
      const wanted = ops.linear(between, weights[`${name}.maps.weight`]); // (T, B, maps)
      logits = ops.add(logits, matchLogits(own, wanted, 1, size));
    }
    if (allowed === undefined) return logits;
    return ops.add(logits, ops.multiply(ops.subtract(allowed, 1), IMPOSSIBLE));
  }

  /**
   * Listening to `steps` events: `NAMEBefore` (T, B), `context` (T, B, C) and states; gives `state` (B, H + D·K + N),
   * hidden state, features of the keys and maps over classes, after the last of them, and the states to carry on.
   */
  predictionGraph(batch: number, parameters: Float32Array, steps = 1): Graph {
    const all = this.inputs(steps, batch);
    const flat = ops.constant(parameters, [this.parameterCount]);
    const { hidden, keys, maps, carried } = this.listen(sliceWeights(flat, this.parameters), all, 'playing');
    const state = ops.concat(
      [hidden, keys, maps].flatMap((x) => (x === undefined ? [] : [ops.slice(x, 0, steps - 1, steps)])),
      2,
    );
    const heard = Object.entries(all).filter(
      ([name]) => name.endsWith('Before') || name === 'context' || this.carried.includes(name),
    );
    return {
      inputs: Object.fromEntries(heard),
      outputs: {
        state: ops.reshape(state, [batch, state.shape[2]]),
        ...carried,
      },
    };
  }

  /** What an attribute may be: `state` (B, H + D·K + N) and the `NAME`s (B) said before it to `logits` (B, V). */
  attributeGraph(attribute: number, batch: number, parameters: Float32Array): Graph {
    const { attributes } = this.representation;
    const { hiddenSize } = this.config;
    const flat = ops.constant(parameters, [this.parameterCount]);
    const keysEnd = hiddenSize + this.keyFeatures * KEYS;
    const width = keysEnd + this.classMapsSize;
    const state = ops.input('state', [batch, width]);
    const said = attributes.slice(0, attribute);
    const inputs = Object.fromEntries(said.map(({ name }) => [name, ops.input(name, [1, batch], 'int32')]));
    const part = (from: number, to: number) =>
      ops.reshape(ops.slice(state, 1, from, to), [1, batch, to - from]);
    const logits = this.logits(
      sliceWeights(flat, this.parameters),
      attribute,
      {
        hidden: part(0, hiddenSize),
        keys: keysEnd > hiddenSize ? part(hiddenSize, keysEnd) : undefined,
        maps: width > keysEnd ? part(keysEnd, width) : undefined,
      },
      inputs,
    );
    return {
      inputs: { state, ...inputs },
      outputs: { logits: ops.reshape(logits, [batch, attributes[attribute].size]) },
    };
  }
}
