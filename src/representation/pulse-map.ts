/**
 * When the next strike is due by the pulse of the music so far: how far apart strikes have lately been, again
 * and again (their autocorrelation), applied to the last ones. Where music keeps no pulse it says little.
 */

/** Ticks that strikes may be apart. */
const LONGEST = 200;
/** Ticks after which what was counted counts 1/e. */
const MEMORY = 1500;
/** By how many ticks it is smeared. */
const SMEAR = 2;
const KERNEL = Float64Array.from({ length: 2 * 3 * SMEAR + 1 }, (_, i) =>
  Math.exp(-0.5 * ((i - 3 * SMEAR) / SMEAR) ** 2),
);
const RING = 256;
/** So that most of what is due lies between 0 and 4, as what is recalled does. */
const SCALE = 0.1;

export class PulseMap {
  /** How much strikes have been so many ticks apart. */
  private readonly apart = new Float64Array(LONGEST + 1);
  private readonly ticks = new Float64Array(RING);
  private readonly forces = new Float64Array(RING);
  private strikes = 0;
  private now = 0;
  private weight = 0;

  reset(): void {
    this.apart.fill(0);
    this.strikes = 0;
    this.now = 0;
    this.weight = 0;
  }

  /** @param force how hard, 0 … 1 */
  push(tick: number, force: number): void {
    const fade = Math.exp(-(tick - this.now) / MEMORY);
    if (tick > this.now) for (let d = 0; d <= LONGEST; d++) this.apart[d] *= fade;
    this.weight = this.weight * fade + force * force;
    this.now = tick;
    for (let n = this.strikes - 1; n >= Math.max(0, this.strikes - RING); n--) {
      const distance = tick - this.ticks[n % RING];
      if (distance > LONGEST) break;
      const both = force * this.forces[n % RING];
      for (let i = 0; i < KERNEL.length; i++) {
        const d = distance - 3 * SMEAR + i;
        if (d >= 0 && d <= LONGEST) this.apart[d] += KERNEL[i] * both;
      }
    }
    this.ticks[this.strikes % RING] = tick;
    this.forces[this.strikes++ % RING] = force;
  }

  /** Writes, for waits (W) in ticks from `now`, how much each is due: about 1 on a strong pulse. */
  due(now: number, waits: ArrayLike<number>, into: Float32Array, at: number): void {
    if (this.weight === 0) return;
    for (let n = this.strikes - 1; n >= Math.max(0, this.strikes - RING); n--) {
      const since = now - this.ticks[n % RING];
      if (since > LONGEST) break;
      const force = (SCALE * this.forces[n % RING]) / this.weight;
      for (let w = 0; w < waits.length; w++) {
        const d = Math.round(since + waits[w]);
        // What is at once says nothing of a pulse.
        if (d > 3 * SMEAR && d <= LONGEST) into[at + w] += force * this.apart[d];
      }
    }
  }
}
