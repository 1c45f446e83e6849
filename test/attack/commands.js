/** The command line that is attacked, and small things to give it. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { builtInOpening, midiFromNotes } from '../../dist/index.js';

export const PROGRAM = fileURLToPath(new URL('../../bin/cadenza.js', import.meta.url));
/** A MIDI file. */
export const PIECE = midiFromNotes(builtInOpening());

/** The same with other velocities, so that it is another file. */
export function louderPiece(by) {
  const notes = builtInOpening();
  return midiFromNotes({ ...notes, velocity: notes.velocity.map((v) => 1 + ((v + by) % 127)) });
}

/** Options of a model that trains in a moment. */
export const TINY = '--preset performance --layers 1 --hidden-size 8 --batch-size 1 --threads 1'.split(' ');

/** What tells files apart; undefined where there is none. */
export const digest = (path) =>
  existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : undefined;
