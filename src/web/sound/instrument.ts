/**
 * What a transport plays on: something with a clock that can be told in advance what to do. `Piano` is the
 * one that is heard; tests play on one that writes down what it was told, and a MIDI output could be another.
 */
export interface Instrument {
  /** Seconds on the instrument's own clock, which stands still until it is started. */
  now(): number;
  /** The time of the clock whose sound is heard at this moment: what a display should show. */
  heardNow(): number;
  /**
   * Makes it ready to sound. In a page, the first call must come from a click or a key press: browsers start
   * no sound before that.
   *
   * @throws CadenzaError in words where no sound can be had
   */
  start(): Promise<void>;
  /** Strikes a key at a time of the clock. */
  strikeAt(time: number, pitch: number, velocity: number): void;
  /** Releases a key at a time of the clock. */
  releaseAt(time: number, pitch: number): void;
  /** Moves the sustain pedal, 0 … 127, at a time of the clock. */
  pedalAt(time: number, value: number): void;
  /** Clicks as a metronome does, at a time of the clock; what has no metronome leaves it out. */
  clickAt?(time: number, isStrong: boolean): void;
  /** A pulse of MIDI clock, at a time of the clock; what follows none leaves it out. */
  clockAt?(time: number): void;
  /** Silences at once what was struck by time, and forgets what was planned. Keys struck live sound on. */
  silence(): void;
  /** How loud, 0 … 1. */
  volume: number;
  /** Strikes a key now: live playing, apart from what is played by time. */
  strike(pitch: number, velocity: number): void;
  /** Releases a key that was struck live. */
  release(pitch: number): void;
  /** Moves the sustain pedal of live playing. */
  pedal(isDown: boolean): void;
}
