/** How the events of `metrical` are drawn: how many beats ahead, at which tick of the beat, and what. */
import { TICKS_PER_BEAT } from '../notes/metrical-grid.js';
import { type Drawing, type DrawRule, drawOptions } from '../playing/draw.js';
import { drawClass, dropUnlikely, oddsOf } from '../playing/logits.js';
import { DEFAULT_MIN_P } from '../playing/wishes.js';
import { type PlayingRules, type TimeMass, ticksTo } from './events.js';
import { BEAT_BINS, BEATS, SYMBOL, TEMPO, VELOCITY } from './metrical-tracker.js';
import { densityTilt, keyRules } from './performance-playing.js';
import { lastEventsInBeats } from './recent-events.js';

/** A time between events that a density does not make more or less likely. */
const USUAL_TICKS = 6;

const { draw, mayBeNow, actionOf } = keyRules({ symbol: SYMBOL, velocity: VELOCITY });

/** The ticks from now on among which the next event may fall, and how far the beat has come. */
function windowOf(drawing: Drawing) {
  const { earliest, latest } = drawing.window();
  const inBeat = -ticksTo(drawing.tracker, [0, 0]);
  const first = Math.max(earliest, Number(earliest === 0 && !mayBeNow(drawing, [0, inBeat])));
  return { first, last: Math.max(first, latest), inBeat };
}

/** How likely a density makes an event so many ticks from now. */
const weightOf = (ticks: number, tilt: number) => (ticks <= 0 ? 1 : (ticks / USUAL_TICKS) ** -tilt);

const drawBeats: DrawRule = (logits, drawing, wishes) => {
  const { first, last, inBeat } = windowOf(drawing);
  const tilt = densityTilt(wishes, drawing.habits);
  // Beats in which something may be, and how much of each.
  const partOf = (beat: number) => {
    const from = Math.max(beat * TICKS_PER_BEAT - inBeat, first);
    const to = Math.min((beat + 1) * TICKS_PER_BEAT - 1 - inBeat, last);
    return Math.max(0, to - from + 1) / (beat === 0 ? TICKS_PER_BEAT - inBeat : TICKS_PER_BEAT);
  };
  const weights = Float64Array.from({ length: BEAT_BINS.count }, (_, bin) => {
    let part = 0;
    for (let k = 0; k < BEAT_BINS.width(bin); k++) part += partOf(BEAT_BINS.first(bin) + k);
    const ticks = bin === 0 ? 0 : BEAT_BINS.first(bin) * TICKS_PER_BEAT - inBeat + USUAL_TICKS;
    return (part / BEAT_BINS.width(bin)) * weightOf(ticks, tilt);
  });
  // A window beyond the longest time: as long as can be said.
  if (!weights.some((weight) => weight > 0)) weights[BEAT_BINS.count - 1] = 1;
  const index = drawClass(logits, weights, drawOptions('time', wishes), drawing.random);
  const beats = Array.from({ length: BEAT_BINS.width(index) }, (_, k) => BEAT_BINS.first(index) + k);
  const open = beats.filter((beat) => partOf(beat) > 0);
  const among = open.length > 0 ? open : beats;
  return { index, value: among[among.length > 1 ? drawing.random.below(among.length) : 0] };
};

const drawPlace: DrawRule = (logits, drawing, wishes) => {
  const { first, last, inBeat } = windowOf(drawing);
  const from = drawing.values[BEATS] * TICKS_PER_BEAT - inBeat;
  const tilt = drawing.values[BEATS] === 0 ? densityTilt(wishes, drawing.habits) : 0;
  const weights = Float64Array.from({ length: TICKS_PER_BEAT }, (_, place) => {
    const ticks = from + place;
    return ticks >= Math.max(0, first) && ticks <= last ? weightOf(ticks, tilt) : 0;
  });
  // Beyond the longest time again.
  if (!weights.some((weight) => weight > 0)) weights.fill(1);
  const { isPlain, minP = DEFAULT_MIN_P } = wishes;
  if (!isPlain) dropUnlikely(logits, weights, minP, 0, TICKS_PER_BEAT);
  const index = drawClass(logits, weights, drawOptions('time', wishes), drawing.random);
  return { index, value: index };
};

const beatOf = (tick: number) => Math.floor(tick / TICKS_PER_BEAT);

function timeValues(ticks: number, now: number): readonly number[] {
  const then = now + ticks;
  return [Math.min(beatOf(then) - beatOf(now), BEAT_BINS.most), then % TICKS_PER_BEAT];
}

/** Every beat of a class is as likely as the others. In the beat of `now` only what comes is possible. */
function timeMass(
  [beatLogits, placeLogits]: readonly ArrayLike<number>[],
  ticks: number,
  now: number,
  first: number,
): TimeMass {
  const inBeat = now % TICKS_PER_BEAT;
  const [beat, place] = timeValues(ticks, now);
  const odds = oddsOf(beatLogits);
  // Which part of a beat may be.
  const partOf = (each: number) => {
    const end = (each + 1) * TICKS_PER_BEAT - inBeat;
    const ofBeat = each === 0 ? TICKS_PER_BEAT - inBeat : TICKS_PER_BEAT;
    return Math.max(0, end - Math.max(end - ofBeat, first)) / ofBeat;
  };
  let [all, here, later] = [0, 0, 0];
  for (let bin = 0; bin < BEAT_BINS.count; bin++) {
    const width = BEAT_BINS.width(bin);
    for (let k = 0; k < width; k++) {
      const each = BEAT_BINS.first(bin) + k;
      const part = (odds[bin] / width) * partOf(each);
      all += part;
      if (each === beat) here = part;
      if (each > beat) later += part;
    }
  }
  const places = oddsOf(placeLogits);
  const ticksTo = (each: number) => beat * TICKS_PER_BEAT - inBeat + each;
  let [sum, after] = [0, 0];
  for (let each = 0; each < TICKS_PER_BEAT; each++) {
    if (ticksTo(each) < Math.max(0, first)) continue;
    sum += places[each];
    if (each > place) after += places[each];
  }
  const isPossible = sum > 0 && ticks >= first;
  return {
    at: isPossible ? ((here / all) * places[place]) / sum : 0,
    after: (later + (sum > 0 ? (here * after) / sum : 0)) / all,
  };
}

/**
 * Part of the strikes in songs that go on a sequence which was there before: of POP909 in the first three and
 * a half minutes, from 0.05 in the first half to 0.2 in the last one.
 */
const SONGS_REPEAT = 0.14;

/** By which the events of `metrical` are played. */
export const METRICAL_PLAYING: PlayingRules<'beats' | 'place' | 'symbol' | 'velocity'> = {
  draw: { beats: drawBeats, place: drawPlace, ...draw },
  actionOf,
  leastDuration: 1,
  repetition: SONGS_REPEAT,
  timeValues,
  timeMass,
  rateOf: (values) => (values[TEMPO] * TICKS_PER_BEAT) / 60,
  lastEvents: lastEventsInBeats,
};
