/** How the events of `performance` are drawn: when, which key is struck or released, and how hard. */
import { KEYS, TICKS_PER_SECOND, VELOCITY_BINS } from '../notes/grid.js';
import { type Drawing, type DrawRule, drawOptions, type KeyAction } from '../playing/draw.js';
import type { Habits } from '../playing/habits.js';
import { drawClass, dropUnlikely, oddsOf } from '../playing/logits.js';
import { DEFAULT_MIN_P, type Wishes } from '../playing/wishes.js';
import { NONE, type PlayingRules, type TimeMass, ticksTo } from './events.js';
import { lastEvents } from './recent-events.js';
import { binWidth, firstTick, MOST_TICKS, TIME_BINS, timeBin } from './time-bins.js';

/**
 * The exponent by which longer times get less likely, or likelier below 0: for the density that is wished,
 * and to hold the pace. What is sparse goes on sparser by itself, so less is needed for it than for what is
 * dense.
 */
export function densityTilt({ density = 1, isPlain }: Wishes, { pace }: Habits): number {
  const wished = Math.log(density) * (density < 1 ? SPARSE_TILT : 1);
  return isPlain ? wished : wished + pace.drift(density);
}

const SPARSE_TILT = 0.28;

/** A time between events that a density does not make more or less likely. */
const USUAL_TICKS = 5;

/**
 * Weight of a velocity bin for every step of loudness, as an exponent: by trial, because what was played loud
 * is heard loud and goes on so.
 */
const LOUDNESS_TILT = 0.008;

/** Where the values stand that say a key and its velocity. */
interface KeyPlaces {
  readonly symbol: number;
  readonly velocity: number;
}

/** One of all symbols at once. */
function drawPlainly(
  logits: ArrayLike<number>,
  allowed: Float32Array,
  { habits, random, harmony }: Drawing,
  wishes: Wishes,
  tick: number,
): number {
  habits.repeats.restrain(allowed);
  harmony?.weigh(tick, allowed);
  const { minP = DEFAULT_MIN_P } = wishes;
  for (const from of [0, KEYS]) dropUnlikely(logits, allowed, minP, from, from + KEYS);
  return drawClass(logits, allowed, drawOptions('symbol', wishes), random);
}

/**
 * First whether a key is struck or released, as predicted, so that notes are as long as they were learned;
 * then which is released, as predicted too; or which is struck, as the wishes say and what is usual.
 */
function drawCalmly(
  logits: ArrayLike<number>,
  allowed: Float32Array,
  { habits, random, harmony }: Drawing,
  wishes: Wishes,
  tick: number,
): number {
  const { minP = DEFAULT_MIN_P, topP } = wishes;
  const isStrike = random.next() * massOf(logits, allowed, 0, 2 * KEYS) < massOf(logits, allowed, 0, KEYS);
  if (!isStrike) {
    allowed.fill(0, 0, KEYS);
    return drawClass(logits, allowed, { temperature: 1, topP }, random);
  }
  allowed.fill(0, KEYS);
  habits.repetition.hold(allowed);
  harmony?.weigh(tick, allowed);
  dropUnlikely(logits, allowed, minP, 0, KEYS);
  return drawClass(logits, allowed, drawOptions('symbol', wishes), random);
}

/** How likely the classes from one up to another are together, as a multiple of what all classes share. */
function massOf(logits: ArrayLike<number>, weights: Float32Array, from: number, to: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < weights.length; i++) if (weights[i] > 0) most = Math.max(most, logits[i]);
  let mass = 0;
  for (let i = from; i < to; i++) if (weights[i] > 0) mass += weights[i] * Math.exp(logits[i] - most);
  return mass;
}

