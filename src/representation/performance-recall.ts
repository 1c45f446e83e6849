/**
 * The events of `performance`, of which a model hears more: beside its eight maps over the keys also what it
 * has heard before in the piece, and what came then (recall.ts).
 */
import { KEYS, VELOCITY_BINS } from '../notes/grid.js';
import type { EventTracker } from './events.js';
import { PERFORMANCE } from './performance.js';
import { Recall } from './recall.js';
import { TIME_BINS, timeBin } from './time-bins.js';

/** Keys recalled as next; by intervals; and how hard they were struck. */
const RECALL_MAPS = 3;
/** Over the classes of time: where the next strike is expected, sharply, less so, and widely. */
const TIME_MAPS = 3;
/** How many classes away from where it is expected a map has fallen to 1/e. */
export const WIDTHS = [0.5, 1.5, 5];
/** Further away than so many classes it is 0. */
export const REACH = 15;
const FALLS = WIDTHS.map((width) =>
  Float32Array.from({ length: REACH + 1 }, (_, away) => Math.exp(-away / width)),
);

class RecallTracker implements EventTracker {
  private readonly performance = PERFORMANCE.createTracker();
  private readonly recall = new Recall();
  private now = 0;
  private lastStrike = 0;

  reset(): void {
    this.performance.reset();
    this.recall.reset();
    this.now = 0;
    this.lastStrike = 0;
  }

  /**
   * The maps over the keys of `performance`; then 8 how strongly each key is recalled as the next one, 9 the
   * same by intervals, 10 how hard it was struck then; and over the classes of time three of when the next
   * strike is recalled.
   */
  context(into: Float32Array, at: number): void {
    this.performance.context(into, at);
    const { strength, transposed, force } = this.recall;
    let from = at + PERFORMANCE.contextSize;
    for (const map of [strength, transposed, force]) {
      into.set(map, from);
      from += KEYS;
    }
    into.fill(0, from, from + TIME_MAPS * TIME_BINS);
    this.expectedTime(into, from);
  }

  /** Nothing where nothing is recalled, or it should have come already. */
  private expectedTime(into: Float32Array, at: number): void {
    const { wait, certainty } = this.recall;
    const left = wait - (this.now - this.lastStrike);
    if (certainty === 0 || left < 0) return;
    const expected = timeBin(left);
    const first = Math.max(0, expected - REACH);
    const last = Math.min(TIME_BINS - 1, expected + REACH);
    for (const [map, falls] of FALLS.entries()) {
      const from = at + map * TIME_BINS;
      for (let bin = first; bin <= last; bin++)
        into[from + bin] = certainty * falls[Math.abs(bin - expected)];
    }
  }

  allowed(attribute: number, chosen: ArrayLike<number>, into: Float32Array, at: number): void {
    this.performance.allowed(attribute, chosen, into, at);
  }

  push(values: ArrayLike<number>): void {
    this.performance.push(values);
    this.now += Math.max(0, values[0]);
    if (values[1] >= KEYS) return;
    this.recall.push(values[1], this.now, (values[2] + 1) / VELOCITY_BINS);
    this.lastStrike = this.now;
  }

  pass(values: ArrayLike<number>): void {
    this.performance.push(values);
    this.now += Math.max(0, values[0]);
    if (values[1] >= KEYS) return;
    this.recall.pass(values[1], this.now, (values[2] + 1) / VELOCITY_BINS);
    this.lastStrike = this.now;
  }
}

const [TIME, SYMBOL, VELOCITY] = PERFORMANCE.attributes;
const KEY_MAPS = (PERFORMANCE.contextMaps as number) + RECALL_MAPS;

/**
 * The events of {@link PERFORMANCE}; a model also hears what followed wherever the piece agreed with what was
 * played last.
 */
export const PERFORMANCE_RECALL: typeof PERFORMANCE = {
  ...PERFORMANCE,
  name: 'performance-recall',
  attributes: [{ ...TIME, classMaps: TIME_MAPS }, SYMBOL, VELOCITY],
  contextSize: KEY_MAPS * KEYS + TIME_MAPS * TIME_BINS,
  contextMaps: KEY_MAPS,
  plainMaps: RECALL_MAPS,
  createTracker: () => new RecallTracker(),
};
