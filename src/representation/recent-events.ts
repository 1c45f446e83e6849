import { KEYS } from '../notes/grid.js';
import { TICKS_PER_BEAT } from '../notes/metrical-grid.js';
import { BarCounter } from './bar-counter.js';
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
  const { kept, columns } = lastOf(primer, most, primer.columns[1]);
  const time = primer.columns[0].subarray(primer.length - most);
  let [n, waited] = [0, 0];
  for (let e = 0; e < most; e++) {
    waited = Math.min(MOST_TICKS, waited + time[e]);
    if (e !== kept[n]) continue;
    columns[0][n++] = waited;
    waited = 0;
  }
  return { length: n, columns };
}

/** The same of a piece of `metrical`: it begins with the bar of its first event. */
export function lastEventsInBeats(primer: EventTable, most = MOST_EVENTS): EventTable {
  if (primer.length <= most) return primer;
  const [beats, places, symbols, , bars] = primer.columns;
  const { kept, columns } = lastOf(primer, most, symbols);
  const count = new BarCounter();
  const from = primer.length - most;
  let [n, before] = [0, 0];
  for (let e = 0; e < primer.length; e++) {
    count.go(count.ticksTo(beats[e], places[e]), bars[e]);
    if (e - from !== kept[n]) continue;
    const beat = (count.now - count.inBeat) / TICKS_PER_BEAT;
    if (n === 0) before = count.barStart / TICKS_PER_BEAT;
    columns[0][n++] = beat - before;
    before = beat;
  }
  return { length: n, columns };
}

/** The last events that have something to do with no key that was struck before them. */
export function lastOf(primer: EventTable, most: number, symbols: Int32Array) {
  const from = primer.length - most;
  const isDown = new Uint8Array(KEYS);
  const kept: number[] = [];
  for (let e = 0; e < most; e++) {
    const isStrike = symbols[from + e] < KEYS;
    const key = symbols[from + e] % KEYS;
    if (!isStrike && !isDown[key]) continue;
    isDown[key] = Number(isStrike);
    kept.push(e);
  }
  return { kept, columns: primer.columns.map((column) => Int32Array.from(kept, (e) => column[from + e])) };
}
