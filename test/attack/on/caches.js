/** Cache files that something has changed: whatever stands in them, the notes of a file are those that are in it. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { builtInOpening, midiFromNotes, readPieces } from '../../../dist/index.js';
import { openCorpus } from '../../../dist/node/corpus/corpus.js';
import { mutated } from '../mutate.js';

const folder = mkdtempSync(join(tmpdir(), 'cadenza-attack-'));
const piece = join(folder, 'a.mid');
const cache = join(folder, 'cache');
writeFileSync(piece, midiFromNotes(builtInOpening()));

async function notes() {
  const read = [];
  for await (const each of readPieces(await openCorpus([piece], { reading: 'sounding', cache })))
    read.push(each.notes);
  return read;
}

const expected = await notes();
const kept = readdirSync(cache, { recursive: true, withFileTypes: true }).find((entry) => entry.isFile());
const path = join(kept.parentPath, kept.name);
const whole = new Uint8Array(readFileSync(path));

export const make = (random) => mutated([whole], random);

export async function use(bytes) {
  mkdirSync(kept.parentPath, { recursive: true });
  writeFileSync(path, bytes);
  if (!isDeepStrictEqual(await notes(), expected)) throw new Error('other notes than the file has');
  if (Buffer.compare(readFileSync(path), whole) !== 0) throw new Error('damaged, it stays as it is');
}
