import { KEYS } from '../notes/grid.js';
import type { EventTable } from './events.js';
import { MOST_TICKS } from './time-bins.js';

/**
 * As much of a primer's end as is heard: 32,768 notes. Recall goes back 8,192 strikes and needs some more to
 * know how they agree with what was before; a state has forgotten what lies further back than a tenth of
 * that.
 */
export const MOST_EVENTS = 65_536;

/**
 * Of these, so many at the end are compared with all before them; the rest is only kept to be compared with.
 * An agreement counts in full after 32 strikes.
 */
const MOST_COMPARED = 16_384;

/** How many events at the beginning of a primer lie far back. */
export const farBack = (primer: EventTable) => Math.max(0, primer.length - MOST_COMPARED);

/**
 * The last events of a piece whose first attributes are time and symbol, as a piece of its own. Releases of
 * keys that were struck before them are left out, and their time passes.
 *
 * @param most how many are taken
 */
export function lastEvents(primer: EventTable, most = MOST_EVENTS): EventTable {
  if (primer.length <= most) return primer;
  const columns = primer.columns.map((column) => column.slice(primer.length - most));
  const [time, symbol] = columns;
  const isDown = new Uint8Array(KEYS);
  let length = 0;
  let waited = 0;
  for (let e = 0; e < most; e++) {
    const isStrike = symbol[e] < KEYS;
    const key = symbol[e] % KEYS;
    waited = Math.min(MOST_TICKS, waited + time[e]);
    if (!isStrike && !isDown[key]) continue;
    isDown[key] = Number(isStrike);
    for (const column of columns) column[length] = column[e];
    time[length++] = waited;
    waited = 0;
  }
  return { length, columns: columns.map((column) => column.subarray(0, length)) };
}
