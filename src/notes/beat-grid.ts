/** Notes moved to a grid of note values, as a sequencer quantizes. Swing stays. */
import { CadenzaError } from '../errors.js';
import type { TempoMap } from '../midi/tempo-map.js';
import { type NoteTable, selectNotes } from './note-table.js';
import { barAt, type TimeGrid } from './time-grid.js';

/** A part of a whole note: 4 quarters, 12 triplets of eighths. */
export type NoteValue = number;

const STRAIGHT = [1, 2, 4, 8, 16, 32, 64];
const TRIPLETS = [3, 6, 12, 24, 48];

/**
 * A note value such as `1/16`, or `1/8t` for triplets of eighths, which is 1/12.
 *
 * @throws CadenzaError where there is none such
 */
export function noteValueNamed(text: string): NoteValue {
  const match = /^1\s*\/\s*(\d{1,2})(t?)$/i.exec(text.trim());
  const part = Number(match?.[1]) * (match?.[2] ? 1.5 : 1);
  if ([...STRAIGHT, ...TRIPLETS].includes(part)) return part;
  throw new CadenzaError(
    `no such grid: ${text}; write it like 1/16, or 1/8t for triplets: 1/4, 1/8, 1/16, 1/32, 1/4t, 1/8t, 1/16t`,
  );
}

// Swing: pairs of eighths (or of sixteenths) of which the second comes late, always about as late.
const EVEN = 0.5;
const LEAST_SWING = 0.54;
const MOST_SWING = 0.72;
/** Nearer to a beat than this part of a pair is on it. */
const ON_BEAT = 0.15;
/** How many second strikes of pairs say something, which part of them must agree, and how well. */
const LEAST_STRIKES = 8;
const LEAST_AGREEING = 0.7;
const AGREEING = 0.06;

/**
 * The notes with strikes and ends on the nearest lines of a grid that begins anew at every bar line. A note
 * lasts a step at least; of several strikes of a key on one line the loudest is kept. Where eighths or
 * sixteenths swing, the lines swing with them.
 *
 * @param notes in the seconds of `map`
 * @param earliest tick before which nothing is struck; 0 by default
 */
export function onBeatGrid(
  notes: NoteTable,
  value: NoteValue,
  grid: TimeGrid,
  map: TempoMap,
  earliest = 0,
): NoteTable {
  const starts = notes.start.map((time) => map.tickAt(time));
  const ends = notes.end.map((time) => map.tickAt(time));
  const ruler = rulerOf(starts, value, grid);
  const lines = starts.map((tick) => {
    const line = ruler.nearest(tick);
    return line < earliest ? ruler.next(line) : line;
  });
  const lastLines = ends.map((tick, n) => {
    const line = ruler.nearest(tick);
    return line > lines[n] ? line : ruler.next(lines[n]);
  });
  const at = (tick: number) => map.secondsAt(tick);
  return oneStrikeALine({ ...notes, start: lines.map(at), end: lastLines.map(at) });
}

/**
 * Of the strikes of one pitch at one time the loudest, which lasts as long as the longest; ascending by
 * start.
 */
function oneStrikeALine(notes: NoteTable): NoteTable {
  const kept = new Map<string, number>();
  const end = notes.end.slice();
  for (let n = 0; n < notes.length; n++) {
    const place = `${notes.start[n]} ${notes.pitch[n]}`;
    const other = kept.get(place);
    if (other === undefined) {
      kept.set(place, n);
      continue;
    }
    const louder = notes.velocity[n] > notes.velocity[other] ? n : other;
    end[louder] = Math.max(end[n], end[other]);
    kept.set(place, louder);
  }
  const order = [...kept.values()].sort((a, b) => notes.start[a] - notes.start[b] || a - b);
  return selectNotes({ ...notes, end }, order);
}

/** The lines of a grid, in ticks. */
interface Ruler {
  readonly nearest: (tick: number) => number;
  /** The line after a line. */
  readonly next: (tick: number) => number;
}

function rulerOf(starts: Float64Array, value: NoteValue, grid: TimeGrid): Ruler {
  const step = (4 * grid.ticksPerBeat) / value;
  const sinceBar = starts.map((tick) => tick - barAt(grid, tick).from);
  const { pair, late } = swingOf(sinceBar, value, grid.ticksPerBeat);
  // Time runs evenly from line to line in a bent measure of it: the first half of a pair takes `late` of it.
  const bend = (ticks: number, from: number, to: number) => {
    const whole = Math.floor(ticks / pair);
    const part = ticks / pair - whole;
    return (whole + (part < from ? (part * to) / from : to + ((part - from) * (1 - to)) / (1 - from))) * pair;
  };
  const lineAt = (tick: number, move: number) => {
    const { from, to } = barAt(grid, tick);
    const line = Math.round(bend(tick - from, late, EVEN) / step) + move;
    return { line: from + Math.round(bend(line * step, EVEN, late)), to };
  };
  return {
    nearest: (tick) => {
      const { line, to } = lineAt(tick, 0);
      return Math.abs(to - tick) < Math.abs(line - tick) ? to : Math.min(line, to);
    },
    next: (tick) => {
      const { line, to } = lineAt(tick, 1);
      return Math.min(line, to);
    },
  };
}

/** Of which pairs the second half comes late, and where in the pair it begins, 0 … 1. */
function swingOf(ticks: Float64Array, value: NoteValue, ticksPerBeat: number) {
  if (!TRIPLETS.includes(value)) {
    for (const pair of [ticksPerBeat, ticksPerBeat / 2]) {
      if (value * pair < 8 * ticksPerBeat) break; // its second halves are no lines of this grid
      const late = latenessOf(ticks, pair);
      if (late !== EVEN) return { pair, late };
    }
  }
  return { pair: ticksPerBeat, late: EVEN };
}

function latenessOf(ticks: Float64Array, pair: number): number {
  const phases = ticks.map((tick) => (tick % pair) / pair);
  const between = phases.filter((phase) => phase > ON_BEAT && phase < 1 - ON_BEAT).sort();
  const median = between[between.length >> 1];
  const agreeing = between.filter((phase) => Math.abs(phase - median) <= AGREEING).length;
  const swings = median >= LEAST_SWING && median <= MOST_SWING;
  const isSure = between.length >= LEAST_STRIKES && agreeing >= LEAST_AGREEING * between.length;
  return swings && isSure ? median : EVEN;
}
