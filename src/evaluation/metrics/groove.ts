/** How steady the rhythm of a piece is. */
import { type GridNotes, TICKS_PER_SECOND } from '../../notes/grid.js';

/**
 * Performances have no bars. Two seconds are one of 4/4 at 120 beats a minute, the tempo that a MIDI file has
 * without one.
 */
const BAR_TICKS = 2 * TICKS_PER_SECOND;
const POSITIONS = 64;

/**
 * Grooving pattern similarity, 0 … 1 (Wu and Yang, "The Jazz Transformer on the Front Line", ISMIR 2020):
 * each bar of two seconds says for 64 positions whether a note begins there; how many positions two bars
 * agree on, the mean over all pairs of bars. A last bar that is not complete is left out; undefined for fewer
 * than two. Sparse playing agrees a lot.
 */
export function grooveSimilarity({ length, onset }: GridNotes): number | undefined {
  const bars = length > 0 ? Math.floor((onset[length - 1] - onset[0]) / BAR_TICKS) : 0;
  if (bars < 2) return undefined;
  // In how many bars each position is struck: of all pairs of bars, struck · (bars − struck) disagree on it.
  const struck = new Float64Array(POSITIONS);
  let last = -1;
  for (let i = 0; i < length; i++) {
    const position = Math.floor(((onset[i] - onset[0]) * POSITIONS) / BAR_TICKS);
    if (position === last || position >= bars * POSITIONS) continue;
    struck[position % POSITIONS]++;
    last = position;
  }
  const pairs = (bars * (bars - 1)) / 2;
  const disagreements = struck.reduce((sum, count) => sum + count * (bars - count), 0);
  return 1 - disagreements / (POSITIONS * pairs);
}
