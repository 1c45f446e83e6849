/**
 * Averages the weights of models of one shape: those with which trainings ended that had begun with the same ones lie on the
 * slopes of one valley, and their mean further down (Wortsman et al. 2022, "Model soups").
 *
 *   npm run build && node scripts/average-models.js OUT MODEL[=SHARE]…      node scripts/average-models.js mean.safetensors maestro=1 runs/a=3
 */
import { encodeCheckpoint, expectTensors } from '../dist/checkpoint/checkpoint.js';
import { writeFileAtomic } from '../dist/node/files/atomic-file.js';
import { loadModel } from '../dist/node/load-model.js';

const [out, ...given] = process.argv.slice(2);
const parts = given.map((part) => {
  const [, name, share] = /^(.*?)(?:=([\d.]+))?$/.exec(part);
  return { name, share: Number(share ?? 1) };
});
const all = parts.reduce((sum, { share }) => sum + share, 0);
if (!(all > 0)) {
  process.stderr.write('usage: node scripts/average-models.js OUT MODEL[=SHARE]…\n');
  process.exit(2);
}
let mean;
for (const { name, share } of parts) {
  const { checkpoint } = await loadModel(name);
  mean ??= {
    config: checkpoint.config,
    shapes: [...checkpoint.tensors].map(([tensor, { shape }]) => [tensor, shape]),
    // In double precision: a mean of one model is that model.
    sums: new Map(
      [...checkpoint.tensors].map(([tensor, { data }]) => [tensor, new Float64Array(data.length)]),
    ),
  };
  expectTensors({ ...checkpoint, name }, mean.shapes);
  for (const [tensor, { data }] of checkpoint.tensors) {
    const sums = mean.sums.get(tensor);
    for (let i = 0; i < sums.length; i++) sums[i] += (share / all) * data[i];
  }
}
const tensors = new Map(
  mean.shapes.map(([name, shape]) => [name, { shape, data: Float32Array.from(mean.sums.get(name)) }]),
);
await writeFileAtomic(out, encodeCheckpoint({ config: mean.config, tensors }));
process.stdout.write(`${out}\n`);
