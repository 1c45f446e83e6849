/** Twenty seconds of held-out pieces, and what a model plays in their place. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { midiFromNotes, readPieces, selectNotes } from '../../dist/index.js';
import { openCorpus, readSoundingNotes } from '../../dist/node/index.js';

/** Seconds that the model hears; then the music of either goes on for a while, so that it has come into its own. */
export const HEARD = 30;
export const BETWEEN = 15;
export const SECONDS = 20;
/** The least notes of an excerpt: silence tells nothing. */
const FEWEST = 20;

const program = fileURLToPath(new URL('../../bin/cadenza.js', import.meta.url));

/** @returns pieces in an order by chance: `{ name, notes }` */
export async function heldOutPieces(path, random) {
  const corpus = await openCorpus([path], { split: 'validation', reading: 'sounding' });
  const pieces = [];
  for await (const { name, notes } of readPieces(corpus)) pieces.push({ name, notes });
  return random.shuffle(pieces);
}

/** The notes from a second on, as a piece that begins there. */
export function from(notes, second) {
  const first = notes.start[0] + second;
  return selectNotes(
    notes,
    [...notes.start.keys()].filter((n) => notes.start[n] >= first),
  );
}

/** Of a piece what is struck in the excerpt, cut off at its end; undefined where that is nearly nothing. */
export function excerptOf(notes) {
  const begin = notes.start[0] + HEARD + BETWEEN;
  const end = begin + SECONDS;
  const excerpt = selectNotes(
    notes,
    [...notes.start.keys()].filter((n) => notes.start[n] >= begin && notes.start[n] < end),
  );
  for (let n = 0; n < excerpt.length; n++) {
    excerpt.start[n] -= begin;
    excerpt.end[n] = Math.min(SECONDS, excerpt.end[n] - begin);
  }
  return excerpt.length < FEWEST ? undefined : excerpt;
}

/** What a model plays in the place of a piece's excerpt. */
export async function playedInPlace(notes, model, seed) {
  const folder = mkdtempSync(join(tmpdir(), 'cadenza-listening-'));
  try {
    const [primer, output] = ['primer.mid', 'played.mid'].map((name) => join(folder, name));
    writeFileSync(primer, midiFromNotes(notes));
    execFileSync(process.execPath, [
      ...[program, 'generate', '--model', model, '--primer', primer, '--with-primer', '--quiet'],
      ...['--primer-end', `${notes.start[0] + HEARD}`, '--seconds', `${BETWEEN + SECONDS + 1}`],
      ...['--seed', `${seed}`, '-o', output],
    ]);
    return excerptOf((await readSoundingNotes(output)).notes);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
