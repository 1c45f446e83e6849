/**
 * What training in rounds costs in loss: the same steps over the same notes, by one machine and by shards that are
 * joined now and then.
 *
 *   node bench/rounds.js [--corpus FOLDER] [--steps 300] [--rows 24] [--shards 3] [--rounds 6] [--hidden-size 128]
 *     [--joinings '0.7,0.9 1,0 0.7,0.5'] [--from MODEL]
 *
 * Every line is a training from the same beginning: by one machine, then by shards with several ways to join them. All
 * of it is computed here, one shard after the other: who computes a round does not change what comes of it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { trainerBy } from '../dist/node/cluster/by-cluster.js';
import { jobsHere } from '../dist/node/cluster/jobs-here.js';
import { createOnnxEngine, trainRun } from '../dist/node/index.js';

const { values } = parseArgs({
  options: {
    corpus: { type: 'string', default: process.env.CADENZA_POP909 ?? '../shared/data/pop909' },
    steps: { type: 'string', default: '300' },
    rows: { type: 'string', default: '24' },
    shards: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '6' },
    'hidden-size': { type: 'string', default: '128' },
    preset: { type: 'string', default: 'performance' },
    joinings: { type: 'string', default: '0.7,0.9 1,0 0.7,0.5' },
    from: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const [steps, rows, shards, rounds, hiddenSize] = ['steps', 'rows', 'shards', 'rounds', 'hidden-size'].map(
  (name) => Number(values[name]),
);
/** How the shards are joined: rate and momentum; as published, without momentum, and in between by default. */
const JOININGS = values.joinings.split(' ').map((each) => {
  const [rate, momentum] = each.split(',').map(Number);
  return { rate, momentum };
});

const folder = mkdtempSync(join(tmpdir(), 'cadenza-rounds-'));
const size = values.from === undefined ? { layers: 1, hiddenSize } : { from: values.from };
const common = { paths: [values.corpus], preset: values.preset, ...size, steps, epochs: 1000, seed: 1 };

/** The loss of the held-out pieces at the end, and how many notes were heard. */
async function lossOf(name, options) {
  const began = performance.now();
  let loss;
  let notes = 0;
  for await (const progress of trainRun({ ...common, ...options, out: join(folder, name) })) {
    if (progress.type === 'step') notes += (progress.steps ?? 1) * progress.notesPerStep;
    if (progress.type === 'epoch') loss = progress.validation.loss;
  }
  return { name, loss, notes, seconds: (performance.now() - began) / 1000 };
}

const results = [await lossOf('one machine', { batchSize: rows, threads: 1 })];
const engine = await createOnnxEngine({ threads: 1 });
for (const { rate, momentum } of JOININGS) {
  const options = {
    batchSize: rows / shards,
    rounds: { shards, steps: Math.round(steps / rounds), rate, momentum },
  };
  const name = `${shards} shards, rate ${rate}, momentum ${momentum}`;
  results.push(await lossOf(name, { ...options, trainer: trainerBy(jobsHere(engine)) }));
}
rmSync(folder, { recursive: true });
if (values.json) console.log(JSON.stringify({ steps, rows, shards, rounds, hiddenSize, results }, null, 2));
else {
  console.log(
    `${steps} steps, ${rows} rows, ${rounds} rounds, ${hiddenSize} units; bits a note of the held-out pieces`,
  );
  const [{ loss: alone }] = results;
  for (const { name, loss, notes, seconds } of results) {
    const off = (100 * (loss / alone - 1)).toFixed(2);
    console.log(
      `${name.padEnd(34)} ${loss.toFixed(4)}  ${off.padStart(6)} %  ${notes} notes  ${seconds.toFixed(0)} s`,
    );
  }
}
