/** On which side of a tune there is room for something that is played to it. */
import { KEYS, LOWEST_PITCH } from '../notes/grid.js';
import type { NoteTable } from '../notes/note-table.js';
import type { PitchRange } from './wish-table.js';

/**
 * The temperature of what accompanies where none is asked for: calmer than what the model learned. With 20
 * held-out songs the pitch classes of beats agreed more with the real accompaniment at 0.6 than at 1, and it
 * was as dense.
 */
export const ACCOMPANYING_TEMPERATURE = 0.6;

const MIDDLE_C = 60;
/** Notes of a tune that lie beyond the range of what accompanies it: few stray ones count for nothing. */
const STRAY = 0.1;

/**
 * The pitches on the free side of a tune: below it, or above one that lies mostly below middle C. So real
 * accompaniments lie, and one that may be anywhere grows thick and climbs into the tune.
 *
 * @returns the lowest and the highest pitch; the whole piano where the tune leaves less than an octave
 *
 * @example
 * import { builtInOpening, freeSideOf } from 'cadenza';
 *
 * const [lowest, highest] = freeSideOf(builtInOpening());
 * console.log(lowest, highest);
 */
export function freeSideOf({ pitch, length }: Pick<NoteTable, 'pitch' | 'length'>): PitchRange {
  const [bottom, top] = [LOWEST_PITCH, LOWEST_PITCH + KEYS - 1];
  if (length === 0) return [bottom, top];
  const inOrder = [...pitch].sort((a, b) => a - b);
  const at = (part: number) => inOrder[Math.min(length - 1, Math.floor(part * length))];
  const range: PitchRange = at(0.5) >= MIDDLE_C ? [bottom, at(STRAY) - 1] : [at(1 - STRAY) + 1, top];
  return range[1] - range[0] >= 12 ? range : [bottom, top];
}
