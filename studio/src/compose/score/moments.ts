/** What of a score sounds when. */
import type { Moment } from './engraving.js';

/** Quarter notes by which a moment may lie ahead. */
const EARLY = 1e-3;

/** The last of some moments, in quarter notes, that has come; −1 where none has. */
export const momentAt = (times: Float64Array, quarters: number): number =>
  times.findLastIndex((at) => at <= quarters + EARLY);

/** Ids of the notes that sound from a moment on. */
export function soundingAt(moments: readonly Moment[], index: number): string[] {
  const sounding = new Set<string>();
  for (let i = 0; i <= index; i++) {
    for (const id of moments[i].off) sounding.delete(id);
    for (const id of moments[i].on) sounding.add(id);
  }
  return [...sounding];
}
