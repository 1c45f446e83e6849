/**
 * The performance model: a stack of LSTM layers hears one event after the other and carries its state along;
 * heads in a chain say each attribute of the next event, every head knowing what those before it have said.
 * Where the context is maps over the keys, features of each key, the same for all of them (key-features.ts),
 * help to choose among keys.
 *
 * Legend: T events, B rows, H hidden size, M head size, V classes of an attribute, C numbers of context, D
 * features of a key, K keys, G numbers of context that heads hear.
 */

import type { ModelConfig } from '../../checkpoint/checkpoint.js';
import * as ops from '../../graph/ops.js';
import type { Graph, Shape, Tensor } from '../../graph/tensor.js';
import { type DenseLayer, dense, type LstmLayer, lstmLayer, summaryOf } from '../../model/layers.js';
import { carriedOn, type LayerSummary, type Model } from '../../model/model.js';
import { constantWeights, type ParameterSpec, parameterCount, type Weights } from '../../model/parameters.js';
import { KEYS } from '../../notes/grid.js';
import type { EventRepresentation } from '../../representation/events.js';
import type { Dropout } from '../../training/options.js';
import { AttributeHead } from './heads.js';
import { type KeyLayer, keyLayer } from './key-features.js';

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
  /** The styles that it has learned to tell apart, in the order of their numbers; none where not given. */
  readonly styles?: readonly string[];
}

/** A model of events, whatever their representation: an LSTM stack with chained heads and carried state. */
export class EventLstm implements Model<EventLstmConfig> {
  readonly parameters: readonly ParameterSpec[];
  readonly lossNames: readonly string[];
  readonly carried: readonly string[];
  /** P */
  readonly parameterCount: number;
  readonly told: Model['told'];
  /** Numbers of an event and its context as the first layer hears them. */
  private readonly inputSize: number;
  /** H + G: numbers of the last layer's state, and of what heads hear beside it. */
  private readonly stateSize: number;
  /** Brings the context to fewer numbers, where it does. */
  private readonly context: DenseLayer | undefined;
  private readonly keys: KeyLayer;
  private readonly stack: readonly LstmLayer[];
  private readonly heads: readonly AttributeHead[];
  /** N */
  private readonly classMapsSize: number;

  /**
   * @param steps T: events a row of a batch
   * @param dropout what is left out of a batch: its masks are inputs
   */
  constructor(
    readonly config: EventLstmConfig,
    readonly representation: EventRepresentation,
    readonly steps: number,
    private readonly dropout: Dropout = {},
  ) {
    const { layers, hiddenSize, headSize, contextUnits } = config;
    const { attributes, contextSize, contextMaps = 0, plainMaps = 0 } = representation;
    const each = Array.from({ length: layers }, (_, layer) => layer);
    this.carried = each.flatMap((layer) => [`hidden${layer}`, `cell${layer}`]);
    this.lossNames = ['loss', ...attributes.map(({ name }) => `${name}_loss`)];
    this.keys = keyLayer(contextMaps === 0 ? 0 : config.keyFeatures, contextMaps, plainMaps);
    this.classMapsSize = attributes.reduce((sum, { classMaps = 0, size }) => sum + classMaps * size, 0);
    const isBrought = contextSize > 0 && contextUnits > 0 && contextUnits !== contextSize;
    this.context = isBrought ? dense('context', contextSize, contextUnits, { hasBias: false }) : undefined;
    const heard = isBrought ? contextUnits : contextSize;
    this.inputSize = attributes.reduce((sum, { size }) => sum + size + 1, heard);
    this.stack = each.map((layer) =>
      lstmLayer('lstm', layer, layer === 0 ? this.inputSize : hiddenSize, hiddenSize, `lstm_${layer}`),
    );
    this.told = this.toldColumns(isBrought);
    const { from = 0, to = 0 } = representation.headsHear ?? {};
    this.stateSize = hiddenSize + to - from;
    const sizes = { hiddenSize: this.stateSize, headSize, keyFeatures: this.keys.features };
    this.heads = attributes.map((_, k) => new AttributeHead(attributes, k, sizes));
    const all = [...(this.context ? [this.context] : []), this.keys, ...this.stack, ...this.heads];
    this.parameters = all.flatMap(({ parameters }) => parameters);
    this.parameterCount = parameterCount(this.parameters);
  }

