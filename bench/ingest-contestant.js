/** What the contestants of the ingest race in JavaScript share: files in, notes out. */
import { readFileSync } from 'node:fs';
import { compete } from './contestant.js';

const paths = process.argv.slice(2);

/**
 * The unit of work reads all files named on the command line from disk, and makes notes of each.
 *
 * @param read bytes to notes with seconds, in whatever form the library keeps them
 * @param readAll instead of `read`: gives what all files hold, in any order, an async iterable perhaps
 * @param count notes of what `read` gave
 * @param each calls its second argument with pitch, velocity, start and end of every note: checked once, not
 *   timed
 */
export async function ingest({ version, read, readAll = () => oneByOne(read), count, each, ...more }) {
  const sums = { notes: 0, pitch: 0, velocity: 0, start: 0, end: 0 };
  for await (const notes of readAll(paths)) {
    each(notes, (pitch, velocity, start, end) => {
      sums.notes++;
      sums.pitch += pitch;
      sums.velocity += velocity;
      sums.start += start;
      sums.end += end;
    });
  }
  await compete({ version, sums, ...more }, async () => {
    let notes = 0;
    for await (const ofFile of readAll(paths)) notes += count(ofFile);
    return { notes };
  });
}

function* oneByOne(read) {
  for (const path of paths) yield read(readFileSync(path));
}
