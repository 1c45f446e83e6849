/**
 * Notes on a grid of musical time: ticks of 1/24 beat, counted from a bar line, with the bars they lie in.
 * What a model of musical time learns. Onsets and ends come to the nearest line that note values have, so
 * that nothing is left of how a sequencer or a player was off: thirty-seconds, and triplets of sixteenths.
 */
import { type Beats, barAround, barsOf, beatAt, evenBeats, secondsAtBeat, tempoAtBeat } from './beats.js';
import { steadyBeats } from './find-beats.js';
import {
  createGridNotes,
  type GridNotes,
  type GridOptions,
  inGridOrder,
  keyOf,
  type Rounding,
  type TickTime,
  VELOCITIES_A_BIN,
} from './grid.js';
import type { NoteTable } from './note-table.js';

export const TICKS_PER_BEAT = 24;
/** Where nothing is known: beats a minute, and beats in a bar. */
export const [USUAL_TEMPO, USUAL_BEATS] = [120, 4];

/** Ticks of a beat on which notes may begin and end, and the first of the next one. */
const LINES = [0, 3, 4, 6, 8, 9, 12, 15, 16, 18, 20, 21, TICKS_PER_BEAT];
/** The line nearest to each tick, of equally near ones the simpler, earlier or later as it comes. */
const NEAREST = nearestLines();

/** So many bars are told apart. */
const MOST_BARS = 100_000;

/** Bars of notes on ticks of a beat. */
export interface TickedBars {
  /** (B + 1) the ticks at which bars begin, the first of them 0, and at which the last ends. */
  readonly line: Int32Array;
  /** (B) beats a minute. */
  readonly tempo: Float32Array;
}

/** Notes whose ticks are parts of beats. */
export interface MetricalNotes extends GridNotes {
  /** Time begins with the bar in which the first note lies. */
  readonly bars: TickedBars;
}

/** The beats of notes: those that are known, else those of their tempo, else some. */
export function beatsOf(notes: NoteTable): Beats {
  const { beats, start } = notes;
  if (beats !== undefined) return beats;
  return steadyBeats(notes) ?? evenBeats(start[0] ?? 0, USUAL_TEMPO, USUAL_BEATS);
}

/** Rounds to parts of beats. */
export const PARTS_OF_BEATS: Rounding = {
  gridOf: metricalGridOf,
  timeOf: (notes) => timeOf(beatsOf(notes), notes.start[0] ?? 0),
};

/** How the ticks of {@link metricalGridOf} lie in time. */
function timeOf(beats: Beats, firstStart: number): TickTime {
  // A note that is a little early begins the bar that comes.
  const first = Math.round(beatAt(beats, firstStart) * TICKS_PER_BEAT) / TICKS_PER_BEAT;
  const { from: origin } = barAround(barsOf(beats), first);
  const tickAt = (seconds: number) => (beatAt(beats, seconds) - origin) * TICKS_PER_BEAT;
  return {
    tickAt,
    roundedTick: (seconds) => nearestLine(tickAt(seconds)),
    secondsAt: (tick) => secondsAtBeat(beats, origin + tick / TICKS_PER_BEAT),
  };
}

/**
 * Rounds notes (ascending by start) to the grid. Of several strikes of a key on one line the loudest is kept,
 * as long as the longest of them; a note lasts from its line to the next one at least.
 */
export function metricalGridOf(
  notes: NoteTable,
  { transpose = 0, stretch = 1 }: GridOptions = {},
): MetricalNotes {
  const { length, pitch, velocity, start, end } = notes;
  const beats = beatsOf(notes);
  const time = timeOf(beats, start[0] ?? 0);
  const grid = createGridNotes(length);
  const at = new Map<number, number>();
  let kept = 0;
  for (let i = 0; i < length; i++) {
    const onset = time.roundedTick(start[i]);
    const key = keyOf(pitch[i] + transpose);
    const bin = Math.floor(velocity[i] / VELOCITIES_A_BIN);
    const offset = Math.max(time.roundedTick(end[i]), lineAfter(onset));
    const place = onset * 128 + key;
    const n = at.get(place) ?? kept++;
    const isNew = n === kept - 1 && !at.has(place);
    at.set(place, n);
    grid.key[n] = key;
    grid.onset[n] = onset;
    grid.velocity[n] = isNew ? bin : Math.max(grid.velocity[n], bin);
    grid.offset[n] = isNew ? offset : Math.max(grid.offset[n], offset);
  }
  const ordered = inGridOrder({ ...grid, length: kept });
  return { ...ordered, bars: tickedBars(beats, time, lastTickOf(ordered), stretch) };
}

function lastTickOf({ length, offset }: GridNotes): number {
  let last = 0;
  for (let n = 0; n < length; n++) last = Math.max(last, offset[n]);
  return last;
}

/** The bars from tick 0 to a last one. */
function tickedBars(beats: Beats, time: TickTime, last: number, stretch: number): TickedBars {
  const origin = beatAt(beats, time.secondsAt(0));
  const { line: known } = barsOf(beats);
  const lines = Array.from(known, (beat) => (beat - Math.round(origin)) * TICKS_PER_BEAT);
  const [firstBar, lastBar] = [lines[1] - lines[0], lines[lines.length - 1] - lines[lines.length - 2]];
  while (lines[0] > 0) lines.unshift(lines[0] - firstBar);
  // Further ones are as long as the last.
  while (lines[lines.length - 1] <= last && lines.length < MOST_BARS)
    lines.push(lines[lines.length - 1] + lastBar);
  const line = Int32Array.from(lines.filter((tick) => tick >= 0));
  const tempo = Float32Array.from(
    line.subarray(0, -1),
    (tick) => tempoAtBeat(beats, Math.round(origin) + tick / TICKS_PER_BEAT) / stretch,
  );
  return { line, tempo };
}

function nearestLine(tick: number): number {
  // To the nearest half tick first: so a tick that lies between two lines has one answer.
  const halves = Math.round(2 * tick);
  const beat = Math.floor(halves / (2 * TICKS_PER_BEAT));
  return beat * TICKS_PER_BEAT + NEAREST[halves - beat * 2 * TICKS_PER_BEAT];
}

function lineAfter(tick: number): number {
  const beat = Math.floor(tick / TICKS_PER_BEAT);
  const inBeat = tick - beat * TICKS_PER_BEAT;
  return beat * TICKS_PER_BEAT + (LINES.find((line) => line > inBeat) ?? TICKS_PER_BEAT);
}

/** (48) for every half tick of a beat the line nearest to it; of equally near ones that of a sixteenth. */
function nearestLines(): Uint8Array {
  return Uint8Array.from({ length: 2 * TICKS_PER_BEAT }, (_, halves) => {
    const far = (line: number) => Math.abs(2 * line - halves) + Number(line % 6 !== 0) / 2;
    return LINES.reduce((best, line) => (far(line) < far(best) ? line : best));
  });
}
