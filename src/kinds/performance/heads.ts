/**
 * The heads of a performance model, a chain: each says an attribute of the next event, and knows what those
 * before it have said.
 *
 * Legend: T events, B rows, H hidden size, M head size, V classes of the attribute, D features of a key, K
 * keys, N numbers of maps over classes.
 */
import * as ops from '../../graph/ops.js';
import type { Tensor } from '../../graph/tensor.js';
import { type DenseLayer, dense, summaryOf } from '../../model/layers.js';
import type { LayerSummary } from '../../model/model.js';
import type { ParameterSpec, Weights } from '../../model/parameters.js';
import { KEYS } from '../../notes/grid.js';
import type { Attribute } from '../../representation/events.js';
import { featuresOfChosen, matchLogits } from './key-features.js';

/** What heads know of an event before any of it is said. */
export interface Known {
  /** (T, B, H) the last layer's state, and what heads hear beside it. */
  readonly hidden: Tensor;
  /** (T, B, D·K) features of the keys. */
  readonly keys?: Tensor;
  /** (T, B, N) maps over the classes of attributes. */
  readonly maps?: Tensor;
}

/** H, M and D. */
export interface HeadSizes {
  readonly hiddenSize: number;
  readonly headSize: number;
  readonly keyFeatures: number;
}

/** Subtracted from the logits of what cannot be. */
const IMPOSSIBLE = 1e9;

export class AttributeHead {
  readonly parameters: readonly ParameterSpec[];
  private readonly hidden: DenseLayer;
  private readonly output: DenseLayer;
  /**
   * What weighs features of keys and maps over classes, nothing at first: they come in as far as they prove
   * useful.
   */
  private readonly matching: readonly ParameterSpec[];

  constructor(
    private readonly attributes: readonly Attribute[],
    private readonly place: number,
    { hiddenSize, headSize, keyFeatures }: HeadSizes,
  ) {
    const { name, size, keyMaps = 0, classMaps = 0 } = attributes[place];
    const known = attributes
      .slice(0, place)
      .reduce((sum, { size, keyMaps }) => sum + size + (keyMaps ? keyFeatures : 0), hiddenSize);
    const wanted: [part: string, width: number][] = [
      ['keys', keyMaps * keyFeatures],
      ['maps', classMaps],
    ];
    this.matching = wanted
      .filter(([, width]) => width > 0)
      .map(([part, width]) => ({
        name: `${name}.${part}.weight`,
        shape: [width, headSize],
        initializer: 'zeros',
      }));
    this.hidden = dense(`${name}.hidden`, known, headSize);
    this.output = dense(`${name}.output`, headSize, size);
    this.parameters = [...this.matching, ...this.hidden.parameters, ...this.output.parameters];
  }

  /** Two lines: what is between, and what comes out. */
  summaries(lead: readonly null[], from: string): LayerSummary[] {
    const { name, size } = this.attributes[this.place];
    return [
      { ...this.hidden.summary(lead, from), name: `${name}_hidden` },
      summaryOf(
        name,
        'Dense',
        [...lead, size],
        [...this.output.parameters, ...this.matching],
        `${name}_hidden`,
      ),
    ];
  }

  /**
   * Logits (T, B, V), given what is known, and the attributes said before it, by name (T, B).
   *
   * @param allowed (T, B, V) 1 where a class may be, 0 where not
   */
  logits(
    weights: Weights,
    { hidden, keys, maps }: Known,
    said: Readonly<Record<string, Tensor>>,
    allowed?: Tensor,
  ): Tensor {
    const { attributes, place } = this;
    const known = attributes.slice(0, place).flatMap(({ name, size, keyMaps }) => {
      const chosen = ops.oneHot(said[name], size);
      return keys !== undefined && keyMaps ? [chosen, featuresOfChosen(keys, chosen)] : [chosen];
    });
    const { name, size, keyMaps, classMaps = 0 } = attributes[place];
    const between = ops.relu(this.hidden.apply(weights, ops.concat([hidden, ...known], 2)));
    let logits = this.output.apply(weights, between);
    if (keys !== undefined && keyMaps) {
      const wanted = ops.linear(between, weights[`${name}.keys.weight`]); // (T, B, maps·D)
      logits = ops.add(logits, matchLogits(keys, wanted, keyMaps, KEYS));
    }
    if (maps !== undefined && classMaps > 0) {
      const from = attributes
        .slice(0, place)
        .reduce((sum, each) => sum + (each.classMaps ?? 0) * each.size, 0);
      const own = ops.slice(maps, 2, from, from + classMaps * size);
      const wanted = ops.linear(between, weights[`${name}.maps.weight`]); // (T, B, maps)
      logits = ops.add(logits, matchLogits(own, wanted, 1, size));
    }
    if (allowed === undefined) return logits;
    return ops.add(logits, ops.multiply(ops.subtract(allowed, 1), IMPOSSIBLE));
  }
}
