/** Where bars lie: set by tempo and metre, found in the notes, tapped, or moved by hand. */
import { BarGrid, type Beats, CadenzaError, evenBeats } from '../../../../src/index.js';
import { transport } from '../../shell/sound.js';
import { timeOf } from '../../shell/words.js';
import { changed } from '../../state/history.js';
import { complain, say } from '../../state/messages.js';
import { setBeats } from '../../state/session.js';
import { countedBeats, foundBeats, shownBeats } from '../../state/session-beats.js';
import { commit, cutOf, sessionOf, shownPiece, studio } from '../studio.js';
import { changeCounting, counting, LEAST_TEMPO, MOST_TEMPO } from './counting.js';

/** Beats by which time is counted on the page; undefined where it is in seconds. */
export const countedBy = () => (counting.get().showsBars ? shownBeats(sessionOf()) : undefined);

/** A span as one says it: "bars 5–8", "5.2–6.3", or from one time to another. */
export function spanInWords(
  { start, end }: { readonly start: number; readonly end: number },
  beats?: Beats,
): string {
  if (beats === undefined) return `${timeOf(start)}–${timeOf(end)}`;
  const grid = new BarGrid(beats);
  const [first, last] = [start, end].map((time) => grid.nearestBar(time));
  const isLine = (time: number, bar: number) => Math.abs(grid.secondsOf(bar) - time) < ON_LINE;
  if (last > first && isLine(start, first) && isLine(end, last))
    return last === first + 1 ? `bar ${first}` : `bars ${first}–${last - 1}`;
  const placeOf = (time: number) => {
    const { bar, beat, part } = grid.placeAt(time);
    return `${bar}.${Number((beat + part).toFixed(2))}`;
  };
  return `${placeOf(start)}–${placeOf(end)}`;
}

/** Tempo and metre of beats, where they are even. */
export interface EvenBars {
  readonly tempo: number;
  readonly beatsPerBar: number;
  /** Whether tempo or metre change on the way: these are those of the first bars. */
  readonly isUneven: boolean;
}

/** Seconds from a bar line that are on it. */
const ON_LINE = 0.002;
/** Beats that differ by less are even: what is left of rounding times. */
const SAME = 0.002;

export function evenBarsOf(beats: Beats): EvenBars {
  const { time, place } = beats;
  const grid = new BarGrid(beats);
  const gap = (time[time.length - 1] - time[0]) / (time.length - 1);
  const beatsPerBar = place.reduce((most, each) => Math.max(most, each), 0) + 1;
  const isUneven =
    time.some((each, i) => Math.abs(each - time[0] - i * gap) > SAME * gap) ||
    place.some((each, i) => each !== (place[0] + i) % beatsPerBar);
  const first = isUneven ? (grid.secondsOf(3) - grid.secondsOf(1)) / (2 * grid.beatsIn(1)) : gap;
  return { tempo: 60 / first, beatsPerBar, isUneven };
}

/** Has even bars lie from the first one on, or from a time of the piece on. */
export function setEvenBars(
  change: { readonly tempo?: number; readonly beatsPerBar?: number; readonly from?: number },
  isSameStep = false,
): void {
  const session = sessionOf();
  const before = shownBeats(session);
  const now = before === undefined ? counting.get() : evenBarsOf(before);
  const tempo = Math.min(MOST_TEMPO, Math.max(LEAST_TEMPO, change.tempo ?? now.tempo));
  const beatsPerBar = change.beatsPerBar ?? now.beatsPerBar;
  const first = before === undefined ? (shownPiece().notes.start[0] ?? 0) : new BarGrid(before).secondsOf(1);
  changeCounting({ tempo: Math.round(tempo), beatsPerBar });
  const next = setBeats(session, evenBeats(change.from ?? first, tempo, beatsPerBar));
  if (isSameStep) studio.set(({ history }) => ({ history: changed(history, next) }));
  else commit(next, 'set the bars');
}

/** Looks for beats in the notes themselves. */
export function findBars(): void {
  const session = sessionOf();
  if (session.source.notes.length < 2) {
    complain(new CadenzaError('there are too few notes to find beats in; set a tempo'));
    return;
  }
  commit(setBeats(session, foundBeats(session.source)), 'find the beats');
  say('These are the beats as they were found. Where they are wrong, drag them.');
}

/** Bars as the file says, or none. */
export function forgetBars(): void {
  commit(setBeats(sessionOf(), undefined), 'forget the bars');
}

/** A bar begins at the marker. */
export function beginBarAtMarker(): void {
  const session = sessionOf();
  const grid = new BarGrid(countedBeats(session));
  const { time, place } = grid.beats;
  const cut = cutOf();
  const by = cut - grid.secondsOf(grid.nearestBar(cut));
  commit(setBeats(session, { time: time.map((each) => each + by), place }), 'move the bars');
}

/** Seconds that beats stay apart. */
const APART = 0.05;

/** Moves one beat from a time of the piece to another; its neighbours stay. */
export function moveBeat(from: number, to: number): void {
  const session = sessionOf();
  const { end } = shownPiece();
  const grid = new BarGrid(countedBeats(session));
  // Those that only go on evenly are beats of their own from now on.
  const lines = [...grid.between(Math.min(0, grid.beats.time[0]), Math.max(end, from) + 1)];
  const time = Float64Array.from(lines, (line) => line.time);
  const place = Uint8Array.from(lines, ({ beat }) => Math.round(beat) - 1);
  const beat = time.reduce(
    (best, each, i) => (Math.abs(each - from) < Math.abs(time[best] - from) ? i : best),
    0,
  );
  const least = (time[beat - 1] ?? Number.NEGATIVE_INFINITY) + APART;
  const most = (time[beat + 1] ?? Number.POSITIVE_INFINITY) - APART;
  time[beat] = Math.min(most, Math.max(least, to));
  commit(setBeats(session, { time, place }), 'move a beat');
}

/** Seconds after which a tap begins anew. */
const TAP_PAUSE = 2;
/** Taps that make a tempo. */
const LEAST_TAPS = 4;
let taps: { readonly at: number; readonly position: number }[] = [];

/**
 * A tap of the tempo. While it plays the beats lie where one taps, and a bar begins with the first tap; else
 * only the tempo is taken.
 *
 * @param at seconds on the page's clock
 */
export function tap(at = performance.now() / 1000): void {
  if (at - (taps.at(-1)?.at ?? at) > TAP_PAUSE) taps = [];
  taps.push({ at, position: transport.currentTime });
  if (taps.length < LEAST_TAPS) return;
  const isPlaying =
    transport.isPlaying && taps.every(({ position }, i) => i === 0 || position > taps[i - 1].position);
  const { slope, start } = lineThrough(taps.map((each) => (isPlaying ? each.position : each.at)));
  const tempo = Math.round((60 / slope) * 10) / 10;
  setEvenBars({ tempo, ...(isPlaying && { from: start }) }, taps.length > LEAST_TAPS);
}

/** The line that fits values one step apart best: where it begins, and how much it rises a step. */
function lineThrough(values: readonly number[]): { readonly start: number; readonly slope: number } {
  const [middle, mean] = [(values.length - 1) / 2, values.reduce((a, b) => a + b, 0) / values.length];
  let [together, alone] = [0, 0];
  for (const [i, value] of values.entries()) {
    together += (i - middle) * (value - mean);
    alone += (i - middle) ** 2;
  }
  const slope = together / alone;
  return { start: mean - slope * middle, slope };
}
