/**
 * What is usual in a piece so far, and what a player who goes on with it holds to: its pace, how much of it
 * comes again, and how often a key is struck in a row.
 */
import { KEYS } from '../notes/grid.js';
import { Pace } from './pace.js';
import { Repeats } from './repeats.js';
import { Repetition } from './repetition.js';

export class Habits {
  readonly pace = new Pace();
  readonly repetition = new Repetition();
  readonly repeats = new Repeats();

  /** Goes on past an event. */
  push(ticks: number, symbol: number): void {
    this.pace.push(ticks, symbol < KEYS);
    this.repeats.push(symbol);
    if (symbol < KEYS) this.repetition.push(symbol);
  }

  /**
   * Takes what was heard up to here for usual.
   *
   * @param repetition which part of such music comes again at least
   */
  takeForUsual(repetition?: number): void {
    this.pace.takeForUsual();
    this.repetition.takeForUsual(repetition);
    this.repeats.takeForUsual();
  }
}
