/**
 * A performance as strikes and releases: an event is the time since the last one, one of 88 keys struck or 88 released,
 * and the velocity of a strike. A model also hears which keys are down, and for how long. Events come in the order of
 * event-order.ts. Where nothing happens for more than MOST_TICKS, that much is left of it, and what sounds gets as much
 * shorter.
 */
import { type GridNotes, KEYS, VELOCITY_BINS } from '../notes/grid.js';
import { eventOrder, GridWriter } from './event-order.js';
import {
  type Attribute,
  type EventRepresentation,
  type EventTable,
  type EventTracker,
  NONE,
} from './events.js';
import { binWidth, MOST_TICKS, TIME_BINS, timeBin } from './time-bins.js';

/** Symbols: 0 … 87 strike a key, 88 … 175 release one. */
export const SYMBOLS = 2 * KEYS;

const TIME: Attribute = { name: 'time', size: TIME_BINS, classOf: timeBin, widthOf: binWidth };
const SYMBOL: Attribute = { name: 'symbol', size: SYMBOLS, classOf: (symbol) => symbol };
const VELOCITY: Attribute = { name: 'velocity', size: VELOCITY_BINS, classOf: (bin) => bin };

function encode(notes: GridNotes): EventTable {
  const { key, velocity, onset, offset } = notes;
  const order = eventOrder(notes);
  const { length } = order;
  const columns = [new Int32Array(length), new Int32Array(length), new Int32Array(length)] as const;
  const [time, symbols, velocities] = columns;
  let now = 0;
  for (let e = 0; e < length; e++) {
    const isStrike = order[e] >= 0;
    const i = isStrike ? order[e] : ~order[e];
    const tick = isStrike ? onset[i] : offset[i];
    time[e] = Math.min(tick - now, MOST_TICKS);
    symbols[e] = isStrike ? key[i] : KEYS + key[i];
    velocities[e] = isStrike ? velocity[i] : NONE;
    now = tick;
  }
  return { length, columns };
}

function decode({ length, columns: [time, symbols, velocities] }: EventTable): GridNotes {
  const writer = new GridWriter(length);
  for (let e = 0; e < length; e++) {
    writer.wait(time[e]);
    if (symbols[e] < KEYS) writer.strike(symbols[e], velocities[e]);
    else writer.release(symbols[e] - KEYS);
  }
  return writer.finish();
}

/** Where in a tick's fixed order the last event stood. */
type Phase = 'releases' | 'strikes' | 'short releases';

/** Ages are heard on a logarithmic scale, 1 for about this many ticks. */
const LONG_AGE = 4096;

class PerformanceTracker implements EventTracker {
  private readonly onset = new Int32Array(KEYS).fill(NONE);
  /** The tick in which each key was last struck. */
  private readonly struckAt = new Int32Array(KEYS).fill(NONE);
  private now = 0;
  private phase: Phase = 'releases';
  private lastKey = -1;

  reset(): void {
    this.onset.fill(NONE);
    this.struckAt.fill(NONE);
    this.now = 0;
    this.phase = 'releases';
    this.lastKey = -1;
  }

  /** For each key 1 if it is down, then for each key how long it has been. */
  context(into: Float32Array, at: number): void {
    for (let key = 0; key < KEYS; key++) {
      const down = this.onset[key] !== NONE;
      into[at + key] = Number(down);
      into[at + KEYS + key] = down ? Math.log1p(this.now - this.onset[key]) / Math.log(LONG_AGE) : 0;
    }
  }

  allowed(attribute: number, chosen: ArrayLike<number>, into: Float32Array, at: number): void {
    if (attribute !== 1) {
      into.fill(1, at, at + (attribute === 0 ? TIME_BINS : VELOCITY_BINS));
      return;
    }
    const sameTick = chosen[0] === 0;
    const { phase, lastKey, now } = this;
    for (let key = 0; key < KEYS; key++) {
      const down = this.onset[key] !== NONE;
      const struckNow = sameTick && this.struckAt[key] === now;
      const higher = key > lastKey;
      let strike = !down;
      let release = down;
      if (sameTick && phase === 'releases') {
        release &&= higher;
      } else if (sameTick && phase === 'strikes') {
        strike &&= higher;
        release &&= struckNow;
      } else if (sameTick) {
        strike &&= struckNow;
        release &&= struckNow && higher;
      }
      into[at + key] = Number(strike);
      into[at + KEYS + key] = Number(release);
    }
  }

  push(values: ArrayLike<number>): void {
    const symbol = values[1];
    const key = symbol % KEYS;
    if (values[0] > 0) {
      this.now += values[0];
      this.phase = 'releases';
    }
    if (symbol < KEYS) {
      this.onset[key] = this.now;
      this.struckAt[key] = this.now;
      this.phase = 'strikes';
    } else {
      this.onset[key] = NONE;
      if (this.phase === 'strikes') this.phase = 'short releases';
    }
    this.lastKey = key;
  }
}

export const PERFORMANCE: EventRepresentation = {
  name: 'performance',
  attributes: [TIME, SYMBOL, VELOCITY],
  constrained: [false, true, false],
  contextSize: 2 * KEYS,
  encode,
  decode,
  createTracker: () => new PerformanceTracker(),
};
