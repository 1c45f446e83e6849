/** What a musician may wish of a performance. */
import type { ChordSpan } from './chords.js';
import type { Constraints } from './constraints.js';

/** What `minP` is unless said otherwise: docs/performance-model.md tells what it changes. */
export const DEFAULT_MIN_P = 0.05;

/** What `styleStrength` is unless said otherwise. */
export const USUAL_STRENGTH = 1;

/** What can be wished beside length, takes and seed, by name. */
export type Wish = keyof Wishes | 'variations';

export interface Wishes extends Constraints {
  /**
   * How daring the choice of keys and touch is: 0 takes the likeliest, 1 plays as learned; 1 by default. Pace
   * and lengths stay.
   */
  readonly temperature?: number;
  /** Those of single attributes, where they differ. */
  readonly temperatures?: {
    readonly time?: number;
    readonly symbol?: number;
    readonly velocity?: number;
    readonly [attribute: string]: number | undefined;
  };
  /** Only the likeliest choices that together have this probability; 1, all, by default. */
  readonly topP?: number;
  /**
   * Of the keys that may be struck only those at least this part as likely as the likeliest, and so of places
   * in the beat; 0.05 by default, 0 takes all. What nobody would play, once played, is followed by more of
   * it.
   */
  readonly minP?: number;
  /**
   * Draws everything as predicted and the temperature says, and holds to nothing but the wishes: false by
   * default.
   */
  readonly isPlain?: boolean;
  /** Closes the piece at about the length that is asked for: false by default. */
  readonly isEnding?: boolean;
  /** In whose style to play, by name, of those that the model has learned; in none by default. */
  readonly style?: string;
  /** How strongly: 0 not at all, 1, the default, as learned, more exaggerates. */
  readonly styleStrength?: number;
  /** About so many times as many events a second as learned; 1 by default. */
  readonly density?: number;
  /**
   * Chords of which what is struck is made; what is none of their tones is struck seldom. None by default.
   */
  readonly chords?: readonly ChordSpan[];
  /** Louder above 0, softer below, about so many steps of MIDI velocity; 0 by default. */
  readonly loudness?: number;
}
