/**
 * A limiter that looks ahead: what stays below the ceiling passes unchanged (if a few milliseconds later),
 * and before a peak the gain glides down just as far as it takes. Both sides of the stereo get the same gain.
 *
 * Why not scale a piece by its highest peak? That takes two passes, and makes of every piece another
 * loudness, decided by its one loudest chord. This way a note sounds alike in every piece.
 */

/** How far is looked ahead. */
const LOOKAHEAD_SECONDS = 0.004;
/** In which most of the gain comes back. */
const RELEASE_SECONDS = 0.25;

export class Limiter {
  /** Samples by which what comes out lags behind what goes in. */
  readonly delay: number;
  /** The least gain so far; 1 while nothing had to be turned down. */
  leastGain = 1;
  private readonly window: number;
  private readonly recovery: number;
  /** The last `window` samples, gains needed and gains smoothed, each a ring. */
  private readonly left: Float32Array;
  private readonly right: Float32Array;
  private readonly gains: Float64Array;
  /** Candidates for the least gain within the window: a queue of ascending gains with their times. */
  private readonly queueGain: Float64Array;
  private readonly queueTime: Float64Array;
  private head = 0;
  private tail = 0;
  private sum: number;
  private held = 1;
  private time = 0;

  constructor(
    sampleRateHz: number,
    private readonly ceiling: number,
  ) {
    this.window = Math.max(2, Math.round(LOOKAHEAD_SECONDS * sampleRateHz));
    this.delay = this.window - 1;
    this.recovery = 1 - Math.exp(-1 / (RELEASE_SECONDS * sampleRateHz));
    this.left = new Float32Array(this.window);
    this.right = new Float32Array(this.window);
    this.gains = new Float64Array(this.window).fill(1);
    this.queueGain = new Float64Array(this.window + 1);
    this.queueTime = new Float64Array(this.window + 1);
    this.sum = this.window;
  }

  /** Limits both sides in place; the first samples that ever come out are the silence before the sound. */
  process(left: Float32Array, right: Float32Array): void {
    const { window, ceiling } = this;
    for (let i = 0; i < left.length; i++) {
      const place = this.time % window;
      const peak = Math.max(Math.abs(left[i]), Math.abs(right[i]));
      const least = this.leastAhead(peak > ceiling ? ceiling / peak : 1);
      // Falls at once, comes back slowly; the mean over the window then turns the fall into a glide that is
      // down in time.
      this.held = Math.min(least, this.held + (1 - this.held) * this.recovery);
      if (this.held > 1 - 1e-6) this.held = 1;
      this.sum += this.held - this.gains[place];
      this.gains[place] = this.held;
      const gain = this.held === 1 && this.sum > window - 1e-9 ? 1 : this.sum / window;
      if (gain < this.leastGain) this.leastGain = gain;

      this.left[place] = left[i];
      this.right[place] = right[i];
      const oldest = (this.time + 1) % window;
      left[i] = this.left[oldest] * gain;
      right[i] = this.right[oldest] * gain;
      this.time++;
    }
  }

  /** The least gain needed within the window that ends with this sample. */
  private leastAhead(needed: number): number {
    const { queueGain, queueTime, window, time } = this;
    const size = window + 1;
    while (this.head !== this.tail && queueGain[(this.tail + size - 1) % size] >= needed) {
      this.tail = (this.tail + size - 1) % size;
    }
    queueGain[this.tail] = needed;
    queueTime[this.tail] = time;
    this.tail = (this.tail + 1) % size;
    while (queueTime[this.head] <= time - window) this.head = (this.head + 1) % size;
    return queueGain[this.head];
  }
}