  /** What is told stands together in the context, which one matrix hears, and the heads where they do. */
  private toldColumns(isBrought: boolean): Model['told'] {
    const { given = [], contextSize, attributes, headsHear } = this.representation;
    const { hiddenSize } = this.config;
    const parts = given.flatMap(({ heardAt }) => heardAt ?? []);
    if (parts.length === 0) return undefined;
    const at = isBrought ? 0 : this.inputSize - contextSize;
    const from = at + Math.min(...parts.map((part) => part.from));
    const to = at + Math.max(...parts.map((part) => part.to));
    const ofHeads = headsHear && { from: hiddenSize, to: hiddenSize + headsHear.to - headsHear.from };
    return {
      [isBrought ? 'context.weight' : 'lstm.weight_ih_l0']: { from, to },
      ...Object.fromEntries(ofHeads ? attributes.map(({ name }) => [`${name}.hidden.weight`, ofHeads]) : []),
    };
  }

  /** One line a layer; the first two dimensions, batch and time, are open. */
  get layers(): readonly LayerSummary[] {
    const lead = [null, null];
    const last = `lstm_${this.stack.length - 1}`;
    return [
      summaryOf('event', 'InputLayer', [...lead, this.inputSize]),
      ...(this.context ? [this.context.summary(lead, 'event')] : []),
      ...(this.keys.features > 0 ? [this.keys.summary(lead, 'event')] : []),
      ...this.stack.map((layer, i) => layer.summary(lead, i === 0 ? 'event' : `lstm_${i - 1}`)),
      ...this.heads.flatMap((head) => head.summaries(lead, last)),
    ];
  }

  /**
   * What an EventBatch feeds, the state carried along, `hiddenN` and `cellN` (B, H) of every layer, and the
   * masks of what is left out.
   */
  batchInputs(batch: number): Record<string, Tensor> {
    const masks = this.masks(batch).map(({ name, shape }) => [name, ops.input(name, shape)]);
    return { ...this.inputs(this.steps, batch), ...Object.fromEntries(masks) };
  }

  /** The masks of a batch: each number is 0 with the chance `rate`, and 1 ÷ (1 − `rate`) otherwise. */
  masks(batch: number): { readonly name: string; readonly shape: Shape; readonly rate: number }[] {
    const { input = 0, hidden = 0, heads = 0, recurrent = 0 } = this.dropout;
    const { hiddenSize } = this.config;
    const state = [batch, hiddenSize];
    const each = this.stack.flatMap((_, layer) => [
      { name: `hiddenMask${layer}`, shape: state, rate: layer === 0 ? 0 : hidden },
      { name: `recurrentMask${layer}`, shape: [4 * hiddenSize, hiddenSize], rate: recurrent },
    ]);
    const all = [
      { name: 'inputMask', shape: [batch, this.inputSize], rate: input },
      ...each,
      { name: 'headsMask', shape: state, rate: heads },
    ];
    return all.filter(({ rate }) => rate > 0);
  }

  /**
   * nats a row and event, (B) each: of all attributes, and of each. Σ over the events that count ÷ T; within
   * a wide class every value is equally likely. With them the states to carry on.
   */
  losses(weights: Weights, inputs: Readonly<Record<string, Tensor>>) {
    const { losses, carried } = this.lossesOf(weights, inputs, 'learning');
    return { ...losses, ...carried };
  }

  /**
   * The losses of every row, and the states to carry on, from a batch and every weight by its name, for
   * programs that differentiate by themselves: an LSTM layer is one node. `heard` (T, B, H) is what heads
   * hear of the last one.
   */
  lossGraph(batch: number): Graph {
    const inputs = this.batchInputs(batch);
    const weights = Object.fromEntries(
      this.parameters.map(({ name, shape }) => [name, ops.input(name, shape)]),
    );
    const { losses, carried, heard } = this.lossesOf(weights, inputs, 'playing');
    return { inputs: { ...inputs, ...weights }, outputs: { ...losses, ...carried, heard } };
  }

