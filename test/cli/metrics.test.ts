import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { computeMetrics } from '../../src/evaluation/metrics/metrics.js';
import { metricsJson } from '../../src/evaluation/metrics/metrics-json.js';
import { midiFromNotes, type NoteTable, readMidi } from '../../src/index.js';
import { gridOf } from '../../src/notes/grid.js';
import { soundingNotes } from '../../src/notes/sounding.js';
import { piece, pieceBytes } from '../helpers/pieces.js';
import { runCadenza } from '../helpers/run-cadenza.js';
import { songFile } from '../helpers/songs.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { tinyEventModel } from '../helpers/tiny-event-model.js';

/** Times of whole ticks, which are the same wherever the grid begins. */
function onTheGrid(notes: NoteTable): NoteTable {
  const rounded = (times: Float64Array) => times.map((time) => Math.round(100 * time) / 100);
  const start = rounded(notes.start);
  return { ...notes, start, end: rounded(notes.end).map((end, i) => Math.max(end, start[i] + 0.01)) };
}

/** Notes 10 … 39 of a train piece, three semitones higher. */
function transposedCopy(notes: NoteTable): NoteTable {
  const [from, to] = [10, 40];
  return {
    length: to - from,
    pitch: notes.pitch.slice(from, to).map((pitch) => pitch + 3),
    velocity: notes.velocity.slice(from, to),
    start: notes.start.slice(from, to).map((start) => start - notes.start[from]),
    end: notes.end.slice(from, to).map((end) => end - notes.start[from]),
  };
}

const midis = (folder: string, from: number, count: number, length: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`${folder}/${i}.mid`, pieceBytes(from + i, length)] as const),
  );

const SOURCE = onTheGrid(piece(31, 60));
const FILES: Record<string, Uint8Array | string> = {
  ...midis('out', 1, 2, 50),
  'out/copy.mid': midiFromNotes(transposedCopy(SOURCE)),
  ...midis('real', 10, 4, 60),
  ...midis('train', 30, 5, 60),
  'train/1.mid': midiFromNotes(SOURCE),
};
const REFERENCE = ['--reference', 'real'];
const TRAIN = ['--train', 'train'];

async function metrics(folder: string, ...args: string[]) {
  const { code, stdout, stderr } = await runCadenza(['metrics', ...args], { cwd: folder });
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return { stdout, stderr };
}

async function metricsOf(folder: string, ...args: string[]) {
  const { stdout, stderr } = await metrics(folder, ...args, '--json');
  return { json: JSON.parse(stdout), stderr };
}

/** The same by the library, file by file. */
function byHand(names: readonly string[]) {
  return names.map((name) => ({
    name: name.slice(name.indexOf('/') + 1),
    notes: gridOf(soundingNotes(readMidi(FILES[name] as Uint8Array))),
  }));
}
const filesIn = (folder: string) =>
  Object.keys(FILES)
    .filter((name) => name.startsWith(`${folder}/`))
    .sort();

