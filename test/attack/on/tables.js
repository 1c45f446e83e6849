/** Tables of a corpus, as MAESTRO has one. */
import { parseCorpusTable } from '../../../dist/node/corpus/corpus-table.js';
import { mutated } from '../mutate.js';

export const TABLE = new TextEncoder().encode(
  'canonical_composer,split,midi_filename\r\n"A, ""B""",train,a.mid\nx,test,b.mid\n',
);

export const make = (random) => mutated([TABLE], random);

export async function use(bytes) {
  parseCorpusTable(new TextDecoder().decode(bytes), 'm.csv');
}
