/**
 * Writes scores to hold against music21 and MusicXML's schema:
 *
 *   npm run build && node scripts/write-scores.js POP909 scores/ [--songs 50]
 *   pip install music21 lxml xmlschema && python scripts/check-scores.py scores/
 *
 * Of songs of POP909, evenly chosen, and of twenty waltzes, marches and études that are made here by seed, each
 * played a little off its beats: a `.musicxml` and the notes that it writes as `.json`.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  beatsOfFile,
  createNoteTable,
  evenBeats,
  musicXmlOf,
  pianoPieceOf,
  Random,
  readMidi,
  scoreOf,
} from '../dist/index.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { songs: { type: 'string', default: '50' } },
});
const [corpus, out] = positionals;

/** Seconds by which strikes are off, one standard deviation. */
const OFF = 0.012;
const SCALE = [0, 2, 4, 5, 7, 9, 11];
const CHORDS = [0, 3, 4, 0, 5, 1, 4, 0];

/** Notes [beat, beats long, pitch] as somebody plays them. */
function played(rows, tempo, random) {
  const notes = createNoteTable(rows.length);
  const off = () => OFF * (random.next() + random.next() + random.next() - 1.5) * 2;
  const sorted = rows
    .map(([beat, length, pitch]) => {
      const start = Math.max(0, (beat * 60) / tempo + off());
      return { start, end: start + ((length * 60) / tempo) * (0.75 + 0.25 * random.next()), pitch };
    })
    .sort((a, b) => a.start - b.start);
  for (const [n, { start, end, pitch }] of sorted.entries()) {
    notes.start[n] = start;
    notes.end[n] = end;
    notes.pitch[n] = pitch;
    notes.velocity[n] = 60 + Math.floor(40 * random.next());
  }
  return notes;
}

const degree = (step, octave) => 12 * (octave + Math.floor(step / 7)) + SCALE[((step % 7) + 7) % 7];
const triad = (root, octave, up) => [0, 2, 4].map((k) => degree(root + k, octave) + up);

function waltz(random) {
  const up = Math.floor(12 * random.next()) - 6;
  const rows = [];
  for (let bar = 0; bar < 16; bar++) {
    const root = CHORDS[bar % 8];
    rows.push([3 * bar, 1, degree(root, 3) + up]);
    for (const beat of [1, 2])
      for (const pitch of triad(root, 4, up)) rows.push([3 * bar + beat, 0.8, pitch]);
    for (let at = 0; at < 3; ) {
      const length = [0.5, 1, 1.5, 2][Math.floor(4 * random.next())];
      const fits = Math.min(length, 3 - at);
      rows.push([3 * bar + at, fits, degree(root + Math.floor(9 * random.next()), 6) + up]);
      at += fits;
    }
  }
  return { rows, tempo: 90 + Math.floor(80 * random.next()), beats: 3 };
}

function march(random) {
  const up = Math.floor(12 * random.next()) - 6;
  const rows = [];
  for (let bar = 0; bar < 16; bar++) {
    const root = CHORDS[bar % 8];
    for (const beat of [0, 2]) rows.push([4 * bar + beat, 0.9, degree(root + (beat ? 4 : 0), 3) + up]);
    for (const beat of [1, 3])
      for (const pitch of triad(root, 4, up)) rows.push([4 * bar + beat, 0.5, pitch]);
    for (let beat = 0; beat < 4; beat++) {
      const figure = [
        [0, 0.75],
        [0.75, 0.25],
      ];
      const own = random.next() < 0.6 ? figure : [[0, 1]];
      for (const [at, length] of own)
        rows.push([4 * bar + beat + at, length, degree(root + Math.floor(7 * random.next()), 6) + up]);
    }
  }
  return { rows, tempo: 96 + Math.floor(30 * random.next()), beats: 4 };
}

function etude(random, kind) {
  const up = Math.floor(12 * random.next()) - 6;
  const rows = [];
  const [beats, parts] = [
    [4, 4],
    [4, 3],
    [3, 2],
    [2, 4],
  ][kind % 4];
  for (let bar = 0; bar < 16; bar++) {
    const root = CHORDS[bar % 8];
    rows.push([beats * bar, beats, degree(root, 3) + up]);
    for (let i = 0; i < beats * parts; i++) {
      const step = root + [0, 2, 4, 7, 9, 7, 4, 2][i % 8];
      rows.push([beats * bar + i / parts, 1 / parts, degree(step, 5) + up]);
    }
  }
  return {
    rows,
    tempo: 60 + Math.floor(40 * random.next()),
    beats,
    metre: kind % 4 === 2 ? '6/8' : undefined,
  };
}

function write(name, score) {
  const { notes, bars, fifths } = score;
  writeFileSync(join(out, `${name}.musicxml`), musicXmlOf(score, { title: name }));
  writeFileSync(join(out, `${name}.json`), JSON.stringify({ fifths, bars, notes }));
}

mkdirSync(out, { recursive: true });
const files = readdirSync(corpus)
  .filter((name) => name.endsWith('.mid'))
  .sort();
const every = Math.max(1, Math.floor(files.length / Number(values.songs)));
let written = 0;
for (let i = 0; i < files.length && written < Number(values.songs); i += every) {
  const midi = readMidi(readFileSync(join(corpus, files[i])), files[i]);
  const beats = beatsOfFile(midi);
  if (beats === undefined) {
    i -= every - 1; // the next file instead
    continue;
  }
  write(`song ${files[i].replace('.mid', '')}`, scoreOf(pianoPieceOf(midi).notes, beats));
  written++;
}
for (let seed = 0; seed < 20; seed++) {
  const random = new Random(seed).fork('score');
  const [name, piece] =
    seed < 7
      ? ['waltz', waltz(random)]
      : seed < 13
        ? ['march', march(random)]
        : ['etude', etude(random, seed)];
  const metre = piece.metre === '6/8' ? { numerator: 6, denominator: 8 } : undefined;
  const notes = played(piece.rows, piece.tempo, random);
  write(
    `${name} ${seed + 1}`,
    scoreOf(notes, evenBeats(0, piece.tempo, piece.beats), { ...(metre && { metre }) }),
  );
}
process.stdout.write(`${written + 20} scores\n`);
