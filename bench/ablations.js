/**
 * Which representation, and which part of the performance model, is worth its time: every case learns from
 * a corpus for the same time on the same cores, in turns, and is judged in bits a note.
 *
 *   npm run build && node bench/ablations.js --minutes 10 [--cases "performance;midi-like"] [--hidden-size 448] [--out runs]
 *   node bench/ablations.js --cases "metrical;performance, the same beats"
 *   node bench/ablations.js --from maestro --minutes 8          how a model that has learned learns on
 *   node bench/ablations.js … --one-by-one                      one after the other: large ones take a gigabyte each
 *
 * The corpus is MAESTRO, for cases in musical time POP909: CADENZA_MAESTRO and CADENZA_POP909, else
 * ../shared/data/maestro-v2.0.0 and pop909. Prints a table for
 * docs/performance-model.md, and the same as JSON with --json; with --out keeps each case's model in that
 * folder, for `cadenza evaluate`.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { kindNamed } from '../dist/kinds/kinds.js';
import { EventDataLoader } from '../dist/kinds/performance/data-loader.js';
import { EventLstm } from '../dist/kinds/performance/network.js';
import { namedViews } from '../dist/model/parameters.js';
import { readTrainingCorpus } from '../dist/node/corpus/training-corpus.js';
import { loadModel, openEngines } from '../dist/node/index.js';
import { PARTS_OF_BEATS } from '../dist/notes/metrical-grid.js';
import { PERFORMANCE_PULSE } from '../dist/representation/performance-pulse.js';
import { PERFORMANCE_RECALL } from '../dist/representation/performance-recall.js';
import { judgedPieces, Learner } from './learner.js';

const STILL = { augmentation: { transpose: 0, stretch: 0 } };

/** Muon moves weights less than Adam does early on. */
const MUON_RATE = 0.006;
/** Events that the slowest gates remember at first. */
const LONGEST_MEMORY = 1000;

/**
 * Chrono initialisation (Tallec & Ollivier 2018): forget gates that remember from 1 to LONGEST_MEMORY events,
 * and input gates that let as little in.
 */
function chrono(parameters, specs, random) {
  for (const [name, { data }] of namedViews(parameters, specs)) {
    if (!/bias_ih_l\d+$/.test(name)) continue;
    const units = data.length / 4;
    for (let unit = 0; unit < units; unit++) {
      const forget = Math.log(1 + (LONGEST_MEMORY - 2) * random.next());
      data[units + unit] = forget;
      data[unit] = -forget;
    }
  }
}

/** Name to preset, sizes and training options that differ from the preset's. */
const CASES = {
  performance: { preset: 'performance' },
  'performance, no guidance': { preset: 'performance', sizes: { guidance: false } },
  'performance, no recall': { preset: 'performance', sizes: { recall: false } },
  'performance, no key features': { preset: 'performance', sizes: { keyFeatures: 0 } },
  'performance, not varied': { preset: 'performance', options: STILL },
  'performance, by Muon': {
    preset: 'performance',
    options: { optimiser: 'muon', learningRate: MUON_RATE },
  },
  'performance, chrono': { preset: 'performance', adapt: chrono },
  'note-tuples': { preset: 'note-tuples' },
  'midi-like': { preset: 'midi-like' },
  'performance, pulse': { preset: 'performance', representation: PERFORMANCE_PULSE },
  metrical: { preset: 'metrical' },
  // The notes of `metrical` on the very same ticks, as if each were 10 ms.
  'performance, the same beats': {
    preset: 'metrical',
    representation: { ...PERFORMANCE_RECALL, rounding: PARTS_OF_BEATS },
  },
};

/** What a model that has learned long is kept from hearing, so that it does not learn by heart. */
const DROPOUT = { input: 0.1, hidden: 0.35, heads: 0.35, recurrent: 0.3 };
const LESS = { input: 0.05, hidden: 0.2, heads: 0.2, recurrent: 0.2 };
const learningOn = {
  only: 'untold',
  learningRate: 0.0003,
  dropout: DROPOUT,
  schedule: { warmup: 100, decayFrom: 0.3 },
  averaging: 0.998,
};
const on = (options = {}) => ({ preset: 'performance', options: { ...learningOn, ...options } });

/** With --from: what differs from the first. */
const CASES_FROM = {
  'as it is': on({ learningRate: 0 }),
  'rate 0.0003': on(),
  'rate 0.001': on({ learningRate: 0.001 }),
  'rate 0.0001': on({ learningRate: 0.0001 }),
  'by Muon, rate 0.001': on({ optimiser: 'muon', learningRate: 0.001 }),
  'rows 16': on({ batchSize: 16 }),
  'rows 128': on({ batchSize: 128 }),
  '256 events at once': on({ sequenceLength: 256 }),
  'nothing left out': on({ dropout: undefined }),
  'less left out': on({ dropout: LESS }),
  'rows 128, less left out': on({ batchSize: 128, dropout: LESS }),
  'rows 128, less left out, rate 0.0005': on({ batchSize: 128, dropout: LESS, learningRate: 0.0005 }),
  'rows 128, nothing left out, rate 0.0002': on({ batchSize: 128, dropout: undefined, learningRate: 0.0002 }),
  'more left out': on({ dropout: { input: 0.1, hidden: 0.4, heads: 0.4, recurrent: 0.4 } }),
  'not varied': on(STILL),
  'varied more': on({ augmentation: { transpose: 6, stretch: 0.25 } }),
  '544 units': { ...on(), sizes: { hiddenSize: 544 } },
};

/** A turn of one case, in seconds. */
const TURN = 30;

