/**
 * How well the hands of `handsOf` agree with two-handed files: MIDI files whose first track with notes is the
 * right hand's and whose second one is the left hand's, such as `scripts/two-handed-files.py` writes.
 *
 *   npm run build && node scripts/measure-hands.js FOLDER
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listen, readMidi } from '../dist/index.js';
import { handsOf, LEFT, RIGHT } from '../dist/notes/hands.js';

const [folder] = process.argv.slice(2);
const sums = { notes: 0, hands: 0, middle: 0, best: 0 };
const percent = (part, whole) => `${((100 * part) / whole).toFixed(1).padStart(6)} %`;
const say = (name, { notes, hands, middle, best }) =>
  process.stdout.write(
    `${String(notes).padStart(7)} notes${percent(hands, notes)}${percent(middle, notes)}${percent(best, notes)}  ${name}\n`,
  );
process.stdout.write('        notes   hands  middle C  best pitch\n');
for (const name of readdirSync(folder).sort()) {
  if (!/\.midi?$/.test(name)) continue;
  const { notes } = listen(readMidi(readFileSync(join(folder, name)), name));
  const right = Math.min(...notes.track);
  const truth = notes.track.map((track) => (track === right ? RIGHT : LEFT));
  const agreed = (hands) => truth.reduce((sum, hand, n) => sum + Number(hand === hands[n]), 0);
  const splitAt = (pitch) => notes.pitch.map((each) => (each < pitch ? LEFT : RIGHT));
  const splits = Array.from({ length: 128 }, (_, pitch) => agreed(splitAt(pitch)));
  const found = {
    notes: notes.length,
    hands: agreed(handsOf(notes)),
    middle: splits[60],
    best: Math.max(...splits),
  };
  for (const key of Object.keys(sums)) sums[key] += found[key];
  say(name, found);
}
say('all', sums);
