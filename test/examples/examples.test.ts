/** The examples run, as the README promises. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builtInOpening, midiFromNotes, notesFromMidi, readMidi } from '../../src/index.js';
import { tempFolder } from '../helpers/temp-folder.js';

const EXAMPLES = join(import.meta.dirname, '../../examples');

function runExample(name: string, args: readonly string[], cwd: string): string {
  return execFileSync(process.execPath, [join(EXAMPLES, name), ...args], { cwd, encoding: 'utf8' });
}

test('notes-of-a-file', () => {
  const lines = runExample('notes-of-a-file.js', [], tempFolder()).trim().split('\n');
  expect(lines[0]).toBe('Prelude, program 0: 192 notes');
  expect(lines).toHaveLength(6);
});

test('continue-a-piece', () => {
  const folder = tempFolder();
  const output = runExample('continue-a-piece.js', [], folder);
  expect(output.trim().split('\n')).toHaveLength(20);
  const written = readMidi(readFileSync(join(folder, 'continued.mid')));
  expect(notesFromMidi(written).length).toBe(20);
});

test('play-a-performance', () => {
  const folder = tempFolder();
  const output = runExample('play-a-performance.js', ['played.mid'], folder);
  const count = Number(/^(\d+) notes in 10 s, written to played.mid$/m.exec(output)?.[1]);
  const notes = notesFromMidi(readMidi(readFileSync(join(folder, 'played.mid'))));
  expect(count).toBeGreaterThan(0);
  expect(notes.length).toBe(count);
  for (const pitch of notes.pitch) expect([0, 2, 4, 5, 7, 9, 11]).toContain(pitch % 12);
});

test('train-a-model', () => {
  const folder = tempFolder();
  for (const name of ['a.mid', 'b.mid']) writeFileSync(join(folder, name), midiFromNotes(builtInOpening()));
  const output = runExample('train-a-model.js', [folder, join(folder, 'run')], folder);
  expect(output).toContain('epoch 2:');
  expect(notesFromMidi(readMidi(readFileSync(join(folder, 'run/sample.mid')))).length).toBe(100);
});
