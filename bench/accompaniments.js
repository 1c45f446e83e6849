/**
 * How well held-out songs are accompanied whose tune alone is given:
 *
 *   npm run build && node bench/accompaniments.js [--model pop909] [--count 40] [--seconds 30] [--particles 32] \
 *       [--out FOLDER]
 *
 * Of POP909 what is held out by seed 1, from the first note of the tune on. Of the real accompaniment, of one
 * that is played to the tune, of what the model plays on from the tune by itself, and of the real one with
 * its bars shuffled, each laid under the tune: the share of strikes that are consonant with what sounds of
 * the tune, how much its pitch classes agree with the real one's, beat by beat (1 is the same), how clear its
 * pulse is, and strikes a second.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pulseOf } from '../dist/evaluation/metrics/pulse.js';
import {
  ACCOMPANYING_WISHES,
  beatsOfFile,
  chordsOfTune,
  chordsOver,
  filledFile,
  freeSideOf,
  gridOf,
  listen,
  notesOfKeys,
  Random,
  readMidi,
  readPieces,
  secondsAtBeat,
  selectNotes,
  splitPieces,
} from '../dist/index.js';
import { createOnnxEngine, loadModel, openCorpus, writeFileAtomic } from '../dist/node/index.js';
import { barsOf } from '../dist/notes/beats.js';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'pop909' },
    count: { type: 'string', default: '40' },
    seconds: { type: 'string', default: '30' },
    particles: { type: 'string', default: '32' },
    wishes: { type: 'string', default: '{}' },
    out: { type: 'string' },
  },
});
const path =
  process.env.CADENZA_POP909 ?? join(fileURLToPath(new URL('../../shared/data', import.meta.url)), 'pop909');
const [count, seconds, particles] = [values.count, values.seconds, values.particles].map(Number);
const CONSONANT = [0, 3, 4, 5, 7, 8, 9];

const corpus = await openCorpus([path], { reading: 'beats' });
const all = [];
for await (const piece of readPieces(corpus)) all.push(piece);
const { validation } = splitPieces(all, { seed: 1 });
const loaded = await loadModel(values.model);
const player = await loaded.kind.player(loaded, await createOnnxEngine());

const between = (notes, from, to) =>
  selectNotes(
    notes,
    Array.from(notes.start.keys()).filter((n) => notes.start[n] >= from && notes.start[n] < to),
  );

/** The same bars in another order. */
function shuffled(notes, beats, from, to, random) {
  const { line } = barsOf(beats);
  const bars = Array.from(line.slice(0, -1), (beat, i) => [
    secondsAtBeat(beats, beat),
    secondsAtBeat(beats, line[i + 1]),
  ]);
  const inside = bars.filter(([start, end]) => start >= from - 0.01 && end <= to + 0.01);
  const order = random.shuffle(inside.map((_, i) => i));
  const rows = [];
  for (const [i, [start]] of inside.entries()) {
    const [a, b] = inside[order[i]];
    for (let n = 0; n < notes.length; n++)
      if (notes.start[n] >= a && notes.start[n] < b) rows.push([n, notes.start[n] - a + start]);
  }
  rows.sort((a, b) => a[1] - b[1]);
  const moved = selectNotes(
    notes,
    rows.map(([n]) => n),
  );
  for (const [i, [n, start]] of rows.entries()) {
    moved.start[i] = start;
    moved.end[i] = start + notes.end[n] - notes.start[n];
  }
  return moved;
}

/** Pitch classes that sound in each beat. */
function classesByBeat(notes, times) {
  return times.slice(0, -1).map((from, i) => {
    const classes = new Float64Array(12);
    for (let n = 0; n < notes.length; n++)
      classes[notes.pitch[n] % 12] += Math.max(
        0,
        Math.min(notes.end[n], times[i + 1]) - Math.max(notes.start[n], from),
      );
    return classes;
  });
}

function agreement(a, b) {
  const similar = a.flatMap((own, i) => {
    const [x, y] = [Math.hypot(...own), Math.hypot(...b[i])];
    return y > 0 ? [x > 0 ? own.reduce((sum, value, k) => sum + value * b[i][k], 0) / x / y : 0] : [];
  });
  return similar.reduce((sum, each) => sum + each, 0) / similar.length;
}

