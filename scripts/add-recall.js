/**
 * Widens a performance model that hears no recall to one that does. Weights of what is new are 0, so it says
 * what it said before, until it is trained on.
 *
 *   npm run build && node scripts/add-recall.js MODEL OUT && npx cadenza train PATHS --preset performance --from OUT
 */
import { encodeCheckpoint } from '../dist/checkpoint/checkpoint.js';
import { EventLstm } from '../dist/kinds/performance/network.js';
import { writeFileAtomic } from '../dist/node/files/atomic-file.js';
import { loadModel } from '../dist/node/load-model.js';
import { PERFORMANCE } from '../dist/representation/performance.js';
import { PERFORMANCE_RECALL } from '../dist/representation/performance-recall.js';

const [from, out] = process.argv.slice(2);
if (out === undefined) {
  process.stderr.write('usage: node scripts/add-recall.js MODEL OUT\n');
  process.exit(2);
}
const { checkpoint, model } = await loadModel(from);
if (model.representation !== PERFORMANCE) {
  process.stderr.write(`${from}: is no performance model without recall\n`);
  process.exit(2);
}
const config = { ...model.config, representation: PERFORMANCE_RECALL.name };
const wider = new EventLstm(config, PERFORMANCE_RECALL, 1);
const shapeBefore = new Map(model.parameters.map(({ name, shape }) => [name, shape]));
const tensors = new Map();
for (const { name, shape } of wider.parameters) {
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const before = shapeBefore.get(name);
  if (before !== undefined) copy(checkpoint.tensors.get(name).data, before, data, shape, groupsOf(name));
  tensors.set(name, { shape, data });
}
const { license, credit } = checkpoint;
await writeFileAtomic(out, encodeCheckpoint({ config, tensors, license, credit }));
process.stdout.write(`${out}\n`);

/** What an attribute wants of keys are as many groups of rows as it has maps; each grows at its end. */
function groupsOf(name) {
  const keyed = PERFORMANCE.attributes.find((attribute) => name === `${attribute.name}.keys.weight`);
  return keyed?.keyMaps ?? 1;
}

/** Copies rows and columns; new ones stand at the end of each group of rows, and of each row. */
function copy(source, [rowsBefore, columnsBefore = 1], target, [rows, columns = 1], groups) {
  const [before, now] = [rowsBefore / groups, rows / groups];
  for (let row = 0; row < rowsBefore; row++) {
    const to = Math.floor(row / before) * now + (row % before);
    target.set(source.subarray(row * columnsBefore, (row + 1) * columnsBefore), to * columns);
  }
}
