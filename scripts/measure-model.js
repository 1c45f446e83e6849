/**
 * Measures a shipped model by everything that the docs say of one, each after the other, while nothing else runs:
 *
 *   npm run build && node scripts/measure-model.js OUT [--model maestro] [--only words,words] [--python python3]
 *
 * What each measurement says lies in OUT/NAME.txt. One that is there is not taken again: an interrupted run goes on
 * where it was. The corpora are those of `CADENZA_MAESTRO` and `CADENZA_POP909`, else of `../shared/data`. The last of
 * `maestro` needs what scripts/listening/requirements.txt names.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', default: 'maestro' },
    only: { type: 'string', default: '' },
    python: { type: 'string', default: 'python3' },
  },
});
const [out] = positionals;
if (out === undefined) {
  process.stderr.write('usage: node scripts/measure-model.js OUT [--model NAME] [--only words,words]\n');
  process.exit(2);
}
const root = fileURLToPath(new URL('..', import.meta.url));
const { model, python } = values;
const maestro = process.env.CADENZA_MAESTRO ?? join(root, '../shared/data/maestro-v2.0.0');
const pop909 = process.env.CADENZA_POP909 ?? join(root, '../shared/data/pop909');
const [node, cadenza] = [process.execPath, join(root, 'bin/cadenza.js')];
const bench = (name, ...options) => [node, join(root, 'bench', name), '--model', model, ...options];
const listening = (name, ...options) => [node, join(root, 'scripts/listening', name), ...options];

const endings = [1, 2, 3, 4, 5].map((seed) => [
  `ending, seed ${seed}`,
  bench(
    'continuations.js',
    '--temperatures',
    '1',
    '--seconds',
    '40',
    '--seed',
    seed,
    '--wishes',
    '{"isEnding":true}',
  ),
]);
const cut = [1, 2].map((seed) => [
  `not ending, seed ${seed}`,
  bench('continuations.js', '--temperatures', '1', '--seconds', '40', '--seed', seed),
]);
const played = [
  ['continuations', bench('continuations.js')],
  ...endings,
  ...cut,
  ['fills, 8 particles', bench('fills.js', '--particles', '8')],
  ['fills, 32 particles', bench('fills.js', '--particles', '32')],
  ['fills, 128 particles', bench('fills.js', '--particles', '128')],
  ['harmony', bench('harmony.js')],
];
const primers = [1, 2, 3].flatMap((seed) => {
  const folder = join(out, `primers-${seed}`);
  return [
    [`primers, seed ${seed}`, bench('twenty-primers.js', folder, '--seed', seed)],
    [
      `metrics, seed ${seed}`,
      [node, cadenza, 'metrics', folder, '--reference', maestro, '--reference-split', 'validation'].concat([
        '--train',
        maestro,
        '--train-split',
        'train',
        '--ceiling',
        '--model',
        model,
      ]),
    ],
  ];
});
const features = join(out, 'features.csv');
const measurements = {
  maestro: [
    ['bits', [node, cadenza, 'evaluate', model, maestro, '--split', 'validation', '--json']],
    ...played,
    ['style', bench('style.js', '--strengths', '0,1,2')],
    ...primers,
    ['excerpts', listening('features.js', maestro, features, '--model', model)],
    ['told apart', [python, join(root, 'scripts/listening/tell-apart.py'), features]],
  ],
  pop909: [
    ['bits', [node, cadenza, 'evaluate', model, pop909, '--held-out', '--seed', '1', '--json']],
    ...played,
    ['accompaniments', bench('accompaniments.js')],
  ],
}[model];
if (measurements === undefined) {
  process.stderr.write(`${model} is not measured: --model is maestro or pop909\n`);
  process.exit(2);
}

mkdirSync(out, { recursive: true });
const words = values.only.split(',');
let failed = 0;
for (const [name, [command, ...options]] of measurements) {
  const file = join(out, `${name.replaceAll(', ', '-').replaceAll(' ', '-')}.txt`);
  if (existsSync(file) || !words.some((word) => name.includes(word))) continue;
  process.stderr.write(`${new Date().toTimeString().slice(0, 8)} ${name}\n`);
  const handle = openSync(`${file}.part`, 'w');
  const environment = { ...process.env, CADENZA_MAESTRO: maestro, CADENZA_POP909: pop909 };
  const { status, signal } = spawnSync(command, options.map(String), {
    stdio: ['ignore', handle, 'inherit'],
    env: environment,
  });
  closeSync(handle);
  if (signal === 'SIGINT') process.exit(130);
  if (status === 0) renameSync(`${file}.part`, file);
  else {
    failed++;
    process.stderr.write(`${name} came to nothing\n`);
  }
}
process.exit(failed > 0 ? 1 : 0);