function consonance(notes, tune) {
  let [together, good] = [0, 0];
  for (let n = 0; n < notes.length; n++) {
    for (let m = 0; m < tune.length; m++) {
      if (tune.start[m] > notes.start[n] + 1e-3 || tune.end[m] <= notes.start[n] + 1e-3) continue;
      together++;
      good += Number(CONSONANT.includes(Math.abs(notes.pitch[n] - tune.pitch[m]) % 12));
    }
  }
  return together > 0 ? good / together : Number.NaN;
}

const rows = { real: [], accompanied: [], generated: [], shuffled: [] };
let kept = 0;
const step = Math.max(1, Math.floor(validation.length / count));
const chosen = validation.filter((_, i) => i % step === 0).slice(0, count);
for (const { name } of chosen) {
  const midi = readMidi(readFileSync(join(path, name)), name);
  const { notes } = listen(midi);
  const track = midi.tracks.findIndex(({ name }) => name === 'MELODY');
  const beats = beatsOfFile(midi);
  if (beats === undefined) continue;
  const select = (isIn) => selectNotes(notes, Array.from(notes.start.keys()).filter(isIn));
  const tune = select((n) => notes.track[n] === track);
  const from = tune.start[0];
  const to = from + seconds;
  const heard = { ...between(tune, from, to), beats };
  const real = between(
    select((n) => notes.track[n] !== track),
    from,
    to,
  );
  const [fill] = await player.fill(
    { notes: heard, from, to, isKept: () => true },
    {
      particles,
      seed: 1,
      range: freeSideOf(heard),
      ...ACCOMPANYING_WISHES,
      chords: chordsOver(chordsOfTune(heard, beats, from, to), beats, from, to),
      ...JSON.parse(values.wishes),
    },
  );
  const keys = [];
  const end = heard.end.reduce((latest, time) => Math.max(latest, time), 0);
  const request = { piece: { notes: heard }, heard, cut: end, seconds, isCutOff: true, options: { seed: 1 } };
  for await (const { event } of player.play(request)) keys.push({ ...event, time: event.time - end + from });
  const others = {
    real,
    accompanied: fill.notes,
    generated: notesOfKeys(keys, to),
    shuffled: shuffled(real, beats, from, to, new Random(1)),
  };
  const times = Array.from(beats.time).filter((time) => time >= from - 0.01 && time <= to);
  const target = classesByBeat(real, times);
  for (const [what, own] of Object.entries(others)) {
    rows[what].push([
      consonance(own, heard),
      agreement(classesByBeat(own, times), target),
      pulseOf(gridOf(own))?.clarity ?? 0,
      own.length / seconds,
    ]);
  }
  // Every note of the tune is there to the tick.
  const written = readMidi(
    filledFile(midi, { from, to, isKept: () => true }, fill.notes, 'Accompaniment'),
    name,
  );
  const has = new Set(
    Array.from(listen(written).notes.start, (start, n) => `${listen(written).notes.pitch[n]} ${start}`),
  );
  kept += Number(Array.from(notes.start).every((start, n) => has.has(`${notes.pitch[n]} ${start}`)));
  if (values.out !== undefined) {
    mkdirSync(values.out, { recursive: true });
    const tuneOnly = filledFile(
      midi,
      {
        from: 0,
        to: 1e6,
        isKept: (pitch, start) => heard.start.includes(start) && heard.pitch.includes(pitch),
      },
      fill.notes,
      'Accompaniment',
    );
    await writeFileAtomic(join(values.out, name.split('/').at(-1)), tuneOnly);
  }
  process.stderr.write(`${rows.real.length} of ${chosen.length}\r`);
}
await player.release();
const mean = (list) =>
  list.filter(Number.isFinite).reduce((a, b) => a + b, 0) / list.filter(Number.isFinite).length;
process.stdout.write(
  `${rows.real.length} songs, in ${kept} of them every note stays; consonant, agreement, pulse, strikes a second\n`,
);
for (const [what, list] of Object.entries(rows))
  process.stdout.write(
    `${what}: ${[0, 1, 2, 3].map((k) => mean(list.map((row) => row[k])).toFixed(3)).join(', ')}\n`,
  );
