/** `cadenza generate`: plays on from a primer, and writes what was played as files that fit it. */
import type { Engine } from '../engine/engine.js';
import { CadenzaError } from '../errors.js';
import type { Kind, LoadedModel } from '../kinds/kind.js';
import type { MidiFile } from '../midi/midi-file.js';
import type { Cluster } from '../node/cluster/cluster.js';
import type { Beats } from '../notes/beats.js';
import type { Place } from '../notes/continued-file.js';
import type { KeyEvent } from '../notes/cut.js';
import type { NoteTable } from '../notes/note-table.js';
import type { Reading } from '../notes/reading.js';
import type { PianoPiece } from '../notes/transform.js';
import { type GenerateCliOptions, LONGEST_HOURS, wishesIn } from './generate-options.js';
import { createProgress } from './progress.js';

/** What was played of one variation. */
export interface Written {
  /** As a MIDI file. */
  readonly midi: Uint8Array;
  /** The notes in it, as they are heard. */
  readonly notes: NoteTable;
}

/** What to play on from. */
interface Primer {
  /** The file, where what is played is to fit it. */
  readonly file?: MidiFile;
  readonly piece: PianoPiece;
  /** Whether what is played is written by itself, whatever the primer. */
  readonly isAlone: boolean;
}

/** Plays all variations. */
export async function playAll(
  loaded: LoadedModel,
  options: GenerateCliOptions,
  cluster?: Cluster,
): Promise<Written[]> {
  const { kind } = loaded;
  const [engine, primer] = await Promise.all([openEngine(options), readPrimer(loaded, options)]);
  const { piece } = primer;
  const end = piece.notes.end.reduce((latest, time) => Math.max(latest, time), 0);
  const start = { piece, heard: piece.notes, cut: Math.min(options.primerEnd ?? end, end) };
  const here = await kind.player(loaded, engine);
  const player = cluster
    ? (await import('../node/cluster/by-cluster.js')).playerBy(cluster, loaded, here)
    : here;
  if (options.primer !== undefined && !options.quiet) {
    const { warn } = await import('./warnings.js');
    for (const remark of player.remarks(start)) warn(`${options.primer}: ${remark}`);
  }
  const from = player.countsFrom(start);
  // A cut after the last note leaves the primer whole.
  const isCut = options.primerEnd !== undefined && options.primerEnd < end;
  const { beats } = piece.notes;
  const place: Place = {
    isCut,
    at: isCut ? from + (await halfTick(beats, from)) : Math.max(from, end),
    ...(beats && { beats, from }),
    microsecondsPerBeat:
      options.bpm && (await import('../notes/declare-grid.js')).microsecondsOf(options.bpm),
  };
  const isUsual = options.notes === undefined && options.seconds === undefined;
  const { notes, seconds } = isUsual ? kind.usualLength : options;
  const longest = await longestOf(primer, place, options);
  const tooLong = (strikes: number) =>
    new CadenzaError(
      strikes > 0 && seconds === undefined
        ? `with note ${strikes} the music is longer than the ${describeTime(longest)} that fit into its MIDI file; ` +
            `ask for --notes ${strikes - 1}`
        : `the music is longer than the ${describeTime(longest)} that fit into its MIDI file; ask for less` +
            (options.withPrimer ? ', or leave out --with-primer' : ''),
    );
  if (seconds !== undefined && seconds > longest) throw tooLong(0);
  await warnOfLongTicks(primer, place, options);
  const progress = createProgress({
    label: 'Playing',
    total: Math.round(seconds ?? notes ?? 0),
    unit: seconds === undefined ? 'notes' : 's',
    quiet: options.quiet || options.json || !process.stderr.isTTY,
  });
  const listening = createProgress({
    label: 'Listening to the primer',
    total: 100,
    unit: '%',
    isPassing: true,
    quiet: options.quiet || options.json,
  });
  const onHeard = (part: number) => listening.update(Math.floor(100 * part));
  const played: KeyEvent[][] = Array.from({ length: options.variations }, () => []);
  let strikes = 0;
  try {
    const request = {
      ...start,
      seconds,
      notes,
      mayOverlap: true,
      options: { ...wishesIn(options), variations: options.variations, seed: options.seed },
    };
    for await (const { variation, event } of player.play(request, onHeard)) {
      listening.finish();
      const time = event.time - from;
      if (variation === 0) strikes += Number(event.velocity > 0);
      if (time > longest) throw tooLong(variation === 0 ? strikes : 0);
      played[variation].push({ ...event, time });
      if (variation === 0) progress.update(Math.floor(seconds === undefined ? strikes : time));
    }
  } finally {
    listening.finish();
    progress.finish();
  }
  const write = primer.isAlone ? writeAlone : writePlayed;
  return Promise.all(played.map((keys) => write(keys, primer, place, options)));
}

