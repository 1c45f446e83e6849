/**
 * What it is worth to a model to be told of a piece: bits a note of validation pieces of MAESTRO, untold,
 * told in whose style they are, and told another composer instead.
 *
 *   npm run build && node bench/told.js [--model maestro] [--pieces 40] [--notes 1500]
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gridOf, readPieces } from '../dist/index.js';
import { BitsEvaluator, bitsPerNote } from '../dist/kinds/performance/bits.js';
import { EventLstm } from '../dist/kinds/performance/network.js';
import { createOnnxEngine, loadModel, openCorpus } from '../dist/node/index.js';
import { sliceNotes } from '../dist/notes/note-table.js';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'maestro' },
    pieces: { type: 'string', default: '40' },
    notes: { type: 'string', default: '1500' },
  },
});
const [most, notes] = [values.pieces, values.notes].map(Number);
const path =
  process.env.CADENZA_MAESTRO ??
  join(fileURLToPath(new URL('../../shared/data', import.meta.url)), 'maestro-v2.0.0');

const { model, parameters } = await loadModel(values.model);
const { config, representation } = model;
const { styles = [] } = config;
const corpus = await openCorpus([path], { split: 'validation', reading: 'sounding' });
const all = [];
for await (const piece of readPieces(corpus)) if (styles.includes(piece.composer)) all.push(piece);
const pieces = Array.from(
  { length: Math.min(most, all.length) },
  (_, n) => all[Math.floor((n * all.length) / Math.min(most, all.length))],
);
const grids = pieces.map((piece) => gridOf(sliceNotes(piece.notes, 0, Math.min(notes, piece.notes.length))));
const styleOf = new Map(grids.map((grid, n) => [grid, styles.indexOf(pieces[n].composer)]));
const engine = await createOnnxEngine({ threads: 1 });
for (const [title, hints] of [
  ['untold', () => ({})],
  ['told the composer', (style) => ({ style })],
  ['told another one', (style) => ({ style: (style + 5) % styles.length })],
]) {
  const telling = {
    ...representation,
    encode: (grid) => representation.encode(grid, hints(styleOf.get(grid))),
  };
  const evaluator = await BitsEvaluator.create(new EventLstm(config, telling, 128), engine, parameters);
  const { total } = bitsPerNote(await evaluator.measure(grids));
  await evaluator.release();
  process.stdout.write(`${title.padEnd(20)}${total.toFixed(3)}\n`);
}
process.exit(0);
