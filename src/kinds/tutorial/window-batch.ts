import { TUTORIAL_FEATURES, TUTORIAL_PITCHES } from './representation.js';

/**
 * Room for B windows of T encoded notes and the notes after them, filled in place and laid out as the
 * tutorial model takes them: `window` (T, B, 3), and `pitch`, `step` and `duration` (B) of the next note.
 */
export class WindowBatch {
  readonly window: Float32Array;
  readonly pitch: Int32Array;
  readonly step: Float32Array;
  readonly duration: Float32Array;

  constructor(
    readonly size: number,
    readonly windowLength: number,
  ) {
    this.window = new Float32Array(windowLength * size * TUTORIAL_FEATURES);
    this.pitch = new Int32Array(size);
    this.step = new Float32Array(size);
    this.duration = new Float32Array(size);
  }

  /**
   * Puts the window that begins at note `first` of a piece's features (N, 3), and its label, into place
   * `slot`.
   */
  set(slot: number, features: Float32Array, first: number): void {
    let from = first * TUTORIAL_FEATURES;
    let to = slot * TUTORIAL_FEATURES;
    const toNextStep = this.size * TUTORIAL_FEATURES;
    for (let t = 0; t < this.windowLength; t++) {
      this.window[to] = features[from];
      this.window[to + 1] = features[from + 1];
      this.window[to + 2] = features[from + 2];
      from += TUTORIAL_FEATURES;
      to += toNextStep;
    }
    this.pitch[slot] = features[from] * TUTORIAL_PITCHES;
    this.step[slot] = features[from + 1];
    this.duration[slot] = features[from + 2];
  }

  /** The feeds of the tutorial model's graphs; the same arrays every time. */
  get feeds() {
    return { window: this.window, pitch: this.pitch, step: this.step, duration: this.duration };
  }
}
