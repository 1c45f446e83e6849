import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { midiBytes } from '../../../test/helpers/midi-bytes.js';
import { tempFolder } from '../../../test/helpers/temp-folder.js';
import { zipBytes } from '../../../test/helpers/zip-bytes.js';
import { type Corpus, readPieces } from '../../dataset/corpus.js';
import { CadenzaError } from '../../errors.js';
import { type CorpusOptions, openCorpus } from './corpus.js';

const SONG = midiBytes([60, 64, 67]);
const TABLE = [
  'canonical_composer,canonical_title,split,year,midi_filename',
  'Bach,"Air, BWV 1068",train,2004,2004/a.midi',
  'Berg,Sonata,validation,2004,2004/b.midi',
  'Chopin,"""Raindrop""",test,2006,2006/c.midi',
].join('\n');
const MAESTRO = { 'maestro.csv': TABLE, '2004/a.midi': SONG, '2004/b.midi': SONG, '2006/c.midi': SONG };

const open = (paths: string[], options: CorpusOptions = {}) =>
  openCorpus(paths, { cache: false, ...options });
const namesOf = (corpus: Corpus) => corpus.entries.map((entry) => entry.name);
const splitsOf = (corpus: Corpus) => corpus.entries.map((entry) => `${entry.name} ${entry.split}`);

async function failureOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(CadenzaError);
  return error.message;
}

describe('openCorpus on folders', () => {
  it('finds MIDI files at any depth, in any case, sorted by name, and no hidden ones', async () => {
    const found = ['Z.MID', 'a/b/c.midi', 'a/x.Kar', 'b.rmi'];
    const others = ['readme.txt', '._a.mid', '.git/x.mid', '__MACOSX/a.mid', 'mid', 'a.mid.bak'];
    const folder = tempFolder(Object.fromEntries([...others, ...found].map((name) => [name, SONG])));
    mkdirSync(join(folder, 'folder.mid'));
    const corpus = await open([folder]);
    expect(namesOf(corpus)).toEqual(found);
    expect(corpus.entries[1].location).toBe(join(folder, 'a/b/c.midi'));
    expect(corpus.problems).toEqual([]);
  });

  it('counts a file once, however it is reached', async () => {
    const folder = tempFolder({ 'a/1.mid': SONG, '2.mid': SONG });
    symlinkSync(join(folder, '2.mid'), join(folder, 'link.mid'));
    symlinkSync(folder, join(folder, 'a/up'));
    const corpus = await open([folder, join(folder, 'a'), join(folder, '2.mid'), join(folder, '*.mid')]);
    expect(corpus.entries).toHaveLength(2);
    expect(corpus.problems).toEqual([]);
  });

  it('reports a link that leads nowhere', async () => {
    const folder = tempFolder({ 'a.mid': SONG });
    symlinkSync(join(folder, 'gone'), join(folder, 'broken.mid'));
    const corpus = await open([folder]);
    expect(namesOf(corpus)).toEqual(['a.mid']);
    expect(corpus.problems.map((problem) => problem.name)).toEqual([join(folder, 'broken.mid')]);
  });

  it('takes splits from a csv in the folder and reports what it names in vain', async () => {
    const { 'maestro.csv': _, ...files } = MAESTRO;
    const folder = tempFolder({
      ...files,
      'sub/maestro.csv': TABLE,
      'sub/2004/a.midi': SONG,
      'sub/extra.mid': SONG,
    });
    const corpus = await open([folder]);
    expect(splitsOf(corpus)).toEqual([
      '2004/a.midi undefined',
      '2004/b.midi undefined',
      '2006/c.midi undefined',
      'sub/2004/a.midi train',
      'sub/extra.mid undefined',
    ]);
    const csv = join(folder, 'sub/maestro.csv');
    const message = `2 of the 3 files that ${csv} names are missing: 2004/b.midi, 2006/c.midi`;
    expect(corpus.problems).toEqual([{ name: csv, message }]);
  });

  it('takes one split, and reports missing files of that split only', async () => {
    const { '2006/c.midi': _, ...files } = MAESTRO;
    const folder = tempFolder(files);
    const corpus = await open([folder], { split: 'validation' });
    expect(splitsOf(corpus)).toEqual(['2004/b.midi validation']);
    expect(corpus.problems).toEqual([]);
    expect(await failureOf(open([folder], { split: 'test' }))).toMatch(
      /none of the 2 files in .* is marked test/,
    );
  });

  it('is not stopped by other or broken tables', async () => {
    const broken = 'midi_filename,split\n"a.mid,train';
    const folder = tempFolder({ 'a.mid': SONG, 'scores.csv': 'name,score\n"', 'broken.csv': broken });
    const corpus = await open([folder]);
    expect(namesOf(corpus)).toEqual(['a.mid']);
    expect(corpus.problems.map((problem) => problem.message)).toEqual([
      expect.stringContaining('broken.csv is not a readable csv'),
    ]);
  });

  it('reports splits that are none', async () => {
    const folder = tempFolder({ 'a.mid': SONG, 't.csv': 'midi_filename,split\na.mid,valid' });
    const corpus = await open([folder]);
    expect(splitsOf(corpus)).toEqual(['a.mid undefined']);
    expect(corpus.problems[0].message).toMatch(/t\.csv: .*valid$/);
  });
});

