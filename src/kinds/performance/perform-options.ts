/** What is asked of a performance, and what is played. */
import type { PlayOptions } from '../kind.js';

export interface PerformOptions extends PlayOptions {
  /** Seconds to play, from the primer's last event on. */
  readonly seconds?: number;
  /** Notes to strike; with `seconds` whichever comes first. 100 where neither is given. */
  readonly notes?: number;
  /**
   * Seconds since the primer's last event that have passed in silence: nothing is played before; 0 by
   * default.
   */
  readonly silence?: number;
  /** Whether what still sounds at the end is released there, not when its time has come. */
  readonly isCutOff?: boolean;
  /** Told how much of a long primer has been heard, 0 … 1, before anything is played. */
  readonly onHeard?: (part: number) => void;
  /** Calls it off, also while a primer is heard: what waits for the next event gets the signal's reason. */
  readonly signal?: AbortSignal;
}

/** An event as it was played. */
export interface PlayedEvent {
  /** Which variation, from 0. */
  readonly variation: number;
  /** Seconds since the primer's last event, as if its tempo went on. */
  readonly time: number;
  /** Ticks of the representation since then. */
  readonly tick: number;
  /** MIDI note number, 21 … 108. */
  readonly pitch: number;
  /** Velocity bin of a strike, 0 … 31; −1 for a release. */
  readonly velocity: number;
}
