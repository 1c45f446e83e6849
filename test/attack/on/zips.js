/** Archives of MIDI files and tables, read as a corpus. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { builtInOpening, midiFromNotes, readPieces } from '../../../dist/index.js';
import { openCorpus } from '../../../dist/node/corpus/corpus.js';
import { mutated } from '../mutate.js';
import { TABLE } from './tables.js';

/** An archive in which every other file is compressed. */
async function zip(files) {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
  for (const [i, [name, data]] of Object.entries(files).entries())
    await writer.add(name, new Uint8ArrayReader(data), {
      level: i % 2 ? 6 : 0,
      lastModDate: new Date(2020, 0),
    });
  return writer.close();
}

const opening = midiFromNotes(builtInOpening());
const archives = [
  await zip({ 'a.mid': opening, 'b/c.mid': opening, 'm.csv': TABLE }),
  await zip({ 'a.mid': opening }),
];
const folder = mkdtempSync(join(tmpdir(), 'cadenza-attack-'));

export const make = (random) => mutated(archives, random);

export async function use(bytes) {
  const path = join(folder, 'a.zip');
  writeFileSync(path, bytes);
  const corpus = await openCorpus([path], { reading: 'sounding', cache: false });
  for await (const _ of readPieces(corpus));
}
