import { describe, expect, it } from 'vitest';
import { midiBytes } from '../../test/helpers/midi-bytes.js';
import { CadenzaError } from '../errors.js';
import { type Corpus, type CorpusEntry, type ParsedPiece, type Piece, readPieces } from './corpus.js';

function entry(name: string, bytes: Uint8Array | Error, onRead?: () => void): CorpusEntry {
  return {
    name,
    location: `songs/${name}`,
    async readBytes() {
      onRead?.();
      if (bytes instanceof Error) throw bytes;
      return bytes;
    },
  };
}

function corpusOf(entries: CorpusEntry[], more: Partial<Corpus> = {}): Corpus {
  return { entries, problems: [], reading: 'first', ...more };
}

async function collect(corpus: Corpus): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for await (const piece of readPieces(corpus)) pieces.push(piece);
  return pieces;
}

describe('readPieces', () => {
  it('yields the notes of each file with its name and split', async () => {
    const marked = { ...entry('a.mid', midiBytes([60, 62])), split: 'validation' as const };
    const pieces = await collect(corpusOf([marked, entry('b.mid', midiBytes([64]))]));
    expect(pieces.map((piece) => [piece.name, piece.split, [...piece.notes.pitch]])).toEqual([
      ['a.mid', 'validation', [60, 62]],
      ['b.mid', undefined, [64]],
    ]);
    expect([...pieces[0].notes.start]).toEqual([0, 0.5]);
    expect(pieces[0].warnings).toBe(0);
  });

  it('reads a file only when its piece is asked for', async () => {
    const read: string[] = [];
    const names = ['a.mid', 'b.mid', 'c.mid'];
    const corpus = corpusOf(names.map((name) => entry(name, midiBytes([60]), () => read.push(name))));
    for await (const piece of readPieces(corpus)) if (piece.name === 'b.mid') break;
    expect(read).toEqual(['a.mid', 'b.mid']);
  });

  it('skips files that cannot be used and records each once', async () => {
    const corpus = corpusOf([
      entry('noise.mid', Uint8Array.from([1, 2, 3, 4])),
      entry('empty.mid', midiBytes([])),
      entry('gone.mid', new CadenzaError('songs/gone.mid: no such file or folder')),
      entry('good.mid', midiBytes([60])),
    ]);
    expect((await collect(corpus)).map((piece) => piece.name)).toEqual(['good.mid']);
    await collect(corpus);
    expect(corpus.problems.map((problem) => problem.name)).toEqual([
      'songs/noise.mid',
      'songs/empty.mid',
      'songs/gone.mid',
    ]);
    for (const { name, message } of corpus.problems) expect(message).toContain(name);
  });

  it('fails when no file could be used, after trying all', async () => {
    const bad = new CadenzaError('songs/a.mid: broken');
    await expect(collect(corpusOf([entry('a.mid', bad)]))).rejects.toThrow(
      new CadenzaError('songs/a.mid: broken'),
    );
    const corpus = corpusOf([entry('a.mid', bad), entry('b.mid', midiBytes([]))]);
    await expect(collect(corpus)).rejects.toThrow(
      'none of the 2 files could be used; first: songs/a.mid: broken',
    );
    expect(corpus.problems).toHaveLength(2);
  });

  it('does not take a bug for a bad file', async () => {
    await expect(collect(corpusOf([entry('a.mid', new TypeError('oops'))]))).rejects.toThrow(TypeError);
  });

  it('asks the cache first, by content and instruments, and keeps what it had to parse', async () => {
    const kept = new Map<string, ParsedPiece>();
    const cache = {
      get: (hash: string, reading: string) => kept.get(`${hash} ${reading}`),
      put: (hash: string, reading: string, piece: ParsedPiece) => void kept.set(`${hash} ${reading}`, piece),
    };
    const hashContent = (bytes: Uint8Array) => `hash of ${bytes.length} bytes`;
    const corpus = corpusOf([entry('a.mid', midiBytes([60]))], { cache, hashContent });
    const [parsed] = await collect(corpus);
    expect([...kept.keys()]).toEqual([`${parsed.contentHash} first`]);

    const replaced = { notes: { ...parsed.notes }, warnings: 3 };
    kept.set(`${parsed.contentHash} first`, replaced);
    const [cached] = await collect(corpus);
    expect(cached.notes).toBe(replaced.notes);
    expect(cached.warnings).toBe(3);
    const [all] = await collect({ ...corpus, reading: 'all' });
    expect(all.warnings).toBe(0);
    expect(kept.size).toBe(2);
  });
});
