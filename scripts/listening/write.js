/**
 * Makes a listening test: pairs of twenty seconds, one of a held-out piece, the other one played on by a model from the half
 * minute before, both with the same piano; unmarked, in an order by seed, with a sheet that counts guesses.
 *
 *   npm run build && node scripts/listening/write.js ../shared/data/maestro-v2.0.0 [--model maestro] [--pairs 10] [--seed 1]
 *     [--out docs/listening]
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { createMp3Encoder } from 'wasm-media-encoders';
import { Random, renderNotes } from '../../dist/index.js';
import { loadSoundFont } from '../../dist/node/index.js';
import { BETWEEN, excerptOf, heldOutPieces, playedInPlace, SECONDS } from './excerpts.js';

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
const soundFont = await loadSoundFont();
mkdirSync(values.out, { recursive: true });

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
const pairs = [];
for (const { name, notes } of await heldOutPieces(positionals[0], random)) {
  if (pairs.length === Number(values.pairs)) break;
  const title = titles.get(name) ?? name;
  if (pairs.some((pair) => pair.name === title)) continue;
  const real = excerptOf(notes);
  const made = real && (await playedInPlace(notes, values.model, seed + pairs.length));
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
