/** A key has one string, and MIDI one note of each pitch at a time: struck again, it begins anew. */

export interface Struck {
  readonly pitch: number;
  readonly velocity: number;
  /** Seconds. */
  readonly start: number;
  readonly end: number;
}

/** Seconds within which two strikes of a key are one. */
const ONE_STRIKE = 0.002;

/**
 * Notes of which none sounds into the next one of its pitch: there it ends. Of strikes at the same time the
 * loudest stays, for as long as the longest.
 *
 * @param notes ascending by start
 * @param stays which of two strikes at the same time stays
 */
export function onOneString<N extends Struck>(
  notes: readonly N[],
  stays: (one: N, other: N) => N = louder,
): N[] {
  const stay: N[] = [];
  const lastOf = new Map<number, number>();
  for (const note of notes) {
    const at = lastOf.get(note.pitch);
    const last = at === undefined ? undefined : stay[at];
    if (at !== undefined && last !== undefined && last.end > note.start) {
      if (note.start - last.start <= ONE_STRIKE) {
        stay[at] = { ...stays(last, note), start: last.start, end: Math.max(last.end, note.end) };
        continue;
      }
      stay[at] = { ...last, end: note.start };
    }
    lastOf.set(note.pitch, stay.length);
    stay.push(note);
  }
  return stay;
}

export const louder = <N extends Struck>(one: N, other: N): N =>
  other.velocity > one.velocity ? other : one;