async function openEngine({ device }: GenerateCliOptions): Promise<Engine> {
  const [{ openEngines }, { warn }] = await Promise.all([
    import('../node/engine/engines.js'),
    import('./warnings.js'),
  ]);
  const { engine } = await openEngines(1, device, warn); // a few rows leave nothing to share
  return engine;
}

/** Seconds after a cut within which what is struck is still heard before it. */
async function halfTick(beats: Beats | undefined, from: number): Promise<number> {
  if (beats === undefined) return (await import('../notes/cut.js')).HALF_TICK;
  const [{ beatAt, tempoAtBeat }, { TICKS_PER_BEAT }] = await Promise.all([
    import('../notes/beats.js'),
    import('../notes/metrical-grid.js'),
  ]);
  return 30 / TICKS_PER_BEAT / tempoAtBeat(beats, beatAt(beats, from));
}

/** How many seconds fit into the file that is to be written. */
async function longestOf(
  { file }: Primer,
  place: Place,
  { withPrimer }: GenerateCliOptions,
): Promise<number> {
  if (file === undefined) return LONGEST_HOURS * 3600 - (withPrimer ? place.at : 0);
  const { longestSeconds } = await import('../notes/continued-file.js');
  return longestSeconds(file, place, withPrimer === true);
}

async function warnOfLongTicks({ file }: Primer, place: Place, options: GenerateCliOptions): Promise<void> {
  if (!options.withPrimer || file === undefined) return;
  const [{ longTickAt }, { warn }] = await Promise.all([
    import('../notes/continued-file.js'),
    import('./warnings.js'),
  ]);
  const tick = longTickAt(file, place);
  if (!tick) return;
  const milliseconds = Math.round(1000 * tick);
  warn(`${file.name}: its ticks are ${milliseconds} ms long; what is played is moved to the nearest one`);
}

const describeTime = (seconds: number) =>
  seconds >= 7200 ? `${Math.floor(seconds / 3600)} hours` : `${Math.floor(seconds / 60)} minutes`;

/** What was played, as a file that begins where the model counts from. */
async function writeAlone(keys: readonly KeyEvent[]): Promise<Written> {
  const [{ notesOfKeys }, { midiFromNotes, quantizeNotes }] = await Promise.all([
    import('../notes/cut.js'),
    import('../notes/to-midi.js'),
  ]);
  const notes = notesOfKeys(keys, keys.at(-1)?.time ?? 0);
  return { midi: midiFromNotes(notes, { trackName: 'Piano' }), notes: quantizeNotes(notes) };
}

/** What was played, as a file that fits the primer. */
async function writePlayed(
  keys: readonly KeyEvent[],
  { file, piece }: Primer,
  place: Place,
  options: GenerateCliOptions,
): Promise<Written> {
  const [{ firstEvents, notesOfKeys }, { barWith, continuedFile, DEFAULT_TICKS, fineEnough, playedFile }] =
    await Promise.all([import('../notes/cut.js'), import('../notes/continued-file.js')]);
  const [{ microsecondsOf }, { midiFromNotes }, { readMidi }, { soundingNotes }, transform, { mergeNotes }] =
    await Promise.all([
      import('../notes/declare-grid.js'),
      import('../notes/to-midi.js'),
      import('../midi/read.js'),
      import('../notes/sounding.js'),
      import('../notes/transform.js'),
      import('../notes/note-table.js'),
    ]);
  const { bpm = 120, metre, keySignature, withPrimer, quantize: grid } = options;
  const shape = { isPedalled: options.pedal, hasHands: options.hands, grid };
  const end = keys.at(-1)?.time ?? 0;
  const notes = notesOfKeys(keys, end);
  let midi: Uint8Array;
  if (file === undefined) {
    const { beats, at } = place;
    const found = beats && options.bpm === undefined ? barWith(beats, withPrimer ? 0 : at) : undefined;
    const { microsecondsPerBeat, lead } = found ?? { microsecondsPerBeat: microsecondsOf(bpm), lead: 0 };
    const own = transform.shiftNotes(notes, withPrimer ? at : lead);
    const all = withPrimer ? mergeNotes([piece.notes, own]) : own;
    const ticksPerBeat = fineEnough(DEFAULT_TICKS, microsecondsPerBeat);
    const time = { ticksPerBeat, microsecondsPerBeat, metre: metre ?? found?.metre, keySignature };
    midi = midiFromNotes(all, { trackName: 'Piano', ...time, shape });
  } else if (withPrimer) {
    const releases = firstEvents(keys);
    midi = continuedFile(file, place, notes, (pitch) => releases.get(pitch) ?? end, 'Continuation', shape);
  } else {
    midi = playedFile(file, place, notes, 'Piano', shape);
  }
  const read = readMidi(midi);
  if (options.type === '0') midi = (await import('../midi/one-track.js')).oneTrackFile(read);
  return { midi, notes: soundingNotes(read) };
}

