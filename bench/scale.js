/**
 * What a corpus of another size would take, from rates that were measured: bytes, hours and money by number of machines.
 *
 *   node bench/scale.js                     the tables of docs/scale.md
 *   node bench/scale.js --hours 100000 --parameters 50e6 …
 *
 * Rates are per thread or card and million parameters; what they were measured on stands in docs/scale.md.
 */
import { parseArgs } from 'node:util';
import { simulate } from '../dist/node/cluster/simulation.js';

const { values } = parseArgs({
  options: {
    /** Of the corpus: hours of music, files, notes an hour. */
    hours: { type: 'string', default: '100000' },
    files: { type: 'string', default: '1200000' },
    'notes-an-hour': { type: 'string', default: '35200' },
    /** Of the model, and how often it hears the corpus. */
    parameters: { type: 'string', default: '50e6' },
    epochs: { type: 'string', default: '1' },
    /** Measured: notes a second that a thread learns from with a model of so many parameters, and a card. */
    'thread-notes': { type: 'string', default: '1150' },
    'thread-parameters': { type: 'string', default: '5.59e6' },
    'card-notes': { type: 'string', default: '1090000' },
    'card-parameters': { type: 'string', default: '5.57e6' },
    /** Measured: seconds of a thread to read an hour of music, bytes of a note in a file and in memory. */
    'read-seconds': { type: 'string', default: '0.04' },
    'note-bytes': { type: 'string', default: '3.6' },
    'note-memory': { type: 'string', default: '18' },
    /** Assumed: megabits a second of a machine's network, threads of a machine, price of a machine and a card an hour. */
    megabits: { type: 'string', default: '1000' },
    threads: { type: 'string', default: '8' },
    'machine-price': { type: 'string', default: '0.35' },
    'card-price': { type: 'string', default: '3.5' },
    'round-steps': { type: 'string', default: '500' },
    rows: { type: 'string', default: '32' },
    'notes-a-row': { type: 'string', default: '64' },
  },
});
const of = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
const notes = of.hours * of['notes-an-hour'];
const heard = notes * of.epochs;
/** A step's work grows with the parameters; this is what it takes where nothing else does. */
const threadRate = (of['thread-notes'] * of['thread-parameters']) / of.parameters;
const cardRate = (of['card-notes'] * of['card-parameters']) / of.parameters;

const si = (value, unit) => {
  const [size, prefix] = [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ].find(([each]) => value >= each) ?? [1, ''];
  return `${(value / size).toPrecision(3)} ${prefix}${unit}`;
};
const time = (hours) => (hours >= 48 ? `${(hours / 24).toPrecision(3)} days` : `${hours.toPrecision(3)} h`);

console.log(
  `${si(of.files, 'files')}, ${si(of.hours, 'hours')}, ${si(notes, 'notes')}; ${si(of.parameters, 'parameters')}\n`,
);
console.log('| what | how much |\n|---|---|');
console.log(`| notes file, gzipped | ${si(notes * of['note-bytes'], 'B')} |`);
console.log(`| notes in memory | ${si(notes * of['note-memory'], 'B')} |`);
console.log(`| reading all files, one thread | ${time((of.hours * of['read-seconds']) / 3600)} |`);
console.log(`| weights in single precision | ${si(4 * of.parameters, 'B')} |`);
console.log(
  `| what a shard sends after a round: weights, running mean, two moments | ${si(16 * of.parameters, 'B')} |`,
);
console.log(`| hearing all notes once, one thread | ${time(notes / threadRate / 3600)} |`);
console.log(`| hearing all notes once, one card | ${time(notes / cardRate / 3600)} |\n`);

const perRound = of['round-steps'] * of.rows * of['notes-a-row'];
const machine = of.threads * threadRate;
const job = perRound / machine;
const travel = (8 * 16 * of.parameters) / (of.megabits * 1e6);
console.log(
  `A round of ${of['round-steps']} steps of ${of.rows} rows takes a machine of ${of.threads} threads ${time(job / 3600)}, ` +
    `its files ${travel.toFixed(1)} s.\n`,
);
console.log(
  '| machines | rounds | hours | of the time at work | with a third at half speed | and four times as many shards | money |\n|---|---|---|---|---|---|---|',
);
for (const count of [1, 8, 30, 100, 300]) {
  const rounds = Math.ceil(heard / (perRound * count));
  // Through the server's one wire, all shards' files go one after the other; joining reads half of each.
  const join = count * travel * 0.5;
  const cluster = {
    shards: count,
    rounds: 5,
    job,
    overhead: travel * Math.max(1, count / 2),
    join,
    between: 1,
    patience: 60,
  };
  const even = simulate({ ...cluster, workers: Array.from({ length: count }, () => ({})) });
  const uneven = simulate({
    ...cluster,
    workers: Array.from({ length: count }, (_, i) => ({ speed: i % 3 === 2 ? 0.5 : 1 })),
  });
  // Four times as many shards of a quarter of the steps: whoever is fast does more of them.
  const finer = simulate({
    ...cluster,
    shards: 4 * count,
    job: job / 4,
    workers: Array.from({ length: count }, (_, i) => ({ speed: i % 3 === 2 ? 0.5 : 1 })),
  });
  const hours = (seconds) => ((seconds / 5) * rounds) / 3600;
  const price = hours(even.seconds) * count * of['machine-price'];
  console.log(
    `| ${count} | ${rounds} | ${time(hours(even.seconds))} | ${Math.round(100 * even.busy)} % | ${time(hours(uneven.seconds))} | ${time(hours(finer.seconds))} | ${si(price, '$')} |`,
  );
}
console.log('\n| cards | hours | money |\n|---|---|---|');
for (const count of [1, 8, 64]) {
  const hours = heard / (cardRate * count) / 3600;
  console.log(`| ${count} | ${time(hours)} | ${si(hours * count * of['card-price'], '$')} |`);
}
