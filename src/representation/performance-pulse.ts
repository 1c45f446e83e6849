/**
 * The events of `performance-recall`, of which a model also hears when a strike is due by the pulse so far.
 * There for comparison in `bench/ablations.js`; no model is of it.
 */
import { KEYS, VELOCITY_BINS } from '../notes/grid.js';
import type { EventTracker } from './events.js';
import { PERFORMANCE_RECALL } from './performance-recall.js';
import { PulseMap } from './pulse-map.js';
import { binWidth, firstTick, TIME_BINS } from './time-bins.js';

/** The middle of each class of times up to two seconds. */
const WAITS = Array.from({ length: TIME_BINS }, (_, bin) => firstTick(bin) + (binWidth(bin) - 1) / 2).filter(
  (wait) => wait <= 200,
);

class PulseTracker implements EventTracker {
  private readonly recall = PERFORMANCE_RECALL.createTracker();
  private readonly pulse = new PulseMap();
  private now = 0;

  reset(): void {
    this.recall.reset();
    this.pulse.reset();
    this.now = 0;
  }

  context(into: Float32Array, at: number): void {
    this.recall.context(into, at);
    const from = at + PERFORMANCE_RECALL.contextSize;
    into.fill(0, from, from + TIME_BINS);
    this.pulse.due(this.now, WAITS, into, from);
  }

  allowed(attribute: number, chosen: ArrayLike<number>, into: Float32Array, at: number): void {
    this.recall.allowed(attribute, chosen, into, at);
  }

  push(values: ArrayLike<number>): void {
    this.recall.push(values);
    this.follow(values);
  }

  pass(values: ArrayLike<number>): void {
    this.recall.pass?.(values);
    this.follow(values);
  }

  private follow(values: ArrayLike<number>): void {
    this.now += Math.max(0, values[0]);
    if (values[1] < KEYS) this.pulse.push(this.now, (values[2] + 1) / VELOCITY_BINS);
  }
}

const [TIME, ...OTHERS] = PERFORMANCE_RECALL.attributes;

export const PERFORMANCE_PULSE: typeof PERFORMANCE_RECALL = {
  ...PERFORMANCE_RECALL,
  name: 'performance-pulse',
  attributes: [{ ...TIME, classMaps: (TIME.classMaps ?? 0) + 1 }, ...OTHERS],
  contextSize: PERFORMANCE_RECALL.contextSize + TIME_BINS,
  createTracker: () => new PulseTracker(),
};