  private lossesOf(
    weights: Weights,
    inputs: Readonly<Record<string, Tensor>>,
    purpose: 'learning' | 'playing',
  ) {
    const { attributes } = this.representation;
    const { carried, heard, ...state } = this.listen(weights, inputs, purpose);
    const losses = attributes.map(({ name, size, widthOf }, k) => {
      const logits = this.heads[k].logits(weights, state, inputs, inputs[`${name}Allowed`]);
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
    return { losses: { loss, ...Object.fromEntries(losses) }, carried, heard };
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
   * Events before, and context, to the hidden state of the last layer with what heads hear beside it (T, B, H
   * + G), the features of every key (T, B, D·K), the maps over classes (T, B, N), and the states to carry on.
   */
  private listen(
    weights: Weights,
    inputs: Readonly<Record<string, Tensor>>,
    purpose: 'learning' | 'playing',
  ) {
    const { attributes, contextSize } = this.representation;
    const heard = attributes.map(({ name, size }) => ops.oneHot(inputs[`${name}Before`], size + 1));
    const { context } = inputs;
    if (context !== undefined) heard.push(this.context ? this.context.apply(weights, context) : context);
    const keys = this.keys.features > 0 ? this.keys.apply(weights, context) : undefined;
    const maps =
      this.classMapsSize > 0
        ? ops.slice(context, 2, contextSize - this.classMapsSize, contextSize)
        : undefined;
    let x = masked(ops.concat(heard, 2), inputs.inputMask);
    const carried: Record<string, Tensor> = {};
    for (const [layer, lstm] of this.stack.entries()) {
      const state = { hidden: inputs[`hidden${layer}`], cell: inputs[`cell${layer}`] };
      const mask = inputs[`recurrentMask${layer}`];
      const own = mask === undefined ? weights : withMasked(weights, `lstm.weight_hh_l${layer}`, mask);
      const { hidden, last } = lstm.apply(own, masked(x, inputs[`hiddenMask${layer}`]), state, purpose);
      x = layer === 0 ? hidden : ops.add(x, hidden);
      carried[carriedOn(`hidden${layer}`)] = last.hidden;
      carried[carriedOn(`cell${layer}`)] = last.cell;
    }
    const { from, to } = this.representation.headsHear ?? {};
    x = masked(x, inputs.headsMask);
    const hidden =
      from === undefined || to === undefined ? x : ops.concat([x, ops.slice(context, 2, from, to)], 2);
    return { hidden, keys, maps, carried, heard: x };
  }

  /**
   * Listening to `steps` events: `NAMEBefore` (T, B), `context` (T, B, C) and states; gives `state` (B, H + G
   * + D·K + N), hidden state, what heads hear beside it, features of the keys and maps over classes, after
   * the last of them, and the states to carry on.
   */
  predictionGraph(batch: number, parameters: Float32Array, steps = 1): Graph {
    const all = this.inputs(steps, batch);
    const { hidden, keys, maps, carried } = this.listen(
      constantWeights(parameters, this.parameters),
      all,
      'playing',
    );
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

  /**
   * What an attribute may be: `state` (B, H + G + D·K + N) and the `NAME`s (B) said before it to `logits` (B,
   * V).
   */
  attributeGraph(attribute: number, batch: number, parameters: Float32Array): Graph {
    const { attributes } = this.representation;
    const { stateSize } = this;
    const keysEnd = stateSize + this.keys.features * KEYS;
    const width = keysEnd + this.classMapsSize;
    const state = ops.input('state', [batch, width]);
    const said = attributes.slice(0, attribute);
    const inputs = Object.fromEntries(said.map(({ name }) => [name, ops.input(name, [1, batch], 'int32')]));
    const part = (from: number, to: number) =>
      ops.reshape(ops.slice(state, 1, from, to), [1, batch, to - from]);
    const logits = this.heads[attribute].logits(
      constantWeights(parameters, this.parameters),
      {
        hidden: part(0, stateSize),
        keys: keysEnd > stateSize ? part(stateSize, keysEnd) : undefined,
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

/** x (T, B, N) without what a mask (B, N) leaves out; whole without a mask. */
function masked(x: Tensor, mask: Tensor | undefined): Tensor {
  return mask === undefined ? x : ops.multiply(x, ops.reshape(mask, [1, ...mask.shape]));
}

function withMasked(weights: Weights, name: string, mask: Tensor): Weights {
  return { ...weights, [name]: ops.multiply(weights[name], mask) };
}
