/** What is asked of a performance, and what is played. */
import type { Constraints } from '../../playing/constraints.js';

/** What `minP` is unless said otherwise: docs/performance-model.md tells what it changes. */
export const DEFAULT_MIN_P = 0.05;

export interface PerformOptions extends Constraints {
  /** Seconds to play, from the primer's last event on. */
  readonly seconds?: number;
  /** Notes to strike; with `seconds` whichever comes first. 100 where neither is given. */
  readonly notes?: number;
  /** How many variations; 1 by default. */
  readonly variations?: number;
  /** The same seed, model, primer and options give the same notes; 0 by default. */
  readonly seed?: number;
  /** 0 takes the likeliest, 1 plays as learned, more dares more; 1 by default. Single attributes can differ. */
  readonly temperature?: number;
  readonly temperatures?: { readonly time?: number; readonly symbol?: number; readonly velocity?: number };
  /** Only the likeliest choices that together have this probability; 1, all, by default. */
  readonly topP?: number;
  /**
   * Of the keys that may be struck only those at least this part as likely as the likeliest, and so of those that may be
   * released; 0.05 by default, 0 takes all. A key that nobody would play, once played, is followed by others.
   */
  readonly minP?: number;
  /** About so many times as many events a second as learned; 1 by default. */
  readonly density?: number;
  /** Louder above 0, softer below, about so many steps of MIDI velocity; 0 by default. */
  readonly loudness?: number;
  /** Seconds since the primer's last event that have passed in silence: nothing is played before; 0 by default. */
  readonly silence?: number;
  /** Told how much of a long primer has been heard, 0 … 1, before anything is played. */
  readonly onHeard?: (part: number) => void;
  /** Calls it off, also while a primer is heard: what waits for the next event gets the signal's reason. */
  readonly signal?: AbortSignal;
}

/** An event as it was played. */
export interface PlayedEvent {
  /** Which variation, from 0. */
  readonly variation: number;
  /** Seconds since the primer's last event. */
  readonly time: number;
  /** MIDI note number, 21 … 108. */
  readonly pitch: number;
  /** Velocity bin of a strike, 0 … 31; −1 for a release. */
  readonly velocity: number;
}
