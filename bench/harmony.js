/**
 * How well given chords are played, and what becomes of pulse and repeats:
 *
 *   npm run build && node bench/harmony.js [--model pop909] [--seeds 10]
 *
 * Eight progressions of eight bars after the built-in opening, each with so many seeds. The share of sounding
 * time on strong beats (the first eighth of each half bar) that is made of tones of the chord; the same of
 * strikes; six keys in a row that were there before; pulse; strikes a second. Then the same of what is played
 * without chords.
 */
import { parseArgs } from 'node:util';
import { pulseOf } from '../dist/evaluation/metrics/pulse.js';
import { repeatedShare } from '../dist/evaluation/metrics/repetition.js';
import { builtInOpening, chordSpans, chordsNamed, gridOf, notesOfKeys } from '../dist/index.js';
import { createOnnxEngine, loadModel } from '../dist/node/index.js';
import { beatsOf } from '../dist/notes/metrical-grid.js';
import { shiftNotes } from '../dist/notes/transform.js';
import { OPENING_TIME } from '../dist/playing/opening.js';

const { values } = parseArgs({
  options: { model: { type: 'string', default: 'pop909' }, seeds: { type: 'string', default: '10' } },
});
const PROGRESSIONS = [
  'C Am F G',
  'Am F C G',
  'Dm7 G7 Cmaj7 Cmaj7',
  'C G/B Am Em F C/E Dm G',
  'Em C G D',
  'Eb Cm Ab Bb',
  'F#m D A E',
  'Am7 D9 Gmaj7 Cmaj7',
];
const BARS = 8;
const { barSeconds } = OPENING_TIME;
const { kind, ...loaded } = await loadModel(values.model);
const player = await kind.player(loaded, await createOnnxEngine({ threads: 1 }));
const notes = builtInOpening();
const heard = { ...notes, beats: beatsOf(notes) };
const cut = Math.max(...notes.end);
const seconds = BARS * barSeconds;

async function play(chords, seed) {
  const spans = chords && chordSpans(chords, (bar) => cut + bar * barSeconds, cut + seconds);
  const keys = [];
  const options = { seed, ...(spans && { chords: spans }) };
  const request = { piece: { notes: heard }, heard, cut, seconds, isCutOff: true, options };
  for await (const { event } of player.play(request))
    keys.push({ ...event, time: Math.max(cut, event.time) });
  return shiftNotes(notesOfKeys(keys, cut + seconds), -cut);
}

function figuresOf(played, chords) {
  let [sounding, good, strikes] = [0, 0, 0];
  const isOf = (time, pitch) => {
    const chord = chords[Math.floor(time / barSeconds + 1e-3) % chords.length];
    return Number(chord.pitchClasses.includes(pitch % 12));
  };
  for (let n = 0; n < played.length; n++) {
    strikes += isOf(played.start[n], played.pitch[n]);
    for (let half = 0; half < 2 * BARS; half++) {
      const from = (half * barSeconds) / 2;
      const to = Math.min(played.end[n], from + barSeconds / 8);
      const time = Math.max(0, to - Math.max(played.start[n], from));
      sounding += time;
      good += time * isOf(from, played.pitch[n]);
    }
  }
  const grid = gridOf(played);
  return [
    good / sounding,
    strikes / played.length,
    repeatedShare(grid.key) ?? 0,
    pulseOf(grid)?.clarity ?? 0,
    played.length / seconds,
  ];
}

const rows = { 'with chords': [], without: [] };
for (const text of PROGRESSIONS) {
  const chords = chordsNamed(text);
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    rows['with chords'].push(figuresOf(await play(chords, seed), chords));
    rows.without.push(figuresOf(await play(undefined, seed), chords));
  }
}
await player.release();
const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
process.stdout.write('tones of the chord on strong beats, of strikes; repeated, pulse, strikes a second\n');
for (const [what, list] of Object.entries(rows))
  process.stdout.write(
    `${what}: ${[0, 1, 2, 3, 4].map((k) => mean(list.map((row) => row[k])).toFixed(3)).join(', ')}\n`,
  );
