/**
 * Every note of two real corpora against pretty_midi's, bit for bit. Run alone it is the command that says
 * how many files were compared and which differ:
 *
 *     npx vitest run test/corpora/digests.test.ts
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readMidi } from '../../src/midi/read.js';
import { instrumentsOf, notesFromMidi } from '../../src/notes/from-midi.js';
import { durationsOf, stepsOf } from '../../src/notes/note-table.js';

const root = join(import.meta.dirname, '../..');

const CORPORA = [
  {
    name: 'maestro-v2.0.0',
    variable: 'CADENZA_MAESTRO',
    folder: process.env.CADENZA_MAESTRO ?? join(root, '../shared/data/maestro-v2.0.0'),
  },
  {
    name: 'pop909',
    variable: 'CADENZA_POP909',
    folder: process.env.CADENZA_POP909 ?? join(root, '../shared/data/pop909'),
  },
];

/** Written by test/oracle/midi_digests.py, which says what the digest is made of. */
const goldens = readFileSync(join(import.meta.dirname, '../golden/corpus-digests.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [path, notes, sha256] = line.split(',');
    return { path, notes: Number(notes), sha256 };
  });

function digestOf(path: string): { notes: number; sha256: string } {
  const instruments = instrumentsOf(readMidi(readFileSync(path), path));
  const hash = createHash('sha256');
  let count = 0;
  for (const { program, isDrum, notes } of instruments) {
    const bytes = new DataView(new ArrayBuffer(2 + 18 * notes.length));
    bytes.setUint8(0, program);
    bytes.setUint8(1, Number(isDrum));
    for (let i = 0, at = 2; i < notes.length; i++, at += 18) {
      bytes.setFloat64(at, notes.start[i], true);
      bytes.setFloat64(at + 8, notes.end[i], true);
      bytes.setUint8(at + 16, notes.pitch[i]);
      bytes.setUint8(at + 17, notes.velocity[i]);
    }
    hash.update(new Uint8Array(bytes.buffer));
    count += notes.length;
  }
  return { notes: count, sha256: hash.digest('hex').slice(0, 16) };
}

describe.each(CORPORA)('$name', ({ name, variable, folder }) => {
  test('reads every file as pretty_midi does', ({ skip }) => {
    if (!existsSync(folder)) skip(`no corpus at ${folder}: set ${variable} to its folder`);
    const differing: string[] = [];
    let compared = 0;
    for (const golden of goldens) {
      const [corpus, ...rest] = golden.path.split('/');
      const path = join(folder, ...rest);
      if (corpus !== name || !existsSync(path)) continue;
      compared++;
      const { notes, sha256 } = digestOf(path);
      if (sha256 !== golden.sha256) differing.push(`${golden.path}: ${notes} notes, of ${golden.notes}`);
    }
    console.log(`${name}: files compared: ${compared}, differing: ${differing.length}`);
    expect(differing).toEqual([]);
    expect(compared).toBeGreaterThan(0);
  });
});

test('the first notes of the document that the project started from', ({ skip }) => {
  const { folder, variable } = CORPORA[0];
  const path = join(folder, '2011/MIDI-Unprocessed_06_R3_2011_MID--AUDIO_R3-D3_06_Track06_wav.midi');
  if (!existsSync(path)) skip(`no such file: ${path}; set ${variable} to the folder of MAESTRO`);
  const notes = notesFromMidi(readMidi(readFileSync(path), path));
  const step = stepsOf(notes);
  const duration = durationsOf(notes);
  const rows = [0, 1, 2, 3, 4].map((i) =>
    [notes.pitch[i], ...[notes.start[i], notes.end[i], step[i], duration[i]].map((t) => t.toFixed(6))].join(
      ' ',
    ),
  );
  expect(rows).toEqual([
    '27 0.992188 1.045573 0.000000 0.053385',
    '39 1.088542 1.157552 0.096354 0.069010',
    '51 1.203125 1.261719 0.114583 0.058594',
    '30 1.286458 1.333333 0.083333 0.046875',
    '42 1.361979 1.429688 0.075521 0.067708',
  ]);
});