/** The rules for events that strike and release keys, whatever says when. */
export function keyRules(places: KeyPlaces) {
  const drawSymbol: DrawRule = (logits, drawing, wishes) => {
    const allowed = new Float32Array(2 * KEYS);
    drawing.tracker.allowed(places.symbol, drawing.values, allowed, 0);
    const ticks = ticksTo(drawing.tracker, drawing.values);
    drawing.rules.restrict(ticks, allowed);
    drawing.harmony?.release(drawing.now + ticks, allowed);
    const draw = wishes.isPlain ? drawPlainly : drawCalmly;
    const index = draw(logits, allowed, drawing, wishes, drawing.now + ticks);
    return { index, value: index };
  };
  const drawVelocity: DrawRule = (logits, drawing, wishes) => {
    if (drawing.values[places.symbol] >= KEYS) return { index: 0, value: NONE };
    const tilt = (wishes.loudness ?? 0) * LOUDNESS_TILT;
    const weights = new Float64Array(VELOCITY_BINS).fill(1);
    if (tilt !== 0)
      for (let bin = 0; bin < VELOCITY_BINS; bin++) weights[bin] = Math.exp(tilt * (bin - VELOCITY_BINS / 2));
    const index = drawClass(logits, weights, drawOptions('velocity', wishes), drawing.random);
    return { index, value: index };
  };
  return {
    draw: { symbol: drawSymbol, velocity: drawVelocity },
    /** Whether any event may come in the tick of the last one, which `now` says. */
    mayBeNow(drawing: Drawing, now: readonly number[]): boolean {
      const allowed = new Float32Array(2 * KEYS);
      drawing.tracker.allowed(places.symbol, now, allowed, 0);
      return drawing.rules.restrict(0, allowed);
    },
    actionOf(values: ArrayLike<number>, ticks: number): KeyAction {
      const symbol = values[places.symbol];
      const isStrike = symbol < KEYS;
      return { ticks, key: symbol % KEYS, isStrike, velocity: isStrike ? values[places.velocity] : NONE };
    },
  };
}

const { draw, mayBeNow, actionOf } = keyRules({ symbol: 1, velocity: 2 });

const drawTime: DrawRule = (logits, drawing, wishes) => {
  const { earliest, latest } = drawing.window();
  const tilt = densityTilt(wishes, drawing.habits);
  const first = Math.max(earliest, Number(earliest === 0 && !mayBeNow(drawing, [0])));
  const last = Math.max(first, latest);
  const weights = new Float64Array(TIME_BINS);
  for (let bin = 0; bin < TIME_BINS; bin++) {
    const [begin, width] = [firstTick(bin), binWidth(bin)];
    const from = Math.max(begin, first);
    const to = Math.min(begin + width - 1, last);
    // Of a bin only partly within the window only that part counts.
    weights[bin] = Math.max(0, to - from + 1) / width;
    // Chords stay as likely as they are: only what is not at once comes sooner or later.
    if (bin > 0 && tilt !== 0) weights[bin] *= (begin / USUAL_TICKS) ** -tilt;
  }
  // A window beyond the longest time: as long as can be said.
  if (!weights.some((weight) => weight > 0)) weights[TIME_BINS - 1] = 1;
  const index = drawClass(logits, weights, drawOptions('time', wishes), drawing.random);
  const from = Math.max(firstTick(index), first);
  const to = Math.max(from, Math.min(firstTick(index) + binWidth(index) - 1, last));
  return { index, value: from + drawing.random.below(to - from + 1) };
};

/** Every tick of a class is as likely as the others. */
function timeMass(
  [logits]: readonly ArrayLike<number>[],
  ticks: number,
  _now: number,
  first: number,
): TimeMass {
  const odds = oddsOf(logits);
  const bin = timeBin(ticks);
  let [total, after] = [0, 0];
  for (let each = 0; each < TIME_BINS; each++) {
    const [from, width] = [firstTick(each), binWidth(each)];
    const part = (tick: number) => Math.max(0, from + width - Math.max(from, tick)) / width;
    total += odds[each] * part(first);
    if (each >= bin) after += odds[each] * part(Math.max(first, ticks + 1));
  }
  return { at: ticks < first ? 0 : odds[bin] / binWidth(bin) / total, after: after / total };
}

/** By which the events of `performance` are played. */
export const PERFORMANCE_PLAYING: PlayingRules<'time' | 'symbol' | 'velocity'> = {
  draw: { time: drawTime, ...draw },
  actionOf,
  timeValues: (ticks) => [Math.min(ticks, MOST_TICKS)],
  timeMass,
  rateOf: () => TICKS_PER_SECOND,
  lastEvents,
};
