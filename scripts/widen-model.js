/**
 * Widens a performance model to what newer ones hear: what they recall of the piece, how far its end is, and
 * in whose style it is. Weights of what is new are 0, so it says what it said before, until it is trained on.
 *
 *   npm run build && node scripts/widen-model.js MODEL OUT [--styles CSV] && npx cadenza train PATHS --preset performance --from OUT
 *
 * With a csv like MAESTRO's it learns the styles of the composers with enough pieces to learn from.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { encodeCheckpoint } from '../dist/checkpoint/checkpoint.js';
import { frequentComposers } from '../dist/dataset/styles.js';
import { PERFORMANCE_KIND } from '../dist/kinds/performance/kind.js';
import { parseCorpusTable } from '../dist/node/corpus/corpus-table.js';
import { writeFileAtomic } from '../dist/node/files/atomic-file.js';
import { loadModel } from '../dist/node/load-model.js';
import { KEYS } from '../dist/notes/grid.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { styles: { type: 'string' } },
});
const [from, out] = positionals;
if (out === undefined) {
  process.stderr.write('usage: node scripts/widen-model.js MODEL OUT [--styles CSV]\n');
  process.exit(2);
}
const { checkpoint, model, kind } = await loadModel(from);
const sizes = { ...kind.sizesOf(model.config), recall: true, guidance: true };
if (kind !== PERFORMANCE_KIND || kind.sizesOf(model.config).guidance) {
  process.stderr.write(`${from}: is no performance model that can be widened\n`);
  process.exit(2);
}
const config = kind.configure({ ...sizes, styles: await stylesIn(values.styles) });
const wider = kind.network(config);
const shapeBefore = new Map(model.parameters.map(({ name, shape }) => [name, shape]));
const tensors = new Map();
for (const { name, shape } of wider.parameters) {
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const before = shapeBefore.get(name);
  if (before !== undefined) copy(checkpoint.tensors.get(name).data, before, data, shape, name);
  tensors.set(name, { shape, data });
}
const { license, credit } = checkpoint;
await writeFileAtomic(out, encodeCheckpoint({ config, tensors, license, credit }));
process.stdout.write(`${out}\n`);

async function stylesIn(path) {
  if (path === undefined) return [];
  const table = parseCorpusTable(await readFile(path, 'utf8'), path);
  const learned = [...table.files.values()].filter(({ split }) => split === 'train');
  return frequentComposers(
    learned.map(({ composer }) => composer),
    kind.mostStyles,
  );
}

/**
 * Copies rows and columns. What an attribute wants of keys are as many groups of rows as it has maps; each
 * grows at its end. The context, and what hears it as it is, grow where maps over the keys end; heads after
 * the last layer's state.
 */
function copy(source, [rowsBefore, columnsBefore = 1], target, [rows, columns = 1], name) {
  const keyed = wider.representation.attributes.find((each) => name === `${each.name}.keys.weight`);
  const groups = keyed?.keyMaps ?? 1;
  const [before, now] = [rowsBefore / groups, rows / groups];
  const hearsContext = name === (config.contextUnits > 0 ? 'context.weight' : 'lstm.weight_ih_l0');
  const { contextSize, contextMaps = 0 } = model.representation;
  // Heads hear what is told right after the last layer's state.
  const isHead = /^[a-z]+\.hidden\.weight$/.test(name);
  const split = isHead
    ? config.hiddenSize
    : columnsBefore - (hearsContext ? contextSize - contextMaps * KEYS : 0);
  const { from: toldFrom, to: toldTo } = wider.representation.headsHear;
  const added = isHead ? toldTo - toldFrom : columns - columnsBefore;
  for (let row = 0; row < rowsBefore; row++) {
    const to = (Math.floor(row / before) * now + (row % before)) * columns;
    const columnsOf = source.subarray(row * columnsBefore, (row + 1) * columnsBefore);
    target.set(columnsOf.subarray(0, split), to);
    target.set(columnsOf.subarray(split), to + split + added);
  }
}
