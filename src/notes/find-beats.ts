/**
 * Finds the beats of music that lies on a grid. Files that were made with a sequencer count their ticks by
 * beats, though not always from a beat, and say their bars, though not always the right ones: how onsets
 * gather tells (the mean of their phases on a circle, Mardia & Jupp 2000).
 */
import type { MidiFile } from '../midi/midi-file.js';
import { heardTempoMapOf } from '../midi/tempo-map.js';
import { lastAtMost } from '../search.js';
import type { Beats } from './beats.js';
import { findBars } from './find-bars.js';
import { listen } from './listen.js';
import type { NoteTable } from './note-table.js';
import { barAt, heldAt, timeGridOf } from './time-grid.js';

/** Sixteenths of a beat. */
const SIXTEENTHS = 4;
/** Onsets lie on a grid where the mean of their phases is at least so long; 1 if all are exact. */
const GATHERED = 0.6;
/** Part of a beat by which onsets may miss the beats that a file counts, if its bars are to be believed. */
const EXACT = 1 / 48;
/** A metre of fewer beats is more often a setting that nobody chose. */
const LEAST_BELIEVED = 3;

/** Steady tempos that are looked for, beats a minute, and the one that is likeliest. */
const [SLOWEST, FASTEST, USUAL] = [50, 180, 100];
/** How much of a sixteenth tempos that are tried may drift apart over a piece. */
const DRIFT = 0.2;
/** Fewer notes lie on some grid by chance. */
const FEWEST = 24;
/** So many notes tell about which tempo it is. */
const SOME = 200;
/** No more seconds than this: over a rest of hours there are millions of tempos. */
const SOME_SECONDS = 600;
/** How many times as long the stretch may be by which a tempo is told more exactly. */
const FARTHER = 64;

/** Music of more is no piece with one grid: 28 hours at 100 beats a minute. */
const MOST_SIXTEENTHS = 4 * 170_000;

const lastEnd = ({ end }: NoteTable) => end.reduce((latest, time) => Math.max(latest, time), 0);

/** Where onsets lie from sixteenth to sixteenth. */
interface Gathering {
  /** 0 … 1: how much they agree. */
  readonly length: number;
  /** Where they gather, in sixteenths from −½ to ½. */
  readonly phase: number;
}

function gatheringOf(sixteenths: ArrayLike<number>): Gathering {
  let [x, y] = [0, 0];
  for (let n = 0; n < sixteenths.length; n++) {
    const angle = 2 * Math.PI * sixteenths[n];
    x += Math.cos(angle);
    y += Math.sin(angle);
  }
  const length = Math.hypot(x, y) / Math.max(1, sixteenths.length);
  return { length, phase: Math.atan2(y, x) / (2 * Math.PI) };
}

/** The beats of a file; undefined where its notes lie on no grid. */
export function beatsOfFile(midi: MidiFile): Beats | undefined {
  const { notes } = listen(midi);
  if (midi.ticksPerSecond === undefined && notes.length > 0) {
    const map = heardTempoMapOf(midi);
    const perSixteenth = midi.ticksPerBeat / SIXTEENTHS;
    const count = (seconds: number) => map.tickAt(seconds) / perSixteenth;
    if (count(lastEnd(notes)) > MOST_SIXTEENTHS) return undefined;
    const gathering = gatheringOf(notes.start.map(count));
    if (gathering.length >= GATHERED) {
      const secondsAt = (sixteenth: number) => secondsFrom(map, sixteenth * perSixteenth);
      const isExact = Math.abs(gathering.phase) / SIXTEENTHS <= EXACT;
      const declared = isExact ? declaredBeats(midi, notes) : undefined;
      return declared ?? beatsFrom(notes, count, secondsAt, gathering.phase);
    }
  }
  return steadyBeats(notes);
}

/** Time goes on before the first tick as it begins. */
function secondsFrom(map: ReturnType<typeof heardTempoMapOf>, tick: number): number {
  const whole = Math.floor(tick);
  if (whole < 0) return tick * map.secondsAt(1);
  const from = map.secondsAt(whole);
  return from + (tick - whole) * (map.secondsAt(whole + 1) - from);
}

/** Beats and bars as the file says them; undefined where it says none that can be believed. */
function declaredBeats(midi: MidiFile, notes: NoteTable): Beats | undefined {
  const grid = timeGridOf(midi);
  const { ticksPerBeat, metres } = grid;
  const areWhole = metres.every(({ tick, numerator, denominator }) => {
    const beats = (4 * numerator) / denominator;
    return Number.isInteger(beats) && beats >= LEAST_BELIEVED && tick % ticksPerBeat === 0;
  });
  if (metres.length === 0 || !areWhole || heldAt(metres, 0) === undefined) return undefined;
  const map = heardTempoMapOf(midi);
  const last = map.tickAt(lastEnd(notes));
  const beats = Array.from({ length: Math.ceil(last / ticksPerBeat) + 2 }, (_, beat) => beat * ticksPerBeat);
  return {
    time: Float64Array.from(beats, (tick) => map.secondsAt(tick)),
    place: Uint8Array.from(beats, (tick) => (tick - barAt(grid, tick).from) / ticksPerBeat),
  };
}

/**
 * Beats of notes whose sixteenths are counted; bars are found.
 *
 * @param phase of the onsets, in sixteenths
 */
