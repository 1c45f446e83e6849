/**
 * A performance as strikes and releases: an event is the time since the last one, one of 88 keys struck or 88
 * released, and the velocity of a strike. A model also hears eight maps over the keys: what is down, what was
 * struck when and how hard, what is used, and where the last event was. Events come in the order of
 * event-order.ts. Where nothing happens for more than MOST_TICKS, that much is left of it, and what sounds
 * gets as much shorter.
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
import { PERFORMANCE_PLAYING } from './performance-playing.js';
import { binWidth, MOST_TICKS, TIME_BINS, timeBin } from './time-bins.js';

/** Symbols: 0 … 87 strike a key, 88 … 175 release one. */
export const SYMBOLS = 2 * KEYS;

const TIME: Attribute<'time'> = { name: 'time', size: TIME_BINS, classOf: timeBin, widthOf: binWidth };
export const SYMBOL: Attribute<'symbol'> = {
  name: 'symbol',
  size: SYMBOLS,
  classOf: (symbol) => symbol,
  keyMaps: 2,
};
export const VELOCITY: Attribute<'velocity'> = {
  name: 'velocity',
  size: VELOCITY_BINS,
  classOf: (bin) => bin,
};

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

/** Maps over the keys that make up the context; see `PerformanceTracker.context`. */
export const MAPS = 8;

/** Ages are heard on a logarithmic scale, 1 for about this many ticks. */
export const LONG_AGE = 4096;

/** An age on that scale; looked up, because it is asked for millions of times. */
const SCALED_AGES = Float32Array.from(
  { length: LONG_AGE },
  (_, ticks) => Math.log1p(ticks) / Math.log(LONG_AGE),
);
const scaledAge = (ticks: number) =>
  ticks < LONG_AGE ? SCALED_AGES[ticks] : Math.log1p(ticks) / Math.log(LONG_AGE);

/** Ticks after which a strike counts 1/e in how much its key is used. */
export const USE_TICKS = 800;
/** After so many ticks without an event no use is left. */
export const MOST_USE_TICKS = 4 * USE_TICKS;
const USE_FADES = Float64Array.from({ length: MOST_USE_TICKS }, (_, ticks) => Math.exp(-ticks / USE_TICKS));

/** How much less a key that is down matters for each one between it and the last event's. */
export const RANK_FADES = 0.6;

class PerformanceTracker implements EventTracker {
  private readonly onset = new Int32Array(KEYS).fill(NONE);
  /** The tick in which each key was last struck. */
  private readonly struckAt = new Int32Array(KEYS).fill(NONE);
  /** How hard each key was last struck, 0 … 1. */
  private readonly force = new Float32Array(KEYS);
  /** Strikes of each key, fading. */
  private readonly use = new Float64Array(KEYS);
  private now = 0;
  private phase: Phase = 'releases';
  private lastKey = -1;
  private lastIsStrike = false;

  reset(): void {
    this.onset.fill(NONE);
    this.struckAt.fill(NONE);
    this.force.fill(0);
    this.use.fill(0);
    this.now = 0;
    this.phase = 'releases';
    this.lastKey = -1;
    this.lastIsStrike = false;
  }

  /**
   * Eight maps over the keys: 0 whether it is down, 1 for how long; 2 how recently it was struck, 3 the same
   * times how hard; 4 how much it is used; 5 how near it is to the last event's key among those that are
   * down, above it, and negative below it; 6 whether it was struck, 7 released, by the last event.
   */
  context(into: Float32Array, at: number): void {
    const { onset, struckAt, force, use, now, lastKey } = this;
    into.fill(0, at, at + MAPS * KEYS);
    for (let key = 0; key < KEYS; key++) {
      if (struckAt[key] === NONE) continue;
      if (onset[key] !== NONE) {
        into[at + key] = 1;
        into[at + KEYS + key] = scaledAge(now - onset[key]);
      }
      const recency = Math.max(0, 1 - scaledAge(now - struckAt[key]));
      into[at + 2 * KEYS + key] = recency;
      into[at + 3 * KEYS + key] = recency * force[key];
      into[at + 4 * KEYS + key] = use[key] / (1 + use[key]);
    }
    if (lastKey < 0) return;
    for (let key = lastKey + 1, near = 1; key < KEYS; key++) {
      if (onset[key] === NONE) continue;
      into[at + 5 * KEYS + key] = near;
      near *= RANK_FADES;
    }
    for (let key = lastKey - 1, near = 1; key >= 0; key--) {
      if (onset[key] === NONE) continue;
      into[at + 5 * KEYS + key] = -near;
      near *= RANK_FADES;
    }
    into[at + (this.lastIsStrike ? 6 : 7) * KEYS + lastKey] = 1;
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
      const fade = values[0] < USE_FADES.length ? USE_FADES[values[0]] : 0;
      for (let k = 0; k < KEYS; k++) this.use[k] *= fade;
    }
    this.lastIsStrike = symbol < KEYS;
    if (this.lastIsStrike) {
      this.onset[key] = this.now;
      this.struckAt[key] = this.now;
      this.force[key] = (values[2] + 1) / VELOCITY_BINS;
      this.use[key] += 1;
      this.phase = 'strikes';
    } else {
      this.onset[key] = NONE;
      if (this.phase === 'strikes') this.phase = 'short releases';
    }
    this.lastKey = key;
  }
}

/**
 * Strikes and releases of keys with time and velocity; a model hears which keys are down and were used, and
 * how.
 */
export const PERFORMANCE: EventRepresentation<'time' | 'symbol' | 'velocity'> = {
  name: 'performance',
  attributes: [TIME, SYMBOL, VELOCITY],
  constrained: [false, true, false],
  contextSize: MAPS * KEYS,
  contextMaps: MAPS,
  playing: PERFORMANCE_PLAYING,
  encode,
  decode,
  createTracker: () => new PerformanceTracker(),
};
