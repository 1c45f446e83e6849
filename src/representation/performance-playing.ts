/** How the events of `performance` are drawn: when, which key is struck or released, and how hard. */
import { KEYS, VELOCITY_BINS } from '../notes/grid.js';
import { type Drawing, type DrawRule, drawOptions } from '../playing/draw.js';
import { drawClass, dropUnlikely } from '../playing/logits.js';
import { DEFAULT_MIN_P } from '../playing/wishes.js';
import { NONE, type PlayingRules } from './events.js';
import { lastEvents } from './recent-events.js';
import { binWidth, firstTick, TIME_BINS } from './time-bins.js';

/** Places of the attributes; further ones may come after them. */
const [TIME, SYMBOL, VELOCITY] = [0, 1, 2];

const drawTime: DrawRule = (logits, drawing, wishes) => {
  const { earliest, latest } = drawing.window();
  const tilt = tiltOf(wishes.density ?? 1);
  const first = Math.max(earliest, Number(earliest === 0 && !mayBeNow(drawing)));
  const last = Math.max(first, latest);
  const weights = Float64Array.from({ length: TIME_BINS }, (_, bin) => {
    const from = Math.max(firstTick(bin), first);
    const to = Math.min(firstTick(bin) + binWidth(bin) - 1, last);
    // Of a bin only partly within the window only that part counts.
    const part = Math.max(0, to - from + 1) / binWidth(bin);
    // Chords stay as likely as they are: only what is not at once comes sooner or later.
    return bin === 0 ? part : part * (firstTick(bin) / USUAL_TICKS) ** -tilt;
  });
  // A window beyond the longest time: as long as can be said.
  if (!weights.some((weight) => weight > 0)) weights[TIME_BINS - 1] = 1;
  const index = drawClass(logits, weights, drawOptions('time', wishes), drawing.random);
  const from = Math.max(firstTick(index), first);
  const to = Math.max(from, Math.min(firstTick(index) + binWidth(index) - 1, last));
  return { index, value: from + drawing.random.below(to - from + 1) };
};

const drawSymbol: DrawRule = (logits, drawing, wishes) => {
  const allowed = new Float32Array(2 * KEYS);
  drawing.tracker.allowed(SYMBOL, drawing.values, allowed, 0);
  drawing.rules.restrict(drawing.values[TIME], allowed);
  drawing.repeats.restrain(allowed);
  const { minP = DEFAULT_MIN_P } = wishes;
  // Apart: whether a key is struck or released next stays as learned.
  for (const from of [0, KEYS]) dropUnlikely(logits, allowed, minP, from, from + KEYS);
  const index = drawClass(logits, allowed, drawOptions('symbol', wishes), drawing.random);
  return { index, value: index };
};

const drawVelocity: DrawRule = (logits, drawing, wishes) => {
  if (drawing.values[SYMBOL] >= KEYS) return { index: 0, value: NONE };
  const tilt = (wishes.loudness ?? 0) * LOUDNESS_TILT;
  const weights = Float64Array.from({ length: VELOCITY_BINS }, (_, bin) =>
    Math.exp(tilt * (bin - VELOCITY_BINS / 2)),
  );
  const index = drawClass(logits, weights, drawOptions('velocity', wishes), drawing.random);
  return { index, value: index };
};

/** What is sparse goes on sparser by itself, so less is needed for it than for what is dense. */
function tiltOf(density: number): number {
  return Math.log(density) * (density < 1 ? SPARSE_TILT : 1);
}

const SPARSE_TILT = 0.28;

/** A time between events that a density does not make more or less likely. */
const USUAL_TICKS = 5;

/**
 * Weight of a velocity bin for every step of loudness, as an exponent: by trial, because what was played loud
 * is heard loud and goes on so.
 */
const LOUDNESS_TILT = 0.008;

/** Whether any event may come in the tick of the last one. */
function mayBeNow(drawing: Drawing): boolean {
  const allowed = new Float32Array(2 * KEYS);
  drawing.tracker.allowed(1, [0], allowed, 0);
  return drawing.rules.restrict(0, allowed);
}

/** By which the events of `performance` are played. */
export const PERFORMANCE_PLAYING: PlayingRules<'time' | 'symbol' | 'velocity'> = {
  draw: { time: drawTime, symbol: drawSymbol, velocity: drawVelocity },
  actionOf(values) {
    const symbol = values[SYMBOL];
    const isStrike = symbol < KEYS;
    return {
      ticks: values[TIME],
      key: symbol % KEYS,
      isStrike,
      velocity: isStrike ? values[VELOCITY] : NONE,
    };
  },
  lastEvents,
};
