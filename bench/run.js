/**
 * Runs the benchmarks.
 *
 *   npm run bench                              all of them, as tables
 *   npm run bench -- train-step ingest         some of them
 *   npm run --silent bench -- --json           for programs; node bench/report.js turns it into docs/performance.md
 *
 * Run it when nothing else does. Peers install themselves into `bench/` the first time, which takes minutes.
 * The real corpora are looked for in CADENZA_MAESTRO and CADENZA_POP909, then in ../shared/data.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureMachine } from './machine.js';
import { cell, describe } from './words.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RACES = fileURLToPath(new URL('races/', import.meta.url));

function corpusFolder(variable, name) {
  const folder = process.env[variable] ?? join(ROOT, '../shared/data', name);
  return existsSync(folder) ? folder : undefined;
}

/**
 * What the best measured matrix product leaves to be gained: the fraction of it that a case's own products
 * reach.
 */
function fractionOfGemm({ gflop, contestants: [ours] = [] }, { gemmGflops }) {
  return gflop === undefined || ours.milliseconds === undefined
    ? undefined
    : gflop / (ours.milliseconds / 1000) / gemmGflops;
}

/** Targets that are a fraction of the machine's peak can be judged only here. */
function judge(target, fraction) {
  if (target.fractionOfGemm === undefined) return target;
  const value = fraction ?? null;
  return { ...target, value, met: value === null ? null : value >= target.fractionOfGemm };
}

function printTable({ columns, rows }) {
  const cells = [columns, ...rows.map((row) => row.map(cell))];
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  for (const [first, ...others] of cells) {
    const padded = others.map((each, column) => each.padStart(widths[column + 1]));
    console.log(`    ${[first.padEnd(widths[0]), ...padded].join('  ')}`);
  }
}

function print({ case: title, text, table, unit = 'ms', contestants = [], targets = [], fraction }) {
  console.log(`\n  ${title}`);
  if (text !== undefined) console.log(`    ${text}`);
  if (table !== undefined) printTable(table);
  const [ours] = contestants;
  for (const { name, version, milliseconds, skip } of contestants) {
    const label = `    ${[name, version].filter(Boolean).join(' ')}`.padEnd(44);
    if (milliseconds === undefined) console.log(`${label} skipped: ${skip}`);
    else {
      const ratio =
        name === ours.name || !ours.milliseconds ? '' : `  ${describe(milliseconds / ours.milliseconds)} ×`;
      console.log(`${label} ${describe(milliseconds).padStart(9)} ${unit}${ratio}`);
    }
  }
  if (fraction !== undefined) console.log(`    ${describe(100 * fraction)} % of the largest product's rate`);
  for (const { text, value, met } of targets) {
    const verdict = met === null ? 'not measured' : met ? 'met' : 'MISSED';
    const measured = value === null || value === undefined ? '' : ` (${describe(value)})`;
    console.log(`    target: ${text}: ${verdict}${measured}`);
  }
}

const json = process.argv.includes('--json');
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const available = readdirSync(RACES).map((file) => file.replace(/\.js$/, ''));
const unknown = wanted.find((name) => !available.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`bench: no benchmark ${unknown}; there are ${available.join(', ')}\n`);
  process.exit(2);
}

const corpus = {
  maestro: corpusFolder('CADENZA_MAESTRO', 'maestro-v2.0.0'),
  pop909: corpusFolder('CADENZA_POP909', 'pop909'),
};
const machine = await measureMachine();
if (!json) console.log(machine);
const results = { machine, races: [] };
for (const name of available.filter((race) => wanted.length === 0 || wanted.includes(race))) {
  const race = await import(new URL(`races/${name}.js`, import.meta.url).href);
  const log = json ? process.stderr.write.bind(process.stderr) : (text) => process.stdout.write(text);
  log(`\n${race.title}\n`);
  let entries = [];
  try {
    entries = await race.run({ corpus, machine });
  } catch (error) {
    log(`failed: ${error.message}\n`); // the others are still worth running
  }
  const cases = entries.map((entry) => {
    const fraction = fractionOfGemm(entry, machine);
    return { ...entry, fraction, targets: (entry.targets ?? []).map((target) => judge(target, fraction)) };
  });
  if (!json) for (const entry of cases) print(entry);
  results.races.push({ name, title: race.title, text: race.text, cases });
}
if (json) process.stdout.write(`${JSON.stringify(results, null, 1)}\n`);
process.exit();
