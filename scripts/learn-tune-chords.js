/**
 * Counts which chords songs have under which notes of their tunes, and which chords follow which:
 *
 *   npm run build && node scripts/learn-tune-chords.js [POP909] > src/playing/tune-chord-table.ts
 *
 * Of the songs of POP909 from which `pop909` learned. A bar's chord is the major or minor triad of which most
 * of its accompaniment is made.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beatsOfFile, listen, readMidi, readPieces, secondsAtBeat, splitPieces } from '../dist/index.js';
import { openCorpus } from '../dist/node/index.js';
import { barsOf } from '../dist/notes/beats.js';
import { TRIADS } from '../dist/playing/tune-chords.js';

const path = process.argv[2] ?? join(fileURLToPath(new URL('../../shared/data', import.meta.url)), 'pop909');
const MAJOR = [0, 2, 4, 5, 7, 9, 11];
/** Less of a bar than this is as good as silent. */
const SILENT = 0.1;
/** How much more it counts that a chord's root sounds. */
const ROOT = 0.3;
/** What nobody played may be played all the same. */
const NEVER = 0.5;

/** How long each pitch class sounds in each bar, in bars. */
function classesByBar(notes, isIn, bars) {
  return bars.map(([from, to]) => {
    const classes = new Float64Array(12);
    for (let n = 0; n < notes.length; n++) {
      const sounds = Math.min(notes.end[n], to) - Math.max(notes.start[n], from);
      if (isIn(n) && sounds > 0) classes[notes.pitch[n] % 12] += sounds / (to - from);
    }
    return classes;
  });
}

function chordOf(classes) {
  if (classes.reduce((sum, each) => sum + each, 0) < SILENT) return undefined;
  let best = { fit: Number.NEGATIVE_INFINITY };
  for (const [quality, intervals] of TRIADS.entries()) {
    for (let root = 0; root < 12; root++) {
      const tones = intervals.reduce((sum, interval) => sum + classes[(root + interval) % 12], 0);
      const fit = tones + ROOT * classes[root];
      if (fit > best.fit) best = { fit, quality, root };
    }
  }
  return best;
}

/** The major key, or the parallel of the minor one, with most of what sounds. */
function keyOf(bars) {
  const total = bars.reduce((sum, classes) => sum.map((each, c) => each + classes[c]), new Float64Array(12));
  const fits = total.map((_, key) => MAJOR.reduce((sum, step) => sum + total[(key + step) % 12], 0));
  return fits.indexOf(Math.max(...fits));
}

const table = (size, rows) => Array.from({ length: rows }, () => new Float64Array(size).fill(NEVER));
const [tones, follows, [degrees]] = [table(12, 2), table(24, 2), table(24, 1)];
const corpus = await openCorpus([path], { reading: 'beats' });
const pieces = [];
for await (const { name, notes } of readPieces(corpus)) pieces.push({ name, notes });
for (const { name } of splitPieces(pieces, { seed: 1 }).train) {
  const midi = readMidi(readFileSync(join(path, name)), name);
  const beats = beatsOfFile(midi);
  const track = midi.tracks.findIndex(({ name }) => name === 'MELODY');
  if (beats === undefined || track < 0) continue;
  const { notes } = listen(midi);
  const { line } = barsOf(beats);
  const bars = Array.from(line.slice(1), (beat, bar) => [
    secondsAtBeat(beats, line[bar]),
    secondsAtBeat(beats, beat),
  ]);
  const tune = classesByBar(notes, (n) => notes.track[n] === track, bars);
  const others = classesByBar(notes, (n) => notes.track[n] !== track, bars);
  const key = keyOf([...tune, ...others]);
  let last;
  for (const [bar, classes] of others.entries()) {
    const chord = chordOf(classes);
    if (chord !== undefined) {
      const { quality, root } = chord;
      degrees[12 * quality + ((root - key + 12) % 12)]++;
      for (let c = 0; c < 12; c++) tones[quality][(c - root + 12) % 12] += tune[bar][c];
      if (last) follows[last.quality][12 * quality + ((root - last.root + 12) % 12)]++;
    }
    last = chord;
  }
}

const parts = (counts) => {
  const sum = counts.reduce((total, each) => total + each, 0);
  return [...counts].map((count) => Number((count / sum).toFixed(5)));
};
const write = (name, about, rows) => `/** ${about} */\nexport const ${name} = ${JSON.stringify(rows)};\n`;
process.stdout.write(
  [
    '/** Made by scripts/learn-tune-chords.js from songs of POP909; 0 is a major triad, 1 a minor one. */\n',
    write(
      'TONES',
      'Of a triad, how much of a tune over it lies so many semitones above its root.',
      tones.map(parts),
    ),
    write(
      'FOLLOWS',
      'Of a triad, which one is in the next bar: major ones so many semitones above it, then minor ones.',
      follows.map(parts),
    ),
    write(
      'DEGREES',
      'How often triads are played so many semitones above the tonic of the major key: major, then minor ones.',
      parts(degrees),
    ),
  ].join('\n'),
);
