/**
 * How bits a note fall with the notes that were heard: fresh weights of a shipped model's sizes learn, and the running mean is
 * judged every time they have heard twice as many. A power law a + b · notes^−c is fitted, and asked for ten times more.
 *
 *   npm run build && node bench/learning-curve.js --minutes 60 [--like maestro] [--seed 0] [--json]
 *
 * Says every point as it comes. Interrupted by Ctrl-C it fits what there is.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readTrainingCorpus } from '../dist/node/corpus/training-corpus.js';
import { loadModel, openEngines } from '../dist/node/index.js';
import { judgedPieces, Learner } from './learner.js';
import { fitPowerLaw } from './power-law.js';

const FIRST = 250_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    like: { type: 'string', default: 'maestro' },
    threads: { type: 'string', default: '2' },
    seed: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.minutes) * 60;
const corpus =
  process.env.CADENZA_MAESTRO ?? fileURLToPath(new URL('../../shared/data/maestro-v2.0.0', import.meta.url));
const { kind, model } = await loadModel(values.like);
const engines = await openEngines(Number(values.threads));
const { data } = await readTrainingCorpus([corpus], { kind, model: model.config, seed: 0 });
const validation = judgedPieces(data.validation);
// The rate stays as it is: a mean of weights that still move is as good as one of weights that come to rest.
const options = { ...kind.options, seed: Number(values.seed), schedule: { warmup: 100, decayFrom: 1 } };
const loader = await kind.dataLoader(model.config, { ...data, validation }, options);
const learner = new Learner(values.like, loader, options, engines, seconds);
await learner.prepare();

const points = [];
let isStopped = false;
process.once('SIGINT', () => {
  isStopped = true;
});
for (let next = FIRST; !isStopped && learner.elapsed < seconds - 0.5; ) {
  await learner.learn(10);
  if (learner.notes < next) continue;
  while (learner.notes >= next) next *= 2;
  const { loss: bits } = await learner.judge();
  points.push({ notes: learner.notes, bits });
  process.stderr.write(`${(learner.notes / 1e6).toFixed(2)} million notes: ${bits.toFixed(3)} bits a note\n`);
}
await learner.release();
await engines.close();
const law = points.length > 3 ? fitPowerLaw(points.map(({ notes, bits }) => [notes, bits])) : undefined;
const most = points.at(-1)?.notes ?? 0;
if (values.json) process.stdout.write(`${JSON.stringify({ points, law }, null, 2)}\n`);
else {
  process.stdout.write('| notes heard, millions | bits a note | by the law |\n|---|---|---|\n');
  for (const { notes, bits } of points)
    process.stdout.write(
      `| ${(notes / 1e6).toFixed(2)} | ${bits.toFixed(3)} | ${law?.at(notes).toFixed(3) ?? ''} |\n`,
    );
  if (law !== undefined) {
    const { floor, factor, power } = law;
    process.stdout.write(
      `\n${floor.toFixed(2)} + ${factor.toPrecision(3)} · notes^−${power.toFixed(3)}; ten times more: ${law.at(10 * most).toFixed(2)}\n`,
    );
  }
}
process.exit(0);
