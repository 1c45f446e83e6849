/** The masks of what is left out of a batch in learning. */
import { sizeOf } from '../../graph/tensor.js';
import type { Random } from '../../random.js';
import type { EventLstm } from './network.js';

/** Draws masks into the same buffers, step after step. */
export class Masks {
  readonly feeds: Readonly<Record<string, Float32Array>>;
  private readonly rates: Readonly<Record<string, number>>;

  constructor(model: EventLstm, batch: number) {
    const masks = model.masks(batch);
    this.feeds = Object.fromEntries(masks.map(({ name, shape }) => [name, new Float32Array(sizeOf(shape))]));
    this.rates = Object.fromEntries(masks.map(({ name, rate }) => [name, rate]));
  }

  /** What is kept is made larger by as much as is left out, so that sums stay as large in the mean. */
  draw(random: Random): void {
    for (const [name, mask] of Object.entries(this.feeds)) {
      const rate = this.rates[name];
      const least = Math.round(rate * 2 ** 32);
      const own = random.fork(name);
      for (let i = 0; i < mask.length; i++) mask[i] = own.uint32() < least ? 0 : 1 / (1 - rate);
    }
  }
}
