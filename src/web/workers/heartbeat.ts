/** Whether a worker that something is awaited from is alive: browsers may kill one without a word. */

/** Between two questions, and how many may stay unanswered. Counted in questions: a page may be asleep. */
const EVERY_MS = 3000;
const MOST_UNANSWERED = 5;

export class Heartbeat {
  private timer: ReturnType<typeof setInterval> | undefined;
  private unanswered = 0;

  /**
   * @param isAwaited whether anything is; else nothing is asked
   * @param ask sends a question, which is answered by `heard`
   * @param onDead called once nothing was heard for long
   */
  constructor(
    private readonly isAwaited: () => boolean,
    private readonly ask: () => void,
    private readonly onDead: () => void,
  ) {}

  /** From now on something may be awaited. */
  watch(): void {
    this.timer ??= setInterval(() => this.beat(), EVERY_MS);
  }

  /** Something came from the worker, whatever it is. */
  heard(): void {
    this.unanswered = 0;
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.unanswered = 0;
  }

  private beat(): void {
    if (!this.isAwaited()) {
      this.stop();
    } else if (this.unanswered >= MOST_UNANSWERED) {
      this.stop();
      this.onDead();
    } else {
      this.unanswered++;
      this.ask();
    }
  }
}