function beatsFrom(
  notes: NoteTable,
  count: (seconds: number) => number,
  secondsAt: (sixteenth: number) => number,
  phase: number,
): Beats {
  // A whole beat earlier, so that no onset lies before the first.
  const origin = Math.floor((count(notes.start[0]) - phase) / SIXTEENTHS) * SIXTEENTHS - SIXTEENTHS + phase;
  const bars = findBars({
    length: notes.length,
    pitch: notes.pitch,
    onset: notes.start.map((time) => count(time) - origin),
    offset: notes.end.map((time) => count(time) - origin),
  });
  const { place } = bars;
  const length = place.length + 2;
  const perBar = place.reduce((most, each) => Math.max(most, each), 0) + 1;
  return {
    time: new Float64Array(length).map((_, beat) => secondsAt(origin + bars.phase + beat * SIXTEENTHS)),
    place: new Uint8Array(length).map((_, beat) =>
      beat < place.length ? place[beat] : (place[place.length - 1] + 1 + beat - place.length) % perBar,
    ),
  };
}

/** Beats of notes that keep one tempo; undefined where they keep none. */
export function steadyBeats(notes: NoteTable): Beats | undefined {
  const { length, start } = notes;
  if (length < FEWEST || (lastEnd(notes) / 60) * FASTEST * SIXTEENTHS > MOST_SIXTEENTHS) return undefined;
  // Some notes tell about which tempo it is, all of them more exactly.
  const from = Math.floor(Math.max(0, length - SOME) / 2);
  const some = within(start.subarray(from, from + SOME), SOME_SECONDS);
  if (some.length < FEWEST) return undefined;
  const rough = bestTempo(some, SLOWEST, FASTEST);
  const isSure = (length: number, notes: number) =>
    length >= GATHERED + (1 - GATHERED) * Math.sqrt(FEWEST / notes);
  if (!isSure(rough.length, some.length)) return undefined;
  const best = refined(start, from, some, rough.beatsPerMinute);
  if (best === undefined || best.length < GATHERED) return undefined;
  const rate = rateOf(best.beatsPerMinute);
  return beatsFrom(
    notes,
    (seconds) => (seconds - start[0]) * rate,
    (sixteenth) => start[0] + sixteenth / rate,
    best.phase,
  );
}

/** The first of the onsets, as many as lie within so many seconds. */
function within(start: Float64Array, seconds: number): Float64Array {
  return start.subarray(0, lastAtMost(start, start[0] + seconds) + 1);
}

/**
 * The tempo of all onsets, near that of some of them; undefined where a long rest parts these from all
 * others. The longer onsets go on the more finely tempos differ: of much more than some, those in between are
 * asked first, so that never many tempos are tried.
 */
function refined(start: Float64Array, from: number, some: Float64Array, rough: number): Tempo | undefined {
  const off = stepOf(some);
  const span = Math.max(some[some.length - 1] - some[0], 1);
  const isMuchMore = start[start.length - 1] - start[0] > FARTHER * span;
  const more = isMuchMore ? within(start.subarray(from), FARTHER * span) : start;
  const best = bestTempo(more, rough - off, rough + off);
  if (!isMuchMore) return best;
  return more.length > some.length ? refined(start, from, more, best.beatsPerMinute) : undefined;
}

/** By how much tempos differ that are tried, in beats a minute. */
function stepOf(start: Float64Array): number {
  return (60 * DRIFT) / (SIXTEENTHS * Math.max(start[start.length - 1] - start[0], 1));
}

interface Tempo {
  readonly beatsPerMinute: number;
  /** How well onsets gather, and where in a sixteenth. */
  readonly length: number;
  readonly phase: number;
}

/** The tempo at which onsets agree best. */
function bestTempo(start: Float64Array, slowest: number, fastest: number): Tempo {
  const step = stepOf(start);
  const angles = (beatsPerMinute: number) =>
    start.map((time) => 2 * Math.PI * (time - start[0]) * rateOf(beatsPerMinute));
  // From one tempo to the next each onset turns on by an angle of its own: no sine has to be taken for each.
  const [at, turn] = [angles(slowest), angles(step)];
  const [x, y, turnX, turnY] = [at.map(Math.cos), at.map(Math.sin), turn.map(Math.cos), turn.map(Math.sin)];
  let best = { beatsPerMinute: slowest, worth: 0 };
  for (let beatsPerMinute = slowest; beatsPerMinute <= fastest; beatsPerMinute += step) {
    let [sumX, sumY] = [0, 0];
    for (let n = 0; n < x.length; n++) {
      sumX += x[n];
      sumY += y[n];
      const turned = x[n] * turnX[n] - y[n] * turnY[n];
      y[n] = x[n] * turnY[n] + y[n] * turnX[n];
      x[n] = turned;
    }
    // Of a tempo and its double both may fit: the one that is nearer to what is usual.
    const worth = Math.hypot(sumX, sumY) * Math.exp(-0.3 * Math.log2(beatsPerMinute / USUAL) ** 2);
    if (worth > best.worth) best = { beatsPerMinute, worth };
  }
  const { beatsPerMinute } = best;
  return { beatsPerMinute, ...gatheringOf(start.map((time) => (time - start[0]) * rateOf(beatsPerMinute))) };
}

/** Sixteenths a second. */
function rateOf(beatsPerMinute: number): number {
  return (SIXTEENTHS * beatsPerMinute) / 60;
}