/** Readings of notes as they sound: what is played on from them fits the file. */
const FITTING: readonly Reading[] = ['sounding', 'beats'];

/** The notes with their beats, for kinds that hear them. */
async function withBeats({ reading }: Kind, notes: NoteTable, file?: MidiFile): Promise<NoteTable> {
  if (reading !== 'beats') return notes;
  const [{ beatsOfFile }, { beatsOf }] = await Promise.all([
    import('../notes/find-beats.js'),
    import('../notes/metrical-grid.js'),
  ]);
  return { ...notes, beats: (file && beatsOfFile(file)) ?? beatsOf(notes) };
}

/** The primer as the model's kind hears it; says what was merged, moved or left out of it. */
async function readPrimer({ kind }: LoadedModel, options: GenerateCliOptions): Promise<Primer> {
  if (options.primer === undefined) {
    const notes = (await import('../playing/opening.js')).builtInOpening();
    return { piece: { notes: await withBeats(kind, notes) }, isAlone: !FITTING.includes(kind.reading) };
  }
  const { readMidiFile } = await import('./read-midi-file.js');
  const midi = await readMidiFile(options.primer);
  return FITTING.includes(kind.reading)
    ? readSounding(kind, midi, options)
    : readNotes(midi, options.instruments ?? kind.reading);
}

/** Keys as they were held: what is played is written by itself. */
async function readNotes(midi: MidiFile, reading: Reading): Promise<Primer> {
  const { READINGS } = await import('../notes/reading.js');
  const notes = READINGS[reading](midi);
  if (notes.length === 0) {
    throw new CadenzaError(`${midi.name}: holds no notes to play on from; choose another primer`);
  }
  return { piece: { notes }, isAlone: true };
}

/** A piano piece as it sounds: what is played fits the file. */
async function readSounding(kind: Kind, midi: MidiFile, options: GenerateCliOptions): Promise<Primer> {
  const { bpm: beatsPerMinute, metre, keySignature, withPrimer } = options;
  const [{ pianoPieceOf }, { soundingOf }, { declareGrid }, { warn }] = await Promise.all([
    import('../notes/piano-piece.js'),
    import('../notes/transform.js'),
    import('../notes/declare-grid.js'),
    import('./warnings.js'),
  ]);
  if (withPrimer && beatsPerMinute !== undefined && midi.ticksPerSecond !== undefined) {
    throw new CadenzaError(
      `${midi.name}: counts its time in SMPTE frames, which have no tempo; leave out --bpm or --with-primer`,
    );
  }
  if (withPrimer && options.quantize !== undefined && midi.ticksPerSecond !== undefined) {
    throw new CadenzaError(
      `${midi.name}: counts its time in SMPTE frames, which have no beats; leave out --quantize or --with-primer`,
    );
  }
  const file = declareGrid(midi, { beatsPerMinute, metre, keySignature });
  const piece = pianoPieceOf(file);
  for (const remark of piece.remarks) warn(`${midi.name}: ${remark}`);
  return { file, piece: { notes: await withBeats(kind, soundingOf(piece), file) }, isAlone: false };
}
