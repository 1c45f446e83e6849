/**
 * Turns results into docs/performance.md and its plots.
 *
 *   npm run --silent bench -- --json > bench/results.json && node bench/report.js
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { plot } from './plot.js';
import { cell, describe } from './words.js';

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const { machine, races } = JSON.parse(readFileSync(file('results.json'), 'utf8'));
const analysis = readFileSync(file('analysis.md'), 'utf8');

const number = (value) => (value === null || value === undefined ? '–' : describe(value));

function contestantsTable({ contestants, unit = 'ms', fraction }) {
  const [ours] = contestants;
  const rows = contestants.map((contestant) => {
    const { name, version = '', milliseconds, skip } = contestant;
    if (milliseconds === undefined) return `| ${name} ${version} | skipped: ${skip ?? 'no figure'} | |`;
    const ratio = contestant === ours ? '' : `${number(milliseconds / ours.milliseconds)} ×`;
    return `| ${name} ${version} | ${number(milliseconds)} | ${ratio} |`;
  });
  const share =
    fraction === undefined
      ? ''
      : `\nCadenza's matrix products run at ${number(100 * fraction)} % of the largest product's rate.\n`;
  return `| | ${unit}, median | times Cadenza's |\n|---|---|---|\n${rows.join('\n')}\n${share}`;
}

/** Rows of words, whole numbers and measured ones. */
function freeTable({ columns, rows }) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rule = `|${columns.map((_, i) => (i === 0 ? '---|' : '--:|')).join('')}`;
  return `${[line(columns), rule, ...rows.map((row) => line(row.map(cell)))].join('\n')}\n`;
}

function pointsTable({ x = '', points }) {
  const columns = ['milliseconds', 'peakMegabytes'].filter((key) => points[0][key] !== undefined);
  const titles = { milliseconds: 'ms', peakMegabytes: 'peak memory, MB' };
  const rows = points.map(
    (point) => `| ${point.x} | ${columns.map((key) => number(point[key])).join(' | ')} |`,
  );
  const head = `| ${x} | ${columns.map((key) => titles[key]).join(' | ')} |`;
  return `${head}\n|${'---|'.repeat(columns.length + 1)}\n${rows.join('\n')}\n`;
}

function tableOf(entry) {
  if (entry.table) return freeTable(entry.table);
  return entry.points ? pointsTable(entry) : contestantsTable(entry);
}

function plotsOf({ case: title, x, points }) {
  if (typeof points[0].x !== 'number') return '';
  return ['milliseconds', 'peakMegabytes']
    .filter((key) => points[0][key] !== undefined)
    .map((key) => {
      const y = key === 'milliseconds' ? 'milliseconds' : 'peak memory, MB';
      const name = `performance-${title} ${key}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
      const curves = [{ name: y, points: points.map((point) => [point.x, point[key]]) }];
      writeFileSync(file(`../docs/${name}.svg`), plot({ title, x, y, curves }));
      return `![${title}: ${y}](${name}.svg)\n`;
    })
    .join('');
}

const targets = races.flatMap(({ cases }) => cases.flatMap((entry) => entry.targets ?? []));
const verdict = ({ met }) => (met === null ? 'not measured' : met ? 'met' : '**missed**');
const lines = [
  '# Performance\n',
  'This page is generated: `npm run --silent bench -- --json > bench/results.json && node bench/report.js`. Contestants',
  'take turns in one run on one machine; figures are medians, and what counts are the ratios.\n',
  `Machine: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGigabytes} GB, Node ${machine.node}. Its peak:`,
  `${number(machine.fmaGflopsOneCore)} GFLOP/s of fused multiply-adds on one core, ${number(machine.gemmGflops)} GFLOP/s in the fastest of several large matrix products of ONNX Runtime on all.\n`,
  '## Targets\n',
  '| target | measured | |\n|---|---|---|',
  ...targets.map((target) => `| ${target.text} | ${number(target.value)} | ${verdict(target)} |`),
  '',
  analysis.trim(),
  '',
  ...races.flatMap(({ title, text, cases }) => [
    `## ${title}\n`,
    ...(text === undefined ? [] : [`${text}\n`]),
    ...cases.flatMap((entry) => [
      `### ${entry.case}\n`,
      ...(entry.text === undefined ? [] : [`${entry.text}\n`]),
      tableOf(entry),
      entry.points ? plotsOf(entry) : '',
    ]),
  ]),
];
writeFileSync(
  file('../docs/performance.md'),
  `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`,
);
