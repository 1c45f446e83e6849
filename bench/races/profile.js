/**
 * Where the time goes in what misses its target: a training step by kind of node, playing against memory,
 * ingest.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { initialParameters, Random } from '../../dist/index.js';
import { numbersFromC } from '../c-program.js';
import { race } from '../harness.js';
import { gemmRate } from '../machine.js';
import { STACKED, StackedLstm } from '../stacked-lstm.js';
import { describe } from '../words.js';

export const name = 'profile';
export const title = 'Profiles';
export const text = [
  'Training steps are profiled by ONNX Runtime itself, forward and backward pass without the update. Its profiler takes',
  'time at every node, so with it a step is slower, and all of that falls on the many small nodes and on what lies',
  'between them; the large products hardly notice. Nothing is scaled: both totals stand above each table.',
].join('\n');

const CORES = cpus().length;
const TRAINING = [
  { name: 'tutorial', words: 'tutorial model, one of two shards: batch 32', batch: 32, threads: 1 },
  { name: 'tutorial', words: 'tutorial model, the whole batch of 64', batch: 64, threads: CORES },
  { name: 'stacked', words: 'stacked LSTM 3 × 512, batch 64 × 128 steps', batch: 64, threads: CORES },
];
const STEPS = 200;
const BYTES_PER_NUMBER = 4;
/** Far more than any cache holds. */
const LARGE_BUFFER = 2 ** 31;
/** As many as the ingest race reads, and the same. */
const FILES = 100;

const contestant = (file) => fileURLToPath(new URL(`../contestants/${file}`, import.meta.url));
const inMilliseconds = (value) => `${describe(value)} ms`;
const threadsInWords = (threads) => (threads === 1 ? '1 thread' : `${threads} threads`);

function resultOf(program, args) {
  const options = { encoding: 'utf8', maxBuffer: 2 ** 26, stdio: ['ignore', 'pipe', 'pipe'] };
  const output = execFileSync(process.execPath, [contestant(program), ...args.map(String)], options);
  return JSON.parse(output.trim().split('\n').at(-1));
}

async function training({ name, words, batch, threads }, machine) {
  const profile = resultOf('profile-training.js', [name, batch, threads]);
  const { milliseconds, profiledMilliseconds, rows } = profile;
  const largest = threads === machine.cores ? machine.gemmGflops : await gemmRate(threads);
  const products = rows.filter(({ gflop }) => gflop > 0);
  const sum = (key) => products.reduce((total, row) => total + row[key], 0);
  const rateOf = ({ gflop, milliseconds: time }) => (gflop === 0 ? null : gflop / (time / 1000));
  return {
    case: `${words}, ${threadsInWords(threads)}: where a step's time goes`,
    text:
      `Without the profiler ${inMilliseconds(milliseconds)} (median), with it ${inMilliseconds(profiledMilliseconds)}; ` +
      `the largest product runs at ${describe(largest)} GFLOP/s with ${threadsInWords(threads)}. ` +
      `All products take ${inMilliseconds(sum('milliseconds'))} together; at the largest one's rate they would take ` +
      `${inMilliseconds((1000 * sum('gflop')) / largest)}.`,
    milliseconds,
    profiledMilliseconds,
    table: {
      columns: ['kind of node', 'nodes', 'ms', 'share, %', 'GFLOP/s', "% of the largest product's rate"],
      rows: rows.map((row) => {
        const rate = rateOf(row);
        return [
          row.kind,
          row.nodes,
          row.milliseconds,
          (100 * row.milliseconds) / profiledMilliseconds,
          rate,
          rate === null ? null : (100 * rate) / largest,
        ];
      }),
    },
  };
}

/** Bytes of weights that a step at batch 1 needs: all but the embeddings of the other symbols. */
function bytesOfStep(parameters) {
  const numbers = parameters.map(({ name, shape }) =>
    name === 'embedding.weight' ? shape[1] : shape.reduce((product, each) => product * each, 1),
  );
  return BYTES_PER_NUMBER * numbers.reduce((sum, each) => sum + each, 0);
}

