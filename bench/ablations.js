/**
 * Which representation, and which part of the performance model, is worth its time: every case learns from
 * a corpus for the same time on the same cores, in turns, and is judged in bits a note.
 *
 *   npm run build && node bench/ablations.js --minutes 10 [--cases "performance;midi-like"] [--hidden-size 448] [--out runs]
 *   node bench/ablations.js --cases "metrical;performance, the same beats"
 *   node bench/ablations.js --from maestro --minutes 8          how a model that has learned learns on
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
import { encodeCheckpoint } from '../dist/checkpoint/checkpoint.js';
import { runToEnd } from '../dist/generators.js';
import { afterStep } from '../dist/graph/optimisers/optimiser.js';
import { kindNamed } from '../dist/kinds/kinds.js';
import { EventDataLoader } from '../dist/kinds/performance/data-loader.js';
import { EventLstm } from '../dist/kinds/performance/network.js';
import { initialParameters, namedViews } from '../dist/model/parameters.js';
import { compileTrainStep } from '../dist/model/sharding.js';
import { readTrainingCorpus } from '../dist/node/corpus/training-corpus.js';
import { writeFileAtomic } from '../dist/node/files/atomic-file.js';
import { loadModel, openEngines } from '../dist/node/index.js';
import { PARTS_OF_BEATS } from '../dist/notes/metrical-grid.js';
import { sliceNotes } from '../dist/notes/note-table.js';
import { Random } from '../dist/random.js';
import { PERFORMANCE_PULSE } from '../dist/representation/performance-pulse.js';
import { PERFORMANCE_RECALL } from '../dist/representation/performance-recall.js';
import { optimiserOf } from '../dist/training/optimisers.js';
import { scheduleFactor } from '../dist/training/schedule.js';

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
const learningOn = {
  learningRate: 0.001,
  dropout: DROPOUT,
  schedule: { warmup: 100, decayFrom: 0.3 },
  averaging: 0.998,
};
const on = (options = {}) => ({ preset: 'performance', options: { ...learningOn, ...options } });

/** With --from: what differs from the first. */
const CASES_FROM = {
  'rate 0.001': on(),
  'rate 0.0003': on({ learningRate: 0.0003 }),
  'rate 0.002': on({ learningRate: 0.002 }),
  'rate 0.001 from Muon': on({ optimiser: 'muon', learningRate: 0.001 }),
  'rows 16': on({ batchSize: 16 }),
  'rows 64': on({ batchSize: 64 }),
  '256 events at once': on({ sequenceLength: 256 }),
  'nothing left out': on({ dropout: undefined }),
  'less left out': on({ dropout: { input: 0.05, hidden: 0.2, heads: 0.2, recurrent: 0.2 } }),
  'more left out': on({ dropout: { input: 0.1, hidden: 0.4, heads: 0.4, recurrent: 0.4 } }),
  'not varied': on(STILL),
  'varied less': on({ augmentation: { transpose: 3, stretch: 0.05 } }),
  '544 units': { ...on(), sizes: { hiddenSize: 544 } },
};

/** A turn of one case, in seconds. */
const TURN = 30;
/** What is judged: so many notes from the beginning of so many validation pieces. */
const JUDGED = { pieces: 24, notes: 2500 };

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

/** A case that learns in turns. */
class Contestant {
  elapsed = 0;
  updates = 0;
  notes = 0;

  /** @param adapt what is to be done to weights before they learn */
  constructor(name, loader, options, engines, adapt) {
    Object.assign(this, { name, loader, options, engines, adapt });
  }

  async prepare() {
    const { loader, options } = this;
    this.optimiser = optimiserOf(options);
    const step = { batch: loader.batch, optimiser: this.optimiser, clipNorm: options.clipNorm };
    this.program = await compileTrainStep(loader.model, step, this.engines.engine, this.engines.shards);
    const parameters = initialParameters(loader.model.parameters, options.seed);
    this.adapt?.(parameters, loader.model.parameters, new Random(options.seed));
    const zeros = () => new Float32Array(parameters.length);
    const kept = this.optimiser.states.map((name) => [name, zeros()]);
    this.state = { parameters, ...Object.fromEntries(kept) };
    this.average = parameters.slice();
    this.epoch = 0;
    this.left = 0;
  }

