/**
 * Reads MIDI files as they are heard, and as keys of separate instruments held by the pedal of their own
 * track, and tells in what they differ and why.
 *
 *   npm run build && node scripts/compare-readings.js FOLDER…
 */
import { readFileSync } from 'node:fs';
import { globSync } from 'tinyglobby';
import { gridOf, instrumentsOf, listen, readMidi, sustainExtended } from '../dist/index.js';
import { mergeNotes } from '../dist/notes/note-table.js';

const folders = process.argv.slice(2);
if (folders.length === 0) {
  process.stderr.write('usage: node scripts/compare-readings.js FOLDER…\n');
  process.exit(2);
}
const SOSTENUTO = 66;
/** Ends that are further apart than this are not the same, in seconds. */
const ALIKE = 1e-9;

function separately(midi) {
  const pianos = instrumentsOf(midi).filter(({ isDrum }) => !isDrum);
  return mergeNotes(pianos.map(({ notes, pedal }) => sustainExtended(notes, pedal)));
}

/** Rows of notes by what a strike is known by; of equal ones in the order of their ends. */
function byStrike({ length, start, end, pitch, velocity }) {
  const rows = new Map();
  for (let n = 0; n < length; n++) {
    const strike = `${start[n]} ${pitch[n]} ${velocity[n]}`;
    rows.set(
      strike,
      [...(rows.get(strike) ?? []), end[n]].sort((a, b) => a - b),
    );
  }
  return rows;
}

/** Why a strike sounds otherwise. */
function reasonOf(midi, heard, separate, pitch, end, other) {
  const { status, data1, data2, length, track } = midi.events;
  const last = separate.end.reduce((latest, time) => Math.max(latest, time), 0);
  const tracks = new Set(track.filter((_, i) => status[i] >> 4 === 9));
  if (end !== undefined && other !== undefined && end > other && other >= last - ALIKE)
    return 'a pedal that is never lifted holds to the end of the last track, not to the last event';
  let sostenuto = false;
  for (let i = 0; i < length; i++)
    sostenuto ||= status[i] >> 4 === 0xb && data1[i] === SOSTENUTO && data2[i] >= 64;
  if (sostenuto && end > other) return 'sostenuto holds it';
  if (tracks.size > 1) {
    if (end === undefined) return 'tracks of one channel strike a key in the same moment: one string';
    return 'another track of the channel strikes or releases the key, or moves the pedal';
  }
  if (end < other && heard.start.some((time, n) => time === end && heard.pitch[n] === pitch))
    return 'struck again before its release: it begins anew';
  return 'NOT EXPLAINED';
}

for (const folder of folders) {
  const files = globSync('**/*.{mid,midi}', { cwd: folder, absolute: true }).sort();
  const reasons = new Map();
  let [notes, same, sameGrid] = [0, 0, 0];
  for (const file of files) {
    const midi = readMidi(readFileSync(file), file);
    const heard = listen(midi).notes;
    const separate = separately(midi);
    notes += separate.length;
    const [rows, others] = [byStrike(heard), byStrike(separate)];
    let differing = 0;
    for (const strike of new Set([...rows.keys(), ...others.keys()])) {
      const [ends, before] = [rows.get(strike) ?? [], others.get(strike) ?? []];
      for (let i = 0; i < Math.max(ends.length, before.length); i++) {
        if (Math.abs(ends[i] - before[i]) <= ALIKE) continue;
        differing++;
        const reason = reasonOf(midi, heard, separate, Number(strike.split(' ')[1]), ends[i], before[i]);
        const { count = 0, files: where = new Set() } = reasons.get(reason) ?? {};
        reasons.set(reason, { count: count + 1, files: where.add(file) });
      }
    }
    const [grid, gridBefore] = [gridOf(heard), gridOf(separate)];
    const isSameGrid = ['key', 'velocity', 'onset', 'offset'].every(
      (column) =>
        grid[column].length === gridBefore[column].length &&
        grid[column].every((value, i) => value === gridBefore[column][i]),
    );
    same += Number(differing === 0);
    sameGrid += Number(isSameGrid);
  }
  console.log(
    `${folder}: ${files.length} files, ${notes} notes; ${same} files the same, ${sameGrid} on the grid of 10 ms`,
  );
  for (const [reason, { count, files: where }] of reasons)
    console.log(`  ${count} notes in ${where.size} files: ${reason}, as in ${[...where][0]}`);
}