async function playing(rounds) {
  const { parameters } = new StackedLstm();
  const bytes = bytesOfStep(parameters);
  const folder = mkdtempSync(join(tmpdir(), 'cadenza-bench-'));
  try {
    const weights = join(folder, 'stacked.bin');
    writeFileSync(weights, initialParameters(parameters, 0));
    const args = [contestant('stacked-step-cadenza.js'), '1', String(STEPS), '1', weights];
    const [step] = await race([{ name: 'Cadenza', command: process.execPath, args }], { rounds });
    if (step.milliseconds === undefined) throw new Error(step.skip);
    const rate = bytes / 1e6 / step.milliseconds;
    const megabytes = (bytes / 1e6).toFixed(1);
    const buffers = [
      [`a buffer of ${megabytes} MB, one core`, bytes, 1],
      [`a buffer of ${megabytes} MB, all ${CORES} cores`, bytes, CORES],
      [`a buffer of ${(LARGE_BUFFER / 1e9).toFixed(1)} GB, one core`, LARGE_BUFFER, 1],
      [`a buffer of ${(LARGE_BUFFER / 1e9).toFixed(1)} GB, all ${CORES} cores`, LARGE_BUFFER, CORES],
    ];
    const runs = buffers.map(([, size, threads]) => [size, threads]);
    const rates = numbersFromC('memory-read.c', runs);
    return {
      case: `stacked LSTM ${STACKED.layers} × ${STACKED.hiddenSize}, a step at batch 1: how fast it reads its weights`,
      text:
        `A step takes ${inMilliseconds(step.milliseconds)} (${step.settings}) and reads ${megabytes} MB of weights. ` +
        'The buffers are read over and over by a program that does nothing else.',
      milliseconds: step.milliseconds,
      bytes,
      table: {
        columns: ['what is read', 'ms', 'GB/s', "the step's rate, % of it"],
        rows: [
          ['the weights, by a step', step.milliseconds, rate, null],
          ...buffers.map(([words, size], i) => {
            const read = rates?.[i] ?? null;
            return [
              words,
              ...(read === null ? [null, null, null] : [size / 1e6 / read, read, (100 * rate) / read]),
            ];
          }),
        ],
      },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function ingest(maestro) {
  const files = readdirSync(maestro, { recursive: true })
    .filter((file) => file.endsWith('.midi'))
    .sort();
  const sample = new Random(0).shuffle(files).slice(0, FILES);
  const stages = resultOf(
    'profile-ingest.js',
    sample.map((file) => join(maestro, file)),
  );
  const words = {
    reading: 'reading the file (readFileSync)',
    parsing: 'parsing events (readMidi)',
    seconds: 'ticks to seconds (the tempo map)',
    pairing: 'pairing note-ons with note-offs (pairNotes)',
    tables: 'making note tables and pedals (the rest of instrumentsOf)',
  };
  const milliseconds = Object.values(stages).reduce((sum, each) => sum + each, 0);
  return {
    case: `${sample.length} files of MAESTRO to notes on one thread: where the time goes`,
    milliseconds,
    table: {
      columns: ['stage', 'ms', 'share, %'],
      rows: Object.entries(stages).map(([stage, each]) => [words[stage], each, (100 * each) / milliseconds]),
    },
  };
}

/** A profile that cannot be had is said to be missing; the others are still worth having. */
async function attempt(words, work) {
  try {
    return await work();
  } catch (error) {
    // Of a program that ended, its own words, not the command line.
    const lines = (error.stderr || error.message).split('\n');
    const skip = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines[0];
    return { case: words, contestants: [{ name: 'Cadenza', skip }] };
  }
}

export async function run({ corpus, machine, rounds = 9 }) {
  const entries = [];
  for (const each of TRAINING) entries.push(await attempt(each.words, () => training(each, machine)));
  entries.push(await attempt('stacked LSTM, a step at batch 1', () => playing(rounds)));
  if (corpus?.maestro !== undefined) {
    entries.push(await attempt('MAESTRO to notes', () => ingest(corpus.maestro)));
  }
  return entries;
}