describe('openCorpus on archives', () => {
  const zipped = (files: Record<string, string | Uint8Array>) =>
    zipBytes(Object.entries(files).map(([name, data]) => ({ name, data })));

  it('reads the pieces and splits of a zip as those of a folder', async () => {
    const files = Object.fromEntries(
      Object.entries(MAESTRO).map(([name, data]) => [`maestro/${name}`, data]),
    );
    const folder = tempFolder({ 'm.zip': zipped({ ...files, '__MACOSX/maestro/2004/._a.midi': 'x' }) });
    const path = join(folder, 'm.zip');
    const corpus = await open([path, path]);
    expect(splitsOf(corpus)).toEqual([
      'maestro/2004/a.midi train',
      'maestro/2004/b.midi validation',
      'maestro/2006/c.midi test',
    ]);
    expect(corpus.problems).toEqual([]);
    for await (const piece of readPieces(corpus)) expect([...piece.notes.pitch]).toEqual([60, 64, 67]);
  });

  it('skips the bad files of an archive', async () => {
    const bytes = zipBytes([
      { name: 'bad.mid', data: SONG, claimedCrc: 0 },
      { name: 'good.mid', data: SONG },
    ]);
    const corpus = await open([join(tempFolder({ 'x.zip': bytes }), 'x.zip')]);
    const names: string[] = [];
    for await (const piece of readPieces(corpus)) names.push(piece.name);
    expect(names).toEqual(['good.mid']);
    expect(corpus.problems[0].message).toMatch(/x\.zip\/bad\.mid is damaged/);
  });
});

describe('openCorpus on single files', () => {
  it('takes the files that a csv names', async () => {
    const folder = tempFolder({ ...MAESTRO, 'other.mid': SONG });
    const corpus = await open([join(folder, 'maestro.csv')]);
    expect(splitsOf(corpus)).toEqual(['2004/a.midi train', '2004/b.midi validation', '2006/c.midi test']);
  });

  it('adds the split of a csv to a file that was named before', async () => {
    const folder = tempFolder(MAESTRO);
    const corpus = await open([join(folder, '2004/b.midi'), join(folder, 'maestro.csv')]);
    expect(corpus.entries.map((entry) => entry.split).sort()).toEqual(['test', 'train', 'validation']);
  });

  it('refuses a csv of another layout, or whose files are all elsewhere', async () => {
    const folder = tempFolder({ 'x.csv': 'name,score\na,1', 'maestro.csv': TABLE });
    expect(await failureOf(open([join(folder, 'x.csv')]))).toMatch(
      /x\.csv .* no columns midi_filename and split/,
    );
    expect(await failureOf(open([join(folder, 'maestro.csv')]))).toMatch(/3 of the 3 files .* are missing/);
  });

  it('takes a file of any name for MIDI when it is named itself', async () => {
    const path = join(tempFolder({ 'song.bin': SONG }), 'song.bin');
    expect((await open([path])).entries).toHaveLength(1);
  });

  it('expands patterns, unless a file has that very name', async () => {
    const folder = tempFolder({
      'a1.mid': SONG,
      'a2.mid': SONG,
      'a3.txt': 'x',
      'b.mid': SONG,
      'a[1].mid': SONG,
    });
    expect((await open([join(folder, 'a?.*')])).entries).toHaveLength(2);
    const literal = await open([join(folder, 'a[1].mid')]);
    expect(literal.entries[0].location).toBe(join(folder, 'a[1].mid'));
    expect(await failureOf(open([join(folder, 'c*.mid')]))).toMatch(/no MIDI file matches .*c\*\.mid/);
  });

  it('says which path leads nowhere', async () => {
    const folder = tempFolder({ 'a.mid': SONG, 'empty/x.txt': '' });
    expect(await failureOf(open([join(folder, 'gone')]))).toMatch(/gone: no such file or folder/);
    expect(await failureOf(open([join(folder, 'a.mid/b')]))).toMatch(/no such file or folder/);
    const empty = join(folder, 'empty');
    expect(await failureOf(open([empty]))).toBe(`no MIDI file (.mid, .midi, .kar or .rmi) in ${empty}`);
    const both = await open([join(folder, 'a.mid'), empty]);
    expect(both.problems).toEqual([{ name: empty, message: `no MIDI file in ${empty}` }]);
  });
});

describe('openCorpus with a number of files', () => {
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i}.mid`, SONG]));

  it('chooses by seed, keeps the order, and a smaller choice lies in a larger one', async () => {
    const folder = tempFolder(files);
    const choose = async (count: number, seed?: number) =>
      namesOf(await open([folder], { files: count, seed }));
    const five = await choose(5, 1);
    expect(five).toHaveLength(5);
    expect(five).toEqual([...five].sort());
    expect(await choose(5, 1)).toEqual(five);
    expect(await choose(5, 2)).not.toEqual(five);
    expect(await choose(10, 1)).toEqual(expect.arrayContaining(five));
    expect(await choose(99)).toHaveLength(30);
    expect(await failureOf(choose(0))).toMatch(/whole number above 0/);
  });
});

describe('openCorpus with a cache', () => {
  it('reads the same notes from the cache, and anew when a file has changed', async () => {
    const folder = tempFolder({ 'a.mid': SONG });
    const cache = join(tempFolder(), 'cache');
    const pitches = async () => {
      const { value } = await readPieces(await openCorpus([folder], { cache })).next();
      return [...value!.notes.pitch];
    };
    expect(await pitches()).toEqual([60, 64, 67]);
    expect(await pitches()).toEqual([60, 64, 67]);
    writeFileSync(join(folder, 'a.mid'), midiBytes([72, 64, 67]));
    expect(await pitches()).toEqual([72, 64, 67]);
  });
});
