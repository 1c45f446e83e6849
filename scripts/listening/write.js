/**
 * Makes a listening test: pairs of twenty seconds, one of a held-out piece, the other one played on by a model from the half
 * minute before, both with the same piano; unmarked, in an order by seed, with a sheet that counts guesses.
 *
 *   npm run build && node scripts/listening/write.js ../shared/data/maestro-v2.0.0 [--model maestro] [--pairs 10] [--seed 1]
 *     [--out docs/listening]
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { createMp3Encoder } from 'wasm-media-encoders';
import { midiFromNotes, Random, readPieces, renderNotes, selectNotes } from '../../dist/index.js';
import { loadSoundFont, openCorpus, readSoundingNotes } from '../../dist/node/index.js';

/** Seconds that the model hears; then the music of either goes on for a while unheard, so that it has come into its own. */
const HEARD = 30;
const BETWEEN = 15;
const SECONDS = 20;
/** The least notes of an excerpt: silence tells nothing. */
const FEWEST = 20;

const program = fileURLToPath(new URL('../../bin/cadenza.js', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', default: 'maestro' },
    pairs: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'docs/listening' },
  },
});
const seed = Number(values.seed);
const random = new Random(seed);
const folder = mkdtempSync(join(tmpdir(), 'cadenza-listening-'));
const soundFont = await loadSoundFont();
mkdirSync(values.out, { recursive: true });

/** Of a piece what is struck in the excerpt, cut off at its end; undefined where that is nearly nothing. */
function excerptOf(notes) {
  const from = notes.start[0] + HEARD + BETWEEN;
  const to = from + SECONDS;
  const excerpt = selectNotes(
    notes,
    [...notes.start.keys()].filter((n) => notes.start[n] >= from && notes.start[n] < to),
  );
  for (let n = 0; n < excerpt.length; n++) {
    excerpt.start[n] -= from;
    excerpt.end[n] = Math.min(SECONDS, excerpt.end[n] - from);
  }
  return excerpt.length < FEWEST ? undefined : excerpt;
}

/** What the model plays in the place of a piece's excerpt. */
async function playedOn(notes, n) {
  const [primer, output] = ['primer.mid', 'played.mid'].map((name) => join(folder, name));
  writeFileSync(primer, midiFromNotes(notes));
  execFileSync(process.execPath, [
    ...[
      program,
      'generate',
      '--model',
      values.model,
      '--primer',
      primer,
      '--with-primer',
      '--quiet',
      '--force',
    ],
    ...['--primer-end', `${notes.start[0] + HEARD}`, '--seconds', `${BETWEEN + SECONDS + 1}`],
    ...['--seed', `${seed + n}`, '-o', output],
  ]);
  return excerptOf((await readSoundingNotes(output)).notes);
}

/** As MP3, small enough to lie in a repository: one channel, 64 kbit/s. */
async function mp3Of(notes) {
  const rendering = renderNotes(notes, soundFont, { sampleRateHz: 32_000 });
  const encoder = await createMp3Encoder();
  encoder.configure({ channels: 1, sampleRate: rendering.sampleRateHz, bitrate: 64 });
  const parts = [];
  for (const { left, right } of rendering.blocks())
    parts.push(Uint8Array.from(encoder.encode([left.map((sample, i) => (sample + right[i]) / 2)])));
  return Buffer.concat([...parts, encoder.finalize()]);
}

/** What the pieces are called, by file, where a table beside them says it. */
function titlesIn(path) {
  const table = readdirSync(path).find((name) => name.endsWith('.csv'));
  const rows = table ? parse(readFileSync(join(path, table)), { columns: true, bom: true }) : [];
  return new Map(rows.map((row) => [row.midi_filename, `${row.canonical_composer}: ${row.canonical_title}`]));
}

const titles = titlesIn(positionals[0]);
const corpus = await openCorpus(positionals, { split: 'validation', reading: 'sounding' });
const pieces = [];
for await (const { name, notes } of readPieces(corpus)) pieces.push({ name, notes });
for (let n = pieces.length - 1; n > 0; n--) {
  const other = random.below(n + 1);
  [pieces[n], pieces[other]] = [pieces[other], pieces[n]];
}

const pairs = [];
for (const { name, notes } of pieces) {
  if (pairs.length === Number(values.pairs)) break;
  const title = titles.get(name) ?? name;
  if (pairs.some((pair) => pair.name === title)) continue;
  const real = excerptOf(notes);
  const made = real && (await playedOn(notes, pairs.length));
  if (made === undefined) continue;
  const isRealFirst = random.below(2) === 0;
  for (const [letter, excerpt] of [
    ['a', isRealFirst ? real : made],
    ['b', isRealFirst ? made : real],
  ])
    writeFileSync(join(values.out, `${pairs.length + 1}-${letter}.mp3`), await mp3Of(excerpt));
  pairs.push({ name: title, real: isRealFirst ? 'a' : 'b' });
  process.stderr.write(`${pairs.length}: ${title}\n`);
}
rmSync(folder, { recursive: true });

// Nobody reads the answers by chance.
const answers = Buffer.from(JSON.stringify(pairs)).toString('base64');
const page = readFileSync(new URL('page.html', import.meta.url), 'utf8');
writeFileSync(
  join(values.out, 'index.html'),
  page
    .replaceAll('{{answers}}', answers)
    .replaceAll('{{model}}', values.model)
    .replaceAll('{{seconds}}', `${SECONDS}`)
    .replaceAll('{{between}}', `${BETWEEN}`),
);
process.exit(0);
