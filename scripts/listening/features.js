/**
 * Features of held-out excerpts and of what a model plays in their place, a row each, for `tell-apart.py`:
 *
 *   npm run build && node scripts/listening/features.js ../shared/data/maestro-v2.0.0 features.csv [--model maestro] [--seed 1]
 *     [--places 2]
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { featuresOf } from '../../dist/evaluation/metrics/features.js';
import { pieceStatistics } from '../../dist/evaluation/metrics/piece-statistics.js';
import { gridOf, Random } from '../../dist/index.js';
import { excerptOf, from, HEARD, heldOutPieces, playedInPlace } from './excerpts.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', default: 'maestro' },
    seed: { type: 'string', default: '1' },
    places: { type: 'string', default: '2' },
  },
});
const [path, out] = positionals;

/** Numbers and every bin of the histograms. What a cut excerpt has none of, such as an ending, stays empty. */
function described(notes) {
  const grid = gridOf(notes);
  const features = featuresOf(grid);
  const statistics = pieceStatistics({ notes: grid, features, isWhole: false });
  return Object.fromEntries([
    ...Object.entries(statistics),
    ...Object.entries(features).flatMap(([name, bins]) =>
      bins.length === 1 ? [] : Array.from(bins, (share, bin) => [`${name} ${bin}`, share]),
    ),
  ]);
}

const rows = [];
let seed = Number(values.seed);
for (const { name, notes } of await heldOutPieces(path, new Random(seed))) {
  for (let place = 0; place < Number(values.places); place++) {
    const piece = from(notes, place * 2 * HEARD);
    const real = piece.length > 0 ? excerptOf(piece) : undefined;
    const made = real && (await playedInPlace(piece, values.model, seed++));
    if (made === undefined) continue;
    rows.push({ piece: name, real: 1, ...described(real) }, { piece: name, real: 0, ...described(made) });
    process.stderr.write(`${rows.length / 2} pairs\r`);
  }
}
const columns = Object.keys(rows[0]);
const quoted = (value) => (typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : (value ?? ''));
const lines = rows.map((row) => columns.map((column) => quoted(row[column])).join());
writeFileSync(out, `${[columns.map(quoted).join(), ...lines].join('\n')}\n`);
process.exit(0);
