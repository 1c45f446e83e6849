import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Piece, readPieces } from '../../src/dataset/corpus.js';
import { splitPieces } from '../../src/dataset/split.js';
import { openCorpus } from '../../src/node/corpus/corpus.js';
import { tempFolder } from '../helpers/temp-folder.js';

const MAESTRO =
  process.env.CADENZA_MAESTRO ??
  fileURLToPath(new URL('../../../shared/data/maestro-v2.0.0', import.meta.url));

describe.skipIf(!existsSync(MAESTRO))('MAESTRO v2.0.0 (skipped where CADENZA_MAESTRO has no copy)', () => {
  it('has its official splits', async () => {
    const counts = { train: 967, validation: 137 };
    for (const split of ['train', 'validation'] as const) {
      const { entries, problems } = await openCorpus([MAESTRO], { split, cache: false });
      expect([entries.length, problems]).toEqual([counts[split], []]);
    }
    const fromTable = await openCorpus([join(MAESTRO, 'maestro-v2.0.0.csv')], { cache: false });
    const fromFolder = await openCorpus([MAESTRO], { cache: false });
    const marks = (corpus: typeof fromTable) => corpus.entries.map((entry) => `${entry.name} ${entry.split}`);
    expect(marks(fromTable)).toEqual(marks(fromFolder));
    const { train, validation } = splitPieces(fromFolder.entries);
    expect([train.length, validation.length]).toEqual([967, 137]);
  });

  it('reads the same from the cache as from the files', async () => {
    const cache = tempFolder();
    const read = async (from: string | false) => {
      const corpus = await openCorpus([MAESTRO], { split: 'train', files: 12, seed: 3, cache: from });
      const pieces: Piece[] = [];
      for await (const piece of readPieces(corpus)) pieces.push(piece);
      return pieces;
    };
    const parsed = await read(false);
    expect(parsed).toHaveLength(12);
    await read(cache);
    const cached = await read(cache);
    for (let i = 0; i < parsed.length; i++) {
      for (const column of ['pitch', 'velocity', 'start', 'end'] as const) {
        const same = Buffer.compare(bytesOf(cached[i].notes[column]), bytesOf(parsed[i].notes[column])) === 0;
        expect(same, `${column} of ${parsed[i].name}`).toBe(true);
      }
      expect(cached[i].warnings).toBe(parsed[i].warnings);
    }
  });
});

function bytesOf(column: Uint8Array | Float64Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}
