/**
 * How well beats and bars are found in POP909, of which there is no table: whether either half of a song alone
 * gives the same as the whole.
 *
 *   npm run build && node scripts/measure-beats.js
 *
 * Of every third song: whether beats agree, and in how many songs the place in the bar does, in the middle of
 * either half. Then which songs of all have no beats, and how many onsets lie on which tick of the beat.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beatAt, readPieces } from '../dist/index.js';
import { openCorpus } from '../dist/node/index.js';
import { findBars } from '../dist/notes/find-bars.js';

const data = fileURLToPath(new URL('../../shared/data', import.meta.url));
const path = process.env.CADENZA_POP909 ?? join(data, 'pop909');
const corpus = await openCorpus([path], { reading: 'timed', cache: false });

/** The notes that begin from one sixteenth up to another, as the bars are found in. */
function counted({ notes, onset, offset }, from, to) {
  const kept = Array.from(onset.keys()).filter((n) => onset[n] >= from && onset[n] < to);
  const take = (column) => column.constructor.from(kept, (n) => column[n]);
  return { length: kept.length, pitch: take(notes.pitch), onset: take(onset), offset: take(offset) };
}

const placeAt = ({ phase, place }, sixteenth) => place[Math.floor((sixteenth - phase) / 4)];

let [songs, without, tried, beats, bars, n] = [0, 0, 0, 0, 0, 0];
const ticks = new Float64Array(24);
for await (const { notes } of readPieces(corpus)) {
  songs++;
  const isTried = n++ % 3 === 0;
  if (notes.beats === undefined) {
    without++;
    continue;
  }
  const count = (time) => 4 * (beatAt(notes.beats, time) + 1);
  const [onset, offset] = [notes.start.map(count), notes.end.map(count)];
  for (const at of onset) ticks[((Math.round(at * 6) % 24) + 24) % 24]++;
  if (!isTried) continue;
  tried++;
  const song = { notes, onset, offset };
  const end = onset[onset.length - 1];
  const [whole, first, second] = [
    [0, Number.POSITIVE_INFINITY],
    [0, end / 2],
    [end / 2, Number.POSITIVE_INFINITY],
  ].map(([from, to]) => findBars(counted(song, from, to)));
  if (first.phase !== whole.phase || second.phase !== whole.phase) continue;
  beats++;
  const agrees = (half, at) => placeAt(half, at) === placeAt(whole, at);
  bars += Number(agrees(first, end / 4) && agrees(second, (3 * end) / 4));
}
const total = ticks.reduce((sum, x) => sum + x, 0);
process.stdout.write(`songs ${songs}, without beats ${without}\n`);
process.stdout.write(`of ${tried}: beats agree in ${beats}, bars in ${bars}\n`);
process.stdout.write(
  `onsets by tick of the beat, %: ${Array.from(ticks, (x) => ((100 * x) / total).toFixed(1)).join(' ')}\n`,
);
process.exit(0);