describe('cadenza metrics', () => {
  it('--json has all numbers of the library, the same in every run', async () => {
    const folder = tempFolder(FILES);
    const args = ['out', ...REFERENCE, ...TRAIN, '--ceiling', '--seed', '3'];
    const { stdout, stderr } = await metrics(folder, ...args, '--json');
    expect(stderr).toBe('');
    const [generated, reference, train] = ['out', 'real', 'train'].map((name) => byHand(filesIn(name)));
    const expected = computeMetrics({ generated, reference, train, ceiling: true, seed: 3 });
    const counts = { train: { files: 5, notes: 300 }, seed: 3, mostNotes: null, skipped: [] };
    const corpora = { calibration: null, ...counts };
    expect(JSON.parse(stdout)).toEqual({ ...metricsJson(expected), ...corpora });
    expect((await metrics(folder, ...args, '--json')).stdout).toBe(stdout);
  });

  it('asks a model what it makes of the pieces, minute by minute', async () => {
    const songs = Object.fromEntries(
      [1, 2, 3].map((seed) => [
        `out/${seed}.mid`,
        songFile({ bars: 40, beatsPerBar: 4, beatsPerMinute: 80 }, seed),
      ]),
    );
    const models = ['performance-recall', 'metrical'].map((name) => [
      `${name}.safetensors`,
      tinyEventModel(name),
    ]);
    const folder = tempFolder({ ...songs, ...FILES, ...Object.fromEntries(models) });
    for (const model of ['performance-recall', 'metrical'].map((name) => `${name}.safetensors`)) {
      const { json } = await metricsOf(folder, 'out', '--model', model, '--report', `${model}.html`);
      const { generated } = json.calibration;
      expect(generated.length).toBe(2);
      for (const bits of generated) expect(bits).toBeGreaterThan(5);
      expect(readFileSync(join(folder, `${model}.html`), 'utf8')).toContain(`Bits a note of ${model}`);
    }
    const refused = await runCadenza(['metrics', 'out', '--model', 'tutorial'], { cwd: folder });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/tutorial.*performance models/) });
  });

  it('finds the copy in another key, its length and its source', async () => {
    const { json } = await metricsOf(tempFolder(FILES), 'out', ...REFERENCE, ...TRAIN);
    const copy = json.generated.pieces.find(({ name }: { name: string }) => name === 'copy.mid');
    expect(copy.memorization.pairs).toEqual({
      longest: 29,
      note: 0,
      copiedFrom: '1.mid',
      sourceNote: 10,
      shares: { 8: 1, 16: 1, 32: 0 },
    });
    expect(json.generated.memorization.pairs.longest).toBe(29);
    expect(json.generated.memorization.pairs.shares['8']).toBeCloseTo(30 / 130, 12);
    expect(json.reference.memorization.pairs.longest).toBeLessThan(8);
    expect(json.comparison.ceiling).toBeNull();
  });

  it('prints tables for people, and what was not measured', async () => {
    const folder = tempFolder(FILES);
    const { stdout, stderr } = await metrics(folder, 'out', ...REFERENCE, ...TRAIN, '--ceiling');
    expect(stderr.split('\n')).toHaveLength(3 + 1 + 1);
    const row = (label: string) => {
      const rows = stdout.split('\n').map((line) => line.trim().split(/ {3,}/));
      return rows.find(([name]) => name === label);
    };
    expect(row('pieces')).toEqual(['pieces', '3', '4']);
    expect(row('notes')).toEqual(['notes', '43 ± 12', '60 ± 0']);
    expect(row('pitch-class entropy')).toEqual([
      'pitch-class entropy',
      expect.stringMatching(/^[23]\.\d\d ± 0\.\d\d$/),
      expect.stringMatching(/^[23]\.\d\d ± 0\.\d\d$/),
      'bits',
    ]);
    expect(row('mean inter-onset interval')).toHaveLength(7);
    expect(row('mean')?.slice(1)).toEqual([
      expect.stringMatching(/^0\.\d{3}$/),
      '–',
      '–',
      '–',
      expect.stringMatching(/^0\.\d{3}$/),
      expect.stringMatching(/^\d+\.\d %$/),
    ]);
    expect(row('pairs: longest copied run')?.[1]).toBe('29');
    expect(stdout).not.toContain('--train');
    const alone = await metrics(folder, 'out', '--quiet');
    expect(alone.stderr).toBe('');
    expect(alone.stdout).toMatch(/^Pieces\n/);
    expect(alone.stdout).not.toContain('Overlap with');
    expect(alone.stdout).toMatch(
      /No overlap: .*--reference\.\nCopied runs were not looked for: .*--train\.\n$/,
    );
  });

  it('--report writes one page, and says where', async () => {
    const folder = tempFolder(FILES);
    const args = ['out', ...REFERENCE, ...TRAIN, '--report', 'page.html', '--quiet'];
    const { stdout } = await metrics(folder, ...args);
    expect(stdout).toMatch(/\nWrote page\.html\n$/);
    const page = readFileSync(join(folder, 'page.html'), 'utf8');
    expect(page).toMatch(/^<!DOCTYPE html>[\s\S]*<\/html>\n$/);
    expect(page).toContain('>copy.mid</figcaption>');
    expect(page).toContain('No ceiling: ');
    const again = await runCadenza(['metrics', ...args], { cwd: folder });
    expect([again.code, again.stdout]).toEqual([1, '']);
    expect(again.stderr).toMatch(/^cadenza: page\.html exists; .*--force\n$/);
    // It is found out before anything is read.
    const early = await runCadenza(['metrics', 'gone', '--report', 'page.html'], { cwd: folder });
    expect(early.stderr).toMatch(/^cadenza: page\.html exists;/);
    writeFileSync(join(folder, 'page.html'), 'old');
    await metrics(folder, ...args, '--force');
    expect(readFileSync(join(folder, 'page.html'), 'utf8')).toBe(page);
  });

  it('--notes compares beginnings, and lengths that differ much are remarked on', async () => {
    const folder = tempFolder({
      ...FILES,
      'long/a.mid': pieceBytes(7, 300),
      'long/b.mid': pieceBytes(8, 300),
    });
    const long = ['out', '--reference', 'long'];
    const { stdout } = await metrics(folder, ...long, '--quiet');
    expect(stdout).toMatch(/The reference pieces are much longer, .*--notes 43 /);
    const { json } = await metricsOf(folder, ...long, '--notes', '40');
    expect(json.mostNotes).toBe(40);
    expect(json.reference.statistics.notes).toEqual({ mean: 40, sd: 0 });
  });

  it('skips bad files with a word of warning each, also those of two corpora', async () => {
    const folder = tempFolder({ ...FILES, 'out/bad.mid': 'no MIDI', 'real/bad.mid': 'nor this' });
    const { json, stderr } = await metricsOf(folder, 'out', ...REFERENCE, '--train', 'train', 'real/bad.mid');
    expect(json.skipped).toEqual(['out/bad.mid', 'real/bad.mid']);
    expect([json.generated.files, json.reference.files, json.train.files]).toEqual([3, 4, 5]);
    expect(stderr).toMatch(
      /^cadenza: warning: out\/bad\.mid[^\n]*\ncadenza: warning: real\/bad\.mid[^\n]*\n$/,
    );
  });

  it('says so when the reference is part of the train corpus', async () => {
    const args = ['out', ...REFERENCE, '--train', 'train', 'real/2.mid', '--quiet'];
    const { stdout } = await metrics(tempFolder(FILES), ...args);
    expect(stdout).toMatch(/\n1 of the reference pieces are in the train corpus/);
  });

  it('takes the splits of a csv for each corpus', async () => {
    const csv = ['midi_filename,split', '0.mid,train', '1.mid,validation', '2.mid,validation', '3.mid,test'];
    const folder = tempFolder({ ...FILES, 'real/maestro.csv': csv.join('\n') });
    const splits = ['--reference-split', 'validation', '--train', 'real', '--train-split', 'train'];
    const { json } = await metricsOf(folder, 'real', '--split', 'test', ...REFERENCE, ...splits);
    const names = (pieces: { name: string }[]) => pieces.map(({ name }) => name);
    expect(names(json.generated.pieces)).toEqual(['3.mid']);
    expect(names(json.reference.pieces)).toEqual(['1.mid', '2.mid']);
    expect(json.train.files).toBe(1);
  });

  it.each([
    ['a path that is not there', ['gone'], /gone: no such file or folder/],
    ['a reference of one piece', ['out', '--reference', 'real/0.mid'], /needs two or more/],
    ['a split no csv names', ['out', ...REFERENCE, '--reference-split', 'test'], /none of the 4 files/],
    ['a report in no folder', ['out', '--report', 'no/page.html'], /its folder does not exist/],
  ])('%s: one line, exit code 1', async (_, args, message) => {
    const { code, stdout, stderr } = await runCadenza(['metrics', ...args], { cwd: tempFolder(FILES) });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^(Reading: [^\n]+\n)*cadenza: [^\n]+\n$/);
    expect(stderr).toMatch(message);
  });

  it.each([
    ['no pieces', [], /missing required argument 'generated'/],
    ['a split without its corpus', ['out', '--train-split', 'train'], /--train-split needs --train/],
    ['another', ['out', '--reference-split', 'test'], /--reference-split needs --reference/],
    ['a ceiling without a train corpus', ['out', ...REFERENCE, '--ceiling'], /needs --reference and --train/],
    ['a split of its own', ['out', ...TRAIN, '--train-split', 'mine'], /choices are train, validation, test/],
    ['a single note', ['out', '--notes', '1'], /at least 2/],
  ])('%s: exit code 2 and a hint at the help', async (_, args, message) => {
    const { code, stdout, stderr } = await runCadenza(['metrics', ...args]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^cadenza: [^\n]+\nTry "cadenza metrics --help"\.\n$/);
    expect(stderr).toMatch(message);
  });
});
