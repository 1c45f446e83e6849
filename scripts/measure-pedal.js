/**
 * What `--pedal` does to pieces: whether they sound the same, how long keys are held beyond what hands can,
 * and of pieces whose pedal is known, how much of the time both pedals agree.
 *
 *   npm run build && node scripts/measure-pedal.js FOLDER [COUNT]
 *
 * COUNT files from all over the folder (100 by default), each read as it sounds, written with the pedal, and
 * read again.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listen, midiFromNotes, readMidi } from '../dist/index.js';
import { FINGERS, handsOf, WIDEST } from '../dist/notes/hands.js';

const [folder, count = 100] = process.argv.slice(2);
const all = readdirSync(folder, { recursive: true }).filter((name) => /\.midi?$/i.test(name));
const step = Math.max(1, all.length / count);
const files = Array.from({ length: Math.min(count, all.length) }, (_, i) => all.sort()[Math.floor(i * step)]);

/** Stretches in which the pedal is down, [from, to). */
function stretches({ pedals }, end) {
  const found = [];
  let from;
  for (let i = 0; i < pedals.length; i++) {
    if (pedals.value[i] >= 64) from ??= pedals.time[i];
    else if (from !== undefined) {
      found.push([from, pedals.time[i]]);
      from = undefined;
    }
  }
  if (from !== undefined) found.push([from, end]);
  return found;
}
const lengthOf = (list) => list.reduce((sum, [from, to]) => sum + to - from, 0);
function overlap(a, b) {
  let [sum, i, j] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    sum += Math.max(0, Math.min(a[i][1], b[j][1]) - Math.max(a[i][0], b[j][0]));
    if (a[i][1] < b[j][1]) i++;
    else j++;
  }
  return sum;
}

/**
 * Key-seconds that a hand holds although it strikes what it cannot reach from there, or with more fingers
 * than it has.
 */
function beyondHands(notes) {
  const hands = handsOf(notes);
  let seconds = 0;
  let keys = 0;
  const held = [[], []];
  for (let n = 0; n < notes.length; n++) {
    const hand = held[hands[n]].filter(
      (k) => notes.released[k] > notes.start[n] + 1e-9 && notes.pitch[k] !== notes.pitch[n],
    );
    const isBeyond = (k) => Math.abs(notes.pitch[k] - notes.pitch[n]) > WIDEST;
    const over = hand.filter(isBeyond);
    const reached = hand.filter((k) => !isBeyond(k));
    over.push(...reached.splice(0, Math.max(0, reached.length + 1 - FINGERS)));
    for (const k of over) seconds += notes.released[k] - notes.start[n];
    keys += over.filter((k) => notes.released[k] - notes.start[n] > 0.05).length;
    held[hands[n]] = [...reached, n];
  }
  return { seconds, keys };
}

const sums = {
  notes: 0,
  same: 0,
  length: 0,
  truth: 0,
  ours: 0,
  both: 0,
  beyond: 0,
  before: 0,
  longest: 0,
  held: 0,
};
for (const name of files) {
  const before = listen(readMidi(readFileSync(join(folder, name)), name));
  const { length, pitch, velocity, start, end } = before.notes;
  const sounding = { length, pitch, velocity, start, end };
  const plain = listen(readMidi(midiFromNotes(sounding))).notes;
  const after = listen(readMidi(midiFromNotes(sounding, { shape: { isPedalled: true } })));
  const isSame = ['pitch', 'velocity', 'start', 'end'].every((key) =>
    Buffer.from(plain[key].buffer).equals(Buffer.from(after.notes[key].buffer)),
  );
  sums.same += Number(isSame && plain.length === after.notes.length);
  sums.notes += length;
  const last = Math.max(...end.slice(-50));
  const [truth, ours] = [stretches(before, last), stretches(after, last)];
  sums.length += last - start[0];
  sums.truth += lengthOf(truth);
  sums.ours += lengthOf(ours);
  sums.both += overlap(truth, ours);
  const { seconds, keys } = beyondHands(after.notes);
  sums.beyond += keys;
  sums.held += seconds;
  sums.before += beyondHands(before.notes).keys;
}
const part = (x) => `${((100 * x) / sums.length).toFixed(1)} %`;
const { notes, same, truth, ours, both } = sums;
process.stdout.write(
  `${files.length} pieces, ${notes} notes; ${same} sound the same to the tick\n` +
    `keys held over 0.05 s beyond hands: ${sums.beyond} (in the files themselves: ${sums.before})\n` +
    `pedal down: ${part(ours)} of the time, in the files ${part(truth)}; both agree ${part(both + sums.length - ours - truth + both)}\n`,
);
