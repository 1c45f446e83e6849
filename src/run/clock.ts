/** Times a training: how long it trained in all, how fast it is, and what is left. */

/** Steps over which the speed is taken. */
const WINDOW = 20;

export class TrainingClock {
  private readonly times: number[] = [];
  private since: number | undefined;

  /**
   * @param before seconds trained in earlier sittings
   * @param now the time in milliseconds
   */
  constructor(
    private before = 0,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Seconds of training in all. */
  get seconds(): number {
    return this.before + (this.since === undefined ? 0 : (this.now() - this.since) / 1000);
  }

  /** Seconds a step takes at present; undefined before there were two. */
  get secondsPerStep(): number | undefined {
    const { times } = this;
    return times.length < 2 ? undefined : (times[times.length - 1] - times[0]) / (times.length - 1) / 1000;
  }

  start(): void {
    this.since ??= this.now();
    this.times.length = 0;
  }

  /** Stands still until it is started again. */
  pause(): void {
    this.before = this.seconds;
    this.since = undefined;
    this.times.length = 0;
  }

  /** A step is done. */
  step(): void {
    this.times.push(this.now());
    if (this.times.length > WINDOW + 1) this.times.shift();
  }

  /** Something else than steps took its time; the speed is taken anew. */
  interrupted(): void {
    this.times.length = 0;
  }
}
