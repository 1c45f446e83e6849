/** So many looks make out how two clocks lie to one another, and so few begin to. */
const LOOKS = 101;
const SETTLED = 31;
/** What it may move in a second then: more than clocks drift, too little for a key's length to show. */
const FOLLOW = 0.003;

/**
 * How far the clock of what is heard is from the page's, seconds. Browsers move the one in steps of some
 * ten milliseconds, so that one look says little; the middle of many does. A clock that falters moves that
 * middle at once, maybe between a key's press and its release: so it is followed slowly.
 */
export class ClockOffset {
  private readonly looks: number[] = [];
  private lastLook = 0;
  private offset = 0;

  /** Seconds from the page's clock to that of what is heard, as of the last look. */
  get seconds(): number {
    return this.offset;
  }

  /** @param heard clock of what is heard, seconds. @param now the page's clock, seconds */
  look(heard: number, now: number): void {
    this.looks.push(heard - now);
    if (this.looks.length > LOOKS) this.looks.shift();
    const inOrder = [...this.looks].sort((a, b) => a - b);
    const way = inOrder[inOrder.length >> 1] - this.offset;
    const most = this.looks.length <= SETTLED ? Infinity : FOLLOW * (now - this.lastLook);
    this.offset += Math.sign(way) * Math.min(Math.abs(way), most);
    this.lastLook = now;
  }
}
