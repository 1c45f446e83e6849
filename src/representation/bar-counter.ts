/** Counts ticks, beats and bars along events that say how long their bars are. */
import { TICKS_PER_BEAT, USUAL_BEATS } from '../notes/metrical-grid.js';

export class BarCounter {
  /** Ticks since the first bar line. */
  now = 0;
  /** When the bar began in which that is, and how long it is. */
  barStart = 0;
  barTicks = USUAL_BEATS * TICKS_PER_BEAT;
  /** How many bars came before it. */
  bars = 0;
  private isBegun = false;

  reset(): void {
    this.now = 0;
    this.barStart = 0;
    this.barTicks = USUAL_BEATS * TICKS_PER_BEAT;
    this.bars = 0;
    this.isBegun = false;
  }

  /** Ticks since the last beat. */
  get inBeat(): number {
    return this.now % TICKS_PER_BEAT;
  }

  /** Ticks to a tick of a beat that comes, 0 being this one. */
  ticksTo(beats: number, place: number): number {
    return beats * TICKS_PER_BEAT + place - this.inBeat;
  }

  /** Goes on to an event in a bar of so many beats; bars between are as long as that one. */
  go(ticks: number, beats: number): void {
    this.now += ticks;
    const barTicks = Math.max(1, beats) * TICKS_PER_BEAT;
    const known = this.isBegun ? this.barTicks : barTicks;
    this.isBegun = true;
    this.barTicks = barTicks;
    const over = this.now - this.barStart - known;
    if (over < 0) return;
    const passed = Math.floor(over / barTicks);
    this.barStart += known + passed * barTicks;
    this.bars += 1 + passed;
  }
}
