import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../../test/helpers/temp-folder.js';
import type { ParsedPiece } from '../../dataset/corpus.js';
import { createNoteCache, defaultCacheFolder, hashContent } from './note-cache.js';

const HASH = hashContent(Uint8Array.from([1, 2, 3]));

function pieceOf(
  rows: readonly [pitch: number, velocity: number, start: number, end: number][],
  warnings = 0,
) {
  const column = (index: number) => rows.map((row) => row[index]);
  const notes = {
    length: rows.length,
    pitch: Uint8Array.from(column(0)),
    velocity: Uint8Array.from(column(1)),
    start: Float64Array.from(column(2)),
    end: Float64Array.from(column(3)),
  };
  return { notes, warnings } satisfies ParsedPiece;
}

const PIECE = pieceOf(
  [
    [60, 64, 0.1, 0.7],
    [72, 1, 1 / 3, 2],
  ],
  5,
);

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe('hashContent', () => {
  it('is SHA-256: the digest of "abc" in FIPS 180-2', () => {
    expect(hashContent(new TextEncoder().encode('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});

describe('createNoteCache', () => {
  it('gives back what was put, to the bit', () => {
    const cache = createNoteCache(tempFolder());
    const byte = fc.integer({ min: 0, max: 127 });
    const row = fc.tuple(byte, byte, fc.double(), fc.double());
    fc.assert(
      fc.property(fc.array(row), fc.nat(99), (rows, warnings) => {
        const piece = pieceOf(rows, warnings);
        cache.put(HASH, 'first', piece);
        expect(cache.get(HASH, 'first')).toEqual(piece);
      }),
      { numRuns: 50 },
    );
  });

  it('tells contents and instruments apart', () => {
    const cache = createNoteCache(tempFolder());
    cache.put(HASH, 'first', PIECE);
    expect(cache.get(HASH, 'all')).toBeUndefined();
    expect(cache.get(hashContent(Uint8Array.of(4)), 'first')).toBeUndefined();
  });

  it('ignores a file with any byte changed, cut short, extended, foreign or under a wrong name', () => {
    const folder = tempFolder();
    const cache = createNoteCache(folder);
    cache.put(HASH, 'first', PIECE);
    const [path] = filesIn(folder);
    const intact = readFileSync(path);
    for (let i = 0; i < intact.length; i++) {
      const damaged = Buffer.from(intact);
      damaged[i] ^= 0x10;
      writeFileSync(path, damaged);
      expect(cache.get(HASH, 'first'), `byte ${i}`).toBeUndefined();
    }
    for (const content of [
      intact.subarray(0, -1),
      Buffer.concat([intact, Buffer.of(0)]),
      Buffer.from('hello'),
      '',
    ]) {
      writeFileSync(path, content);
      expect(cache.get(HASH, 'first')).toBeUndefined();
    }
    writeFileSync(path.replace(/first$/, 'all'), intact);
    expect(cache.get(HASH, 'all')).toBeUndefined();

    cache.put(HASH, 'first', PIECE);
    expect(cache.get(HASH, 'first')).toEqual(PIECE);
    truncateSync(path, 20);
    expect(cache.get(HASH, 'first')).toBeUndefined();
  });

  it('leaves no temporary file behind', () => {
    const folder = tempFolder();
    const cache = createNoteCache(folder);
    cache.put(HASH, 'first', PIECE);
    cache.put(HASH, 'first', PIECE);
    expect(filesIn(folder)).toHaveLength(1);
  });

  it('does without when it cannot write', () => {
    const cache = createNoteCache(join(tempFolder({ 'a-file': 'x' }), 'a-file'));
    cache.put(HASH, 'first', PIECE);
    expect(cache.get(HASH, 'first')).toBeUndefined();
  });
});

describe('defaultCacheFolder', () => {
  it('prefers CADENZA_CACHE, then an absolute XDG_CACHE_HOME, then the home folder', () => {
    expect(defaultCacheFolder({ CADENZA_CACHE: 'mine', XDG_CACHE_HOME: '/x' })).toBe('mine');
    expect(defaultCacheFolder({ XDG_CACHE_HOME: '/x' })).toBe(join('/x', 'cadenza'));
    for (const environment of [{}, { CADENZA_CACHE: '' }, { XDG_CACHE_HOME: 'relative' }]) {
      expect(defaultCacheFolder(environment)).toMatch(/[\\/]\.cache[\\/]cadenza$/);
    }
  });
});
