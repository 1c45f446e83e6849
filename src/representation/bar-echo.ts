/**
 * What was struck so many bars before what comes next. Songs are made of bars that return, though not of the
 * same notes: where recall looks for what agrees, this looks at the place in the music.
 */

/** Strikes that are kept. */
const KEPT = 8192;
const LAST = KEPT - 1;

export class BarEcho {
  private strikes = 0;
  private readonly keys = new Uint8Array(KEPT);
  private readonly ticks = new Float64Array(KEPT);

  reset(): void {
    this.strikes = 0;
  }

  push(key: number, tick: number): void {
    this.keys[this.strikes & LAST] = key;
    this.ticks[this.strikes++ & LAST] = tick;
  }

  /**
   * What was struck first from a tick on.
   *
   * @param above the key above which strikes in that tick count; −1 for all
   * @param into (88) 1 for each key that was struck then, else untouched
   * @returns ticks until then; undefined where nothing is kept that lies so far back
   */
  hear(tick: number, above: number, into: Float32Array, at: number): number | undefined {
    const { keys, ticks, strikes } = this;
    const oldest = Math.max(0, strikes - KEPT);
    if (strikes === 0 || tick < ticks[oldest & LAST]) return undefined;
    let place = this.firstFrom(tick, oldest);
    while (place < strikes && ticks[place & LAST] === tick && keys[place & LAST] <= above) place++;
    if (place === strikes) return undefined;
    const then = ticks[place & LAST];
    for (; place < strikes && ticks[place & LAST] === then; place++) into[at + keys[place & LAST]] = 1;
    return then - tick;
  }

  private firstFrom(tick: number, oldest: number): number {
    let [low, high] = [oldest, this.strikes];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ticks[middle & LAST] < tick) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
