/** Where the beats and bars of a piece lie in time. */
import { lastAtMost } from '../search.js';

/** M beats, at least two, which go on evenly before the first and after the last. */
export interface Beats {
  /** (M) seconds, ascending. */
  readonly time: Float64Array;
  /** (M) which beat of its bar each is; a bar line is at 0. */
  readonly place: Uint8Array;
}

/** How many beats after the first a time is, with the part of a beat; negative before it. */
export function beatAt({ time }: Beats, seconds: number): number {
  const beat = stretchOf(time.length, lastAtMost(time, seconds));
  return beat + (seconds - time[beat]) / (time[beat + 1] - time[beat]);
}

/** The time of a place counted in beats from the first. */
export function secondsAtBeat({ time }: Beats, position: number): number {
  const beat = stretchOf(time.length, Math.floor(position));
  return time[beat] + (position - beat) * (time[beat + 1] - time[beat]);
}

/** Beats a minute at a place counted in beats from the first. */
export function tempoAtBeat({ time }: Beats, position: number): number {
  const beat = stretchOf(time.length, Math.floor(position));
  return 60 / (time[beat + 1] - time[beat]);
}

/** The stretch between two beats that a beat begins, or the nearest one. */
const stretchOf = (beats: number, beat: number) => Math.min(Math.max(beat, 0), beats - 2);

/** The beats up to a time, which go on as fast as they are then. */
export function beatsUpTo({ time, place }: Beats, seconds: number): Beats {
  const kept = Math.min(time.length, Math.max(2, lastAtMost(time, seconds) + 2));
  return { time: time.subarray(0, kept), place: place.subarray(0, kept) };
}

/** Beats in each bar: whole bars, the first of which may begin before the first beat. */
export interface Bars {
  /** (B + 1) beats after the first at which bars begin, ascending, and at which the last ends. */
  readonly line: Int32Array;
}

/**
 * The bars of beats. The last one, which may be cut off, is as long as the longer of the two before it: a
 * shortened bar is an exception, and music goes on as it usually does.
 */
export function barsOf({ place }: Beats): Bars {
  const lines: number[] = [];
  for (let beat = 0; beat < place.length; beat++) if (place[beat] === 0) lines.push(beat);
  if (lines[0] !== 0) lines.unshift(-place[0]);
  const lengths = lines.slice(1).map((line, bar) => line - lines[bar]);
  const most = place.reduce((longest, beat) => Math.max(longest, beat), 0) + 1;
  const last = lengths.length > 0 ? Math.max(...lengths.slice(-2)) : most;
  lines.push(Math.max(lines[lines.length - 1] + last, place.length));
  return { line: Int32Array.from(lines) };
}

/** The bar in which a place lies, in beats after the first, also before and after the bars that are known. */
export function barAround(
  { line }: Bars,
  position: number,
): { readonly from: number; readonly beats: number } {
  const bar = Math.max(0, Math.min(lastAtMost(line, position), line.length - 2));
  const beats = line[bar + 1] - line[bar];
  return { from: line[bar] + beats * Math.floor((position - line[bar]) / beats), beats };
}

/**
 * Where bars begin, counted from the one in which a place lies, and parts of them: beats after the first.
 * Bars beyond those that are known are as long as the last.
 */
export function barsFrom(bars: Bars, position: number): (bar: number) => number {
  const lines = [barAround(bars, position).from];
  return (bar) => {
    while (lines.length < bar + 2) {
      const last = lines[lines.length - 1];
      lines.push(last + barAround(bars, last).beats);
    }
    const whole = Math.floor(bar);
    return lines[whole] + (bar - whole) * (lines[whole + 1] - lines[whole]);
  };
}

/** Part of a beat by which what is early belongs to its bar. */
const EARLY = 1 / 24;

/** When bars begin, seconds, counted from the one in which a time lies, and parts of them. */
export function barTimes(beats: Beats, from: number): (bar: number) => number {
  const lineOf = barsFrom(barsOf(beats), beatAt(beats, from) + EARLY);
  return (bar) => secondsAtBeat(beats, lineOf(bar));
}

/** Even beats that begin a bar at `from` seconds: those of two bars, which go on. */
export function evenBeats(from: number, beatsPerMinute: number, beatsPerBar: number): Beats {
  const beats = Array.from({ length: 2 * beatsPerBar }, (_, beat) => beat);
  return {
    time: Float64Array.from(beats, (beat) => from + (beat * 60) / beatsPerMinute),
    place: Uint8Array.from(beats, (beat) => beat % beatsPerBar),
  };
}