/** Learned weights in a model with more units, of which nothing is heard until they have learned, too. */
function grown(parameters, specs, learned) {
  const before = namedViews(learned.parameters, learned.model.parameters);
  const shapes = new Map(learned.model.parameters.map(({ name, shape }) => [name, shape]));
  const [was, is] = [
    learned.model.config.hiddenSize,
    specs.find(({ name }) => name === 'lstm.weight_hh_l0').shape[1],
  ];
  for (const [name, { data }] of namedViews(parameters, specs)) {
    const [rows, columns = 1] = shapes.get(name);
    const isLayer = name.startsWith('lstm.');
    const hearsUnits = /weight_hh|weight_ih_l[1-9]|\.hidden\.weight/.test(name);
    const wide = columns + (hearsUnits ? is - was : 0);
    const old = before.get(name).data;
    for (let row = 0; row < rows; row++) {
      const to = (isLayer ? Math.floor(row / was) * is + (row % was) : row) * wide;
      if (hearsUnits) data.fill(0, to + was, to + is);
      for (let column = 0; column < columns; column++) {
        const moved = hearsUnits && column >= was ? is - was : 0;
        data[to + column + moved] = old[row * columns + column];
      }
    }
  }
}

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    cases: { type: 'string' },
    from: { type: 'string' },
    'hidden-size': { type: 'string', default: '448' },
    threads: { type: 'string', default: '2' },
    seed: { type: 'string', default: '0' },
    'one-by-one': { type: 'boolean', default: false },
    out: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.minutes) * 60;
const cases = values.from === undefined ? CASES : CASES_FROM;
const names =
  values.cases?.split(';') ?? Object.keys(cases).filter((name) => cases[name].preset !== 'metrical');
const unknown = names.find((name) => !Object.hasOwn(cases, name));
if (unknown !== undefined || !(seconds > 0)) {
  process.stderr.write(`usage: --minutes COUNT, --cases "${Object.keys(cases).join(';')}"\n`);
  process.exit(2);
}
const data = fileURLToPath(new URL('../../shared/data', import.meta.url));
const corpusOf = (kind) =>
  kind.reading === 'beats'
    ? (process.env.CADENZA_POP909 ?? join(data, 'pop909'))
    : (process.env.CADENZA_MAESTRO ?? join(data, 'maestro-v2.0.0'));

const tableOf = ({ arrays: [pitch, velocity, start, end, time, place], notes: length }) => ({
  length,
  pitch,
  velocity,
  start,
  end,
  ...(time && { beats: { time, place } }),
});

/** The kind's own loader, or one of its notes in another representation. */
function loaderOf(kind, config, { train, validation }, options, representation) {
  if (representation === undefined) return kind.dataLoader(config, { train, validation }, options);
  const model = new EventLstm(
    { ...config, representation: representation.name },
    representation,
    options.sequenceLength,
  );
  const pieces = { train: train.map(tableOf), validation: validation.map(tableOf) };
  return new EventDataLoader(model, pieces, options);
}

if (values.out !== undefined) await mkdir(values.out, { recursive: true });
const engines = await openEngines(Number(values.threads));
const corpora = new Map();
const learned = values.from === undefined ? undefined : await loadModel(values.from);
const asLearned = learned && ((parameters, specs) => grown(parameters, specs, learned));

async function learnerOf(name) {
  const {
    preset: presetName,
    sizes = {},
    options: changed = {},
    representation,
    adapt = asLearned,
  } = cases[name];
  const kind = kindNamed(presetName);
  const options = { ...kind.options, ...changed, seed: Number(values.seed) };
  const known = learned ? kind.sizesOf(learned.model.config) : { hiddenSize: Number(values['hidden-size']) };
  const model = kind.configure({ ...known, ...sizes });
  const path = corpusOf(kind);
  if (!corpora.has(path)) corpora.set(path, await readTrainingCorpus([path], { kind, model, seed: 0 }));
  const { data } = corpora.get(path);
  const validation = judgedPieces(data.validation);
  const loader = await loaderOf(kind, model, { ...data, validation }, options, representation);
  const learner = new Learner(name, loader, options, engines, seconds, adapt);
  await learner.prepare();
  return learner;
}

async function learnInTurns(learners) {
  while (learners.some(({ elapsed }) => elapsed < seconds - 0.5)) {
    for (const learner of learners) {
      await learner.learn(TURN);
      const { name, elapsed, updates } = learner;
      process.stderr.write(`${name}: ${Math.round(elapsed)} s, ${updates} steps\n`);
    }
  }
  const results = [];
  for (const learner of learners) results.push(await resultOf(learner));
  return results;
}

async function resultOf(learner) {
  const { name, updates, notes, loader } = learner;
  const { loss, ...attributes } = await learner.judge();
  await learner.release();
  if (values.out !== undefined) await learner.keep(values.out);
  const parts = Object.entries(attributes).map(([key, bits]) => [key.replace('_loss', ''), bits]);
  process.stderr.write(`${name}: ${loss.toFixed(3)} bits a note\n`);
  return {
    name,
    minutes: seconds / 60,
    parameters: loader.model.parameterCount,
    updates,
    notes,
    bits: loss,
    ...Object.fromEntries(parts),
  };
}

const results = [];
if (values['one-by-one']) {
  for (const name of names) results.push(...(await learnInTurns([await learnerOf(name)])));
} else {
  const learners = [];
  for (const name of names) learners.push(await learnerOf(name));
  results.push(...(await learnInTurns(learners)));
}
await engines.close();
if (values.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
else {
  process.stdout.write('| case | parameters | notes heard | bits a note |\n|---|---|---|---|\n');
  for (const { name, parameters, notes, bits } of results) {
    process.stdout.write(
      `| ${name} | ${(parameters / 1e6).toFixed(2)} million | ${(notes / 1e6).toFixed(2)} million | ${bits.toFixed(3)} |\n`,
    );
  }
}
process.exit(0);
