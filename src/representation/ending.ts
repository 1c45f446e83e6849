/**
 * How far the end is: heard beside events, so that a model learns how pieces end, and can be asked to. It is
 * the time to the last strike, on a logarithmic scale; further away than half a minute or eight bars it is
 * not heard.
 */
import type { GridNotes } from '../notes/grid.js';
import { eventTicks } from './event-order.js';

/** Numbers that tell how far the end is. */
export const ENDING_SIZE = 8;

/**
 * Writes how near `ticks` is to each of 0, 1, 3, 7 … 127 units; nothing where it is NONE, or further.
 *
 * @param unit ticks that are told from none: a quarter of a second, or of a beat
 */
export function writeEnding(ticks: number, unit: number, into: Float32Array, at: number): void {
  if (ticks < 0) return;
  const scaled = Math.log2(1 + ticks / unit);
  for (let bin = 0; bin < ENDING_SIZE; bin++) into[at + bin] = Math.max(0, 1 - Math.abs(scaled - bin));
}

/**
 * For every event, strikes and releases in their order, the ticks from it to the last strike; 0 after that.
 */
export function leftColumn(notes: GridNotes): Int32Array {
  const last = notes.onset[notes.length - 1];
  return eventTicks(notes).map((tick) => Math.max(0, last - tick));
}
