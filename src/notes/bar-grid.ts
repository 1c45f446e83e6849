/** The beats of a piece as musicians count them: bars and beats from 1. */
import { lastAtMost } from '../search.js';
import { type Bars, type Beats, barAround, barsOf, beatAt, secondsAtBeat } from './beats.js';

/** A place in a piece. */
export interface BarPlace {
  /** Counted from 1; what comes before the first bar has bars 0, −1 … */
  readonly bar: number;
  /** Counted from 1. */
  readonly beat: number;
  /** How much of the beat has passed, 0 to 1. */
  readonly part: number;
}

/** A beat, or a part of one, of a stretch of time. */
export interface GridLine {
  /** Seconds. */
  readonly time: number;
  readonly bar: number;
  /** Counted from 1; between beats with its part. */
  readonly beat: number;
}

/** Part of a beat by which a time may lie before a beat and still be called it. */
const EARLY = 1e-6;

/**
 * Bars and beats by number, also before and after those that are known, which go on as the nearest do.
 *
 * @example
 * import { BarGrid, evenBeats } from 'cadenza';
 *
 * const grid = new BarGrid(evenBeats(0, 90, 3));
 * console.log(grid.secondsOf(5), grid.placeAt(8.7), grid.nearest(8.7, 2));
 */
export class BarGrid {
  private readonly bars: Bars;
  /** Bars whose beginnings are known. */
  private readonly count: number;

  constructor(readonly beats: Beats) {
    this.bars = barsOf(beats);
    this.count = this.bars.line.length - 1;
  }

  /** Seconds at which a bar begins, or a beat in it, which may have parts. */
  secondsOf(bar: number, beat = 1): number {
    return secondsAtBeat(this.beats, this.lineOf(bar) + beat - 1);
  }

  /** Beats in a bar. */
  beatsIn(bar: number): number {
    return this.lineOf(bar + 1) - this.lineOf(bar);
  }

  /** Where a time lies. */
  placeAt(seconds: number): BarPlace {
    const at = beatAt(this.beats, seconds);
    const beat = Math.floor(at + EARLY);
    const bar = this.barAt(beat);
    return { bar, beat: beat - this.lineOf(bar) + 1, part: Math.max(0, at - beat) };
  }

  /** The bar whose beginning is nearest. */
  nearestBar(seconds: number): number {
    const { bar } = this.placeAt(seconds);
    return seconds - this.secondsOf(bar) < this.secondsOf(bar + 1) - seconds ? bar : bar + 1;
  }

  /** The nearest beat, or part of one where beats are divided, seconds. */
  nearest(seconds: number, partsOfBeat = 1): number {
    return secondsAtBeat(this.beats, Math.round(beatAt(this.beats, seconds) * partsOfBeat) / partsOfBeat);
  }

  /** All beats of a stretch of time, or parts of them. */
  *between(from: number, to: number, partsOfBeat = 1): Generator<GridLine> {
    const first = Math.ceil((beatAt(this.beats, from) - EARLY) * partsOfBeat);
    const last = (beatAt(this.beats, to) + EARLY) * partsOfBeat;
    for (let i = first; i <= last; i++) {
      const bar = this.barAt(Math.floor(i / partsOfBeat));
      const at = i / partsOfBeat;
      yield { time: secondsAtBeat(this.beats, at), bar, beat: at - this.lineOf(bar) + 1 };
    }
  }

  /** The bar in which a beat, counted from the first that is known, lies. */
  private barAt(beat: number): number {
    const { line } = this.bars;
    const known = lastAtMost(line, beat);
    if (known >= 0 && known < this.count) return known + 1;
    const { from, beats } = barAround(this.bars, beat);
    return (from - line[known < 0 ? 0 : this.count]) / beats + (known < 0 ? 1 : this.count + 1);
  }

  /** Beats after the first that is known at which a bar begins. */
  private lineOf(bar: number): number {
    const { line } = this.bars;
    if (bar < 1) return line[0] + (bar - 1) * (line[1] - line[0]);
    const last = this.count;
    if (bar <= last + 1) return line[bar - 1];
    return line[last] + (bar - 1 - last) * (line[last] - line[last - 1]);
  }
}
