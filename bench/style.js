/**
 * Whether music in a style sounds like it: a classifier of composers, fitted to excerpts of pieces to learn
 * from and tried on those of validation, tells which style it hears in what a model plays.
 *
 *   npm run build && node bench/style.js [--model maestro] [--strengths 0,1,2] [--each 5] [--seconds 60] [--json FILE]
 *
 * Every style is played on from the same openings, `each` of them: ten seconds of validation pieces of other
 * composers. The first fifteen seconds after are not judged.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { frequentComposers } from '../dist/dataset/styles.js';
import { gridOf, notesOfKeys, readPieces } from '../dist/index.js';
import { createOnnxEngine, loadModel, openCorpus, writeFileAtomic } from '../dist/node/index.js';
import { between } from './excerpt.js';
import { fitClassifier } from './style/classifier.js';
import { featuresOf } from './style/features.js';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'maestro' },
    strengths: { type: 'string', default: '0,1,2' },
    each: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});
const [each, seconds, seed] = [values.each, values.seconds, values.seed].map(Number);
const [OPENING, UNJUDGED] = [10, 15];
/** Fewer notes say too little. */
const FEWEST = 60;
const path =
  process.env.CADENZA_MAESTRO ??
  join(fileURLToPath(new URL('../../shared/data', import.meta.url)), 'maestro-v2.0.0');

const mean = (list) => list.reduce((sum, x) => sum + x, 0) / list.length;

/** The numbers of up to `most` excerpts of a piece, from all over it. */
function excerptsOf(notes, most) {
  const whole = Math.floor(notes.start[notes.length - 1] / seconds);
  const count = Math.min(most, Math.max(1, whole));
  return Array.from({ length: count }, (_, n) => Math.floor((n * whole) / count) * seconds)
    .map((from) => between(notes, from, from + seconds))
    .filter(({ length }) => length >= FEWEST)
    .map((part) => featuresOf(gridOf(part)));
}

const corpus = await openCorpus([path], { reading: 'sounding' });
const pieces = [];
for await (const piece of readPieces(corpus)) pieces.push(piece);
const learned = pieces.filter(({ split }) => split === 'train');
const composers = frequentComposers(
  learned.map(({ composer }) => composer),
  16,
);
const labelOf = ({ composer }) => composers.indexOf(composer);
const examples = (some, most) =>
  some
    .filter((piece) => labelOf(piece) >= 0)
    .flatMap((piece) =>
      excerptsOf(piece.notes, most).map((features) => ({ features, label: labelOf(piece) })),
    );
const train = examples(learned, 6);
const classify = fitClassifier(
  train.map(({ features }) => features),
  train.map(({ label }) => label),
  composers.length,
);
const named = (features) => {
  const odds = classify(features);
  return odds.indexOf(Math.max(...odds));
};
/** Which part of each style's examples is named as it should be, and the mean of that over styles. */
function rightly(list) {
  const parts = composers.map((_, style) => {
    const own = list.filter(({ label }) => label === style);
    return own.length === 0
      ? Number.NaN
      : mean(own.map((example) => Number(named(example.features) === style)));
  });
  return { parts, mean: mean(parts.filter((part) => !Number.isNaN(part))) };
}
const say = (text) => process.stdout.write(`${text}\n`);
const percent = (part) => (Number.isNaN(part) ? '–' : `${Math.round(100 * part)} %`).padStart(7);

const validation = pieces.filter(({ split }) => split === 'validation');
const real = rightly(examples(validation, 6));
say(
  `${train.length} excerpts of ${seconds} s to learn from, ${composers.length} styles; by chance ${percent(1 / composers.length)}`,
);
const columns = [['real, validation', real]];
say(`real, validation: ${percent(real.mean)}`);

const loaded = await loadModel(values.model);
const player = await loaded.kind.player(loaded, await createOnnxEngine({ threads: 1 }));
async function played(style, options) {
  const others = validation.filter((piece) => labelOf(piece) !== style);
  const list = [];
  for (let n = 0; n < each; n++) {
    const { notes } = others[Math.floor(((n + 0.5) * others.length) / each)];
    const keys = [];
    const request = { piece: { notes }, cut: OPENING, seconds: UNJUDGED + seconds, options };
    for await (const { event } of player.play({ ...request, options: { seed: seed + n, ...options } }))
      keys.push(event);
    const all = notesOfKeys(keys, OPENING + UNJUDGED + seconds);
    const judged = between(all, OPENING + UNJUDGED, OPENING + UNJUDGED + seconds);
    if (judged.length >= FEWEST) list.push({ features: featuresOf(gridOf(judged)), label: style });
  }
  return list;
}
for (const strength of values.strengths.split(',').map(Number)) {
  const list = [];
  for (const [style, name] of composers.entries())
    list.push(...(await played(style, { style: name, styleStrength: strength })));
  columns.push([strength === 0 ? 'untold' : `strength ${strength}`, rightly(list)]);
  say(`${columns.at(-1)[0]}: ${percent(columns.at(-1)[1].mean)}`);
}
say(`\n${''.padEnd(26)}${columns.map(([title]) => title.padStart(16)).join('')}`);
for (const [style, name] of composers.entries())
  say(`${name.padEnd(26)}${columns.map(([, { parts }]) => percent(parts[style]).padStart(16)).join('')}`);
say(`${'mean'.padEnd(26)}${columns.map(([, figures]) => percent(figures.mean).padStart(16)).join('')}`);
if (values.json)
  await writeFileAtomic(
    values.json,
    `${JSON.stringify({ composers, ...Object.fromEntries(columns) }, null, 1)}\n`,
  );
process.exit(0);
