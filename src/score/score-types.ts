/** What a score holds. */
import type { Metre } from '../notes/time-grid.js';

/** A note as it is written; ties are not told of here. */
export interface ScoreNote {
  /** MIDI note number. */
  readonly pitch: number;
  /** 1, the right hand's, or 2. */
  readonly staff: number;
  /** 1 or 2, of its staff. */
  readonly voice: number;
  /** Ticks from the first bar on. */
  readonly start: number;
  /** Ticks. */
  readonly length: number;
}

/** A bar of a score. */
export interface ScoreBar {
  /** Ticks from the first bar on. */
  readonly start: number;
  /** Ticks. */
  readonly length: number;
  readonly metre: Metre;
  /** Quarter notes a minute. */
  readonly tempo: number;
}

export interface Score {
  /** Ascending by start. */
  readonly notes: readonly ScoreNote[];
  readonly bars: readonly ScoreBar[];
  /** Sharps of the key signature; flats where negative. */
  readonly fifths: number;
  /** Number of the first bar. */
  readonly firstBar: number;
  /** Seconds at which a tick lies. */
  readonly secondsAt: (tick: number) => number;
  /** The tick, with its part, at a time in seconds. */
  readonly tickAt: (seconds: number) => number;
}
