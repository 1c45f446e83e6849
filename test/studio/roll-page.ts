/** What the page of roll.test.ts runs: the roll in a box, with everything that it tells written down. */
import { PianoRoll } from '../../src/web/roll/piano-roll.js';
import type { RollEvents } from '../../src/web/roll/roll-types.js';

const told: [type: string, detail: unknown][] = [];
const roll = new PianoRoll(document.getElementById('roll')!, { pitches: [48, 83] });
const types: (keyof RollEvents)[] = ['seek', 'marker', 'select', 'strike', 'release', 'follow'];
for (const type of types) roll.on(type, (detail) => told.push([type, detail]));

Object.assign(window, { roll, told });

declare global {
  interface Window {
    roll: PianoRoll;
    told: typeof told;
  }
}
