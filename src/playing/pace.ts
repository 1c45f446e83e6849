/**
 * How fast a piece goes, in ticks from strike to strike, and how far it has come from what was usual before:
 * so that it can be held.
 */

/** Strikes over which the pace is taken, and of the music before as many as this. */
const RECENT = 120;
const BEFORE = 600;
/** Fewer say nothing. */
const FEWEST = 24;
/** Part by which it may be faster or slower, as in real pieces from minute to minute. */
const FREE = 0.2;

export class Pace {
  private readonly ticks: number[] = [];
  private now = 0;
  private usual: number | undefined;

  /** Goes on past an event. */
  push(ticks: number, isStrike: boolean): void {
    this.now += ticks;
    if (!isStrike) return;
    this.ticks.push(this.now);
    if (this.ticks.length > 2 * BEFORE) this.ticks.splice(0, BEFORE);
  }

  /** Takes how fast it went up to here for usual. */
  takeForUsual(): void {
    this.usual = this.ticksAStrike(BEFORE);
  }

  /**
   * How much slower it has become than it may be, as a natural logarithm; below 0 where it is faster, 0 where
   * it is as usual.
   *
   * @param density so many times as many strikes are wished for as were usual
   */
  drift(density: number): number {
    const recent = this.ticksAStrike(RECENT);
    if (this.usual === undefined || recent === undefined) return 0;
    const drift = Math.log((recent * density) / this.usual);
    return Math.sign(drift) * Math.max(0, Math.abs(drift) - FREE);
  }

  /** Ticks from strike to strike of the last ones, with the time since. */
  private ticksAStrike(most: number): number | undefined {
    const count = Math.min(most, this.ticks.length - 1);
    if (count < FEWEST) return undefined;
    return Math.max(1 / 8, (this.now - this.ticks[this.ticks.length - 1 - count]) / count);
  }
}
