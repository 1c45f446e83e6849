/** The movements of the sustain pedal (controller 64), P of them. */
export interface Pedal {
  /** Number of movements, P. */
  readonly length: number;
  /** (P) seconds, ascending. */
  readonly time: Float64Array;
  /** (P) position from then on, 0 … 127; the pedal is down from `PEDAL_DOWN` upwards. */
  readonly value: Uint8Array;
}

/** The least position that counts as down (MIDI 1.0: 0 … 63 off, 64 … 127 on). */
export const PEDAL_DOWN = 64;
