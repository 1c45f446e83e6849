/** The words of the transport: its states, its events, its options. */

import type { Pedal } from '../../notes/pedal.js';
import type { HeardNote } from './heard-notes.js';

/**
 * `stopped` and `paused` are silent; `starting` waits for the instrument; `waiting` has played all that is
 * known so far and goes on by itself when more comes.
 */
export type TransportState = 'stopped' | 'paused' | 'starting' | 'playing' | 'waiting';

/** What a transport tells its listeners. */
export interface TransportEvents {
  /** The state changed. */
  state: TransportState;
  /** The playhead was put somewhere else, by `seek`, `stop` or `load`. */
  seek: number;
  /** What there is to play grew or was replaced; its duration. */
  duration: number;
  /** A key goes down or up in this very moment of what is heard; at silence, what was down goes up. */
  note: HeardNote;
  /** A complete piece was played to its end. */
  ended: undefined;
}

/** A span of the piece, seconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A click of a metronome. */
export interface Click {
  /** Seconds of the piece. */
  readonly time: number;
  /** Whether it begins a bar. */
  readonly isStrong: boolean;
}

export interface LoadOptions {
  /** Movements of the sustain pedal, where the notes' ends are those of the keys. */
  readonly pedal?: Pedal;
  /** Whether these are all notes (the default), or more may be appended until `complete` is called. */
  readonly isComplete?: boolean;
  /** Where the playhead goes, seconds; 0 by default. If it is playing, it plays on from there. */
  readonly at?: number;
}

export interface TransportOptions {
  /** Seconds planned ahead; 0.12 by default. */
  readonly lookahead?: number;
  /** Seconds that must be known ahead before a playhead that waited goes on; 0.3 by default. */
  readonly cushion?: number;
  /**
   * Calls back again and again until the function that is returned is called; a timer of 25 ms by default.
   */
  readonly every?: (callback: () => void) => () => void;
  /** Whether the page is hidden, where timers are slow; asked from `document` by default. */
  readonly isHidden?: () => boolean;
}
