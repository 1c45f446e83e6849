/**
 * A small hall: what a microphone some metres from the piano hears of its walls. A feedback delay network:
 * the sound, blurred by all-pass filters, goes round through eight delays, each a bit duller at every turn,
 * and what leaves one is spread over all of them. Costs little more than a voice, however many are sounding.
 */

/** Seconds until echoes have faded by 60 dB. */
const REVERBERATION_SECONDS = 1.7;
/** The walls swallow what is above this. */
const DAMPING_HZ = 6000;
/** Seconds of the delays, without common measure, so that their echoes do not meet. */
const DELAYS = [0.0297, 0.0331, 0.0371, 0.0411, 0.0463, 0.0531, 0.0599, 0.0677];
/** Seconds of the all-pass filters, and how much they blur. */
const BLURS = [0.0048, 0.0036, 0.0127, 0.0093];
const BLUR = 0.65;
/** Quieter than this nothing goes round any more: numbers close to 0 are slow to reckon with. */
const SILENCE = 1e-12;

export class Room {
  private readonly blurs: Float32Array[];
  private readonly blurAt = new Int32Array(BLURS.length);
  private readonly lines: Float32Array[];
  private readonly lineAt = new Int32Array(DELAYS.length);
  private readonly gains: Float64Array;
  private readonly dull = new Float64Array(DELAYS.length);
  private readonly damping: number;

  /**
   * @param level how loud the room is, 0 … 1
   */
  constructor(
    sampleRateHz: number,
    private readonly level: number,
  ) {
    const ring = (seconds: number) => new Float32Array(Math.max(1, Math.round(seconds * sampleRateHz)));
    this.blurs = BLURS.map(ring);
    this.lines = DELAYS.map(ring);
    this.gains = Float64Array.from(DELAYS, (seconds) => 10 ** ((-3 * seconds) / REVERBERATION_SECONDS));
    this.damping = 1 - Math.exp((-2 * Math.PI * DAMPING_HZ) / sampleRateHz);
  }

  /** Adds the room to both sides, in place. */
  process(left: Float32Array, right: Float32Array): void {
    const { blurs, blurAt, lines, lineAt, gains, dull, damping, level } = this;
    const share = 2 / lines.length;
    for (let i = 0; i < left.length; i++) {
      let sound = level * (left[i] + right[i]);
      for (let b = 0; b < blurs.length; b++) {
        const ring = blurs[b];
        const at = blurAt[b];
        const late = ring[at];
        const early = sound - BLUR * late;
        ring[at] = Math.abs(early) < SILENCE ? 0 : early;
        sound = late + BLUR * early;
        blurAt[b] = at + 1 === ring.length ? 0 : at + 1;
      }
      let [sum, toLeft, toRight] = [0, 0, 0];
      for (let d = 0; d < lines.length; d++) {
        const late = lines[d][lineAt[d]];
        const dulled = dull[d] + damping * (late - dull[d]);
        dull[d] = Math.abs(dulled) < SILENCE ? 0 : dulled;
        sum += gains[d] * dull[d];
        // The delays are heard in turn left and right, with signs of their own: so the two sides differ.
        const sign = d & 2 ? -1 : 1;
        if (d & 1) toRight += sign * late;
        else toLeft += sign * late;
      }
      for (let d = 0; d < lines.length; d++) {
        const at = lineAt[d];
        lines[d][at] = sound + gains[d] * dull[d] - share * sum;
        lineAt[d] = at + 1 === lines[d].length ? 0 : at + 1;
      }
      // A part of either side on the other keeps the middle filled.
      left[i] += toLeft + 0.3 * toRight;
      right[i] += toRight + 0.3 * toLeft;
    }
  }
}