  /** Learns for a turn, or for what is left of the time. */
  async learn() {
    const until = performance.now() + 1000 * Math.min(TURN, seconds - this.elapsed);
    const began = performance.now();
    const before = this.elapsed;
    while (performance.now() < until) {
      if (this.left === 0) this.left = this.loader.begin(++this.epoch, 0, {});
      this.left--;
      await this.step();
      this.elapsed = before + (performance.now() - began) / 1000;
    }
  }

  async step() {
    const { options, optimiser, state, average } = this;
    const { warmup, decayFrom } = options.schedule;
    // The way up is told in steps, the way down in time.
    const up = Math.min(1, (this.updates + 1) / warmup);
    const down = scheduleFactor({ warmup: 0, decayFrom }, this.elapsed, seconds);
    const scalars = optimiser.scalars(options.learningRate * Math.min(up, down), this.updates + 1);
    const fed = Object.entries(scalars).map(([name, value]) => [name, Float32Array.of(value)]);
    const result = await this.program.run({
      ...this.loader.next(),
      ...state,
      ...Object.fromEntries(fed),
    });
    this.loader.carryOn(result);
    for (const name of Object.keys(state)) state[name] = result[afterStep(name)];
    this.updates++;
    this.notes += this.loader.notesPerStep;
    const part = 1 - Math.min(options.averaging, this.updates / (9 + this.updates));
    for (let i = 0; i < average.length; i++) average[i] += part * (state.parameters[i] - average[i]);
  }

  async judge() {
    const { engine, shards } = this.engines;
    const validator = await this.loader.validator(engine, shards);
    const bits = await runToEnd(validator.validate(this.average));
    await validator.release();
    await this.program.release();
    return bits;
  }

  /** Writes the model that was judged into a folder. */
  async keep(folder) {
    const { model } = this.loader;
    const tensors = namedViews(this.average, model.parameters);
    const path = join(folder, `${this.name.replaceAll(/[^a-z-]+/g, '-')}.safetensors`);
    await writeFileAtomic(path, encodeCheckpoint({ config: model.config, tensors }));
  }
}

/** The first notes of a piece that was made ready. */
function beginning({ arrays: [pitch, velocity, start, end, ...beats], notes: length }) {
  const { length: notes, ...kept } = sliceNotes(
    { length, pitch, velocity, start, end },
    0,
    Math.min(length, JUDGED.notes),
  );
  return { notes, arrays: [kept.pitch, kept.velocity, kept.start, kept.end, ...beats] };
}

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
const contestants = [];
const learned = values.from === undefined ? undefined : await loadModel(values.from);
const asLearned = learned && ((parameters, specs) => grown(parameters, specs, learned));
for (const name of names) {
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
  const validation = data.validation.slice(0, JUDGED.pieces).map(beginning);
  const loader = await loaderOf(kind, model, { ...data, validation }, options, representation);
  const contestant = new Contestant(name, loader, options, engines, adapt);
  await contestant.prepare();
  contestants.push(contestant);
}
while (contestants.some(({ elapsed }) => elapsed < seconds - 0.5)) {
  for (const contestant of contestants) {
    await contestant.learn();
    const { name, elapsed, updates } = contestant;
    process.stderr.write(`${name}: ${Math.round(elapsed)} s, ${updates} steps\n`);
  }
}
const results = [];
for (const contestant of contestants) {
  const { loss, ...attributes } = await contestant.judge();
  if (values.out !== undefined) await contestant.keep(values.out);
  const { name, updates, notes, loader } = contestant;
  const parts = Object.entries(attributes).map(([key, bits]) => [key.replace('_loss', ''), bits]);
  results.push({
    name,
    minutes: seconds / 60,
    parameters: loader.model.parameterCount,
    updates,
    notes,
    bits: loss,
    ...Object.fromEntries(parts),
  });
}
await engines.close();
if (values.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
else {
  process.stdout.write('| case | parameters | notes heard | bits a note |\n|---|---|---|---|\n');
  for (const { name, parameters, notes, bits } of results) {
    process.stdout.write(
      `| ${name} | ${(parameters / 1e6).toFixed(2)} million | ${(notes / 1e6).toFixed(2)} million | ${bits.toFixed(2)} |\n`,
    );
  }
}
process.exit(0);
