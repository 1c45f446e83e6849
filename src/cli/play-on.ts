/** `cadenza generate`: plays on from a primer, and writes what was played as files that fit it. */
import { CadenzaError } from '../errors.js';
import type { LoadedModel } from '../kinds/kind.js';
import type { MidiFile } from '../midi/midi-file.js';
import type { Place } from '../notes/continued-file.js';
import type { KeyEvent } from '../notes/cut.js';
import type { NoteTable } from '../notes/note-table.js';
import type { PianoPiece } from '../notes/piano-piece.js';
import type { Reading } from '../notes/reading.js';
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
}

/** Plays all variations. */
export async function playAll(loaded: LoadedModel, options: GenerateCliOptions): Promise<Written[]> {
  const [{ createOnnxEngine }, { HALF_TICK }, { longestSeconds, longTickAt }, { microsecondsOf }] =
    await Promise.all([
      import('../node/engine/onnx-engine.js'),
      import('../notes/cut.js'),
      import('../notes/continued-file.js'),
      import('../notes/declare-grid.js'),
    ]);
  const { kind } = loaded;
  const primer = await readPrimer(loaded, options);
  const { piece } = primer;
  const end = piece.notes.end.reduce((latest, time) => Math.max(latest, time), 0);
  const start = { piece, heard: piece.notes, cut: Math.min(options.primerEnd ?? end, end) };
  const engine = await createOnnxEngine({ threads: 1 }); // a few rows leave nothing to share
  const player = await kind.player(loaded, engine);
  if (options.primer !== undefined && !options.quiet) {
    const { warn } = await import('./warnings.js');
    for (const remark of player.remarks(start)) warn(`${options.primer}: ${remark}`);
  }
  const from = player.countsFrom(start);
  // A cut after the last note leaves the primer whole.
  const isCut = options.primerEnd !== undefined && options.primerEnd < end;
  const place: Place = {
    isCut,
    at: isCut ? from + HALF_TICK : Math.max(from, end),
    microsecondsPerBeat: options.bpm && microsecondsOf(options.bpm),
  };
  const { notes = undefined, seconds = undefined }: { notes?: number; seconds?: number } =
    options.notes === undefined && options.seconds === undefined ? kind.usualLength : options;
  const longest =
    primer.file === undefined
      ? LONGEST_HOURS * 3600 - (options.withPrimer ? place.at : 0)
      : longestSeconds(primer.file, place, options.withPrimer === true);
  const tooLong = (strikes: number) =>
    new CadenzaError(
      strikes > 0 && seconds === undefined
        ? `with note ${strikes} the music is longer than the ${describeTime(longest)} that fit into its MIDI file; ` +
            `ask for --notes ${strikes - 1}`
        : `the music is longer than the ${describeTime(longest)} that fit into its MIDI file; ask for less` +
            (options.withPrimer ? ', or leave out --with-primer' : ''),
    );
  if (seconds !== undefined && seconds > longest) throw tooLong(0);
  const tick = options.withPrimer && primer.file && longTickAt(primer.file, place);
  if (tick) {
    const { warn } = await import('./warnings.js');
    const milliseconds = Math.round(1000 * tick);
    warn(
      `${options.primer}: its ticks are ${milliseconds} ms long; what is played is moved to the nearest one`,
    );
  }
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
  return Promise.all(played.map((keys) => writePlayed(primer, place, keys, options)));
}

const describeTime = (seconds: number) =>
  seconds >= 7200 ? `${Math.floor(seconds / 3600)} hours` : `${Math.floor(seconds / 60)} minutes`;

/** What was played, as a file that fits the primer. */
async function writePlayed(
  { file, piece }: Primer,
  place: Place,
  keys: readonly KeyEvent[],
  options: GenerateCliOptions,
): Promise<Written> {
  const [{ firstEvents, notesOfKeys }, { continuedFile, DEFAULT_TICKS, fineEnough, playedFile }] =
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
    const microsecondsPerBeat = microsecondsOf(bpm);
    const all = withPrimer ? mergeNotes([piece.notes, transform.shiftNotes(notes, place.at)]) : notes;
    const ticksPerBeat = fineEnough(DEFAULT_TICKS, microsecondsPerBeat);
    const time = { ticksPerBeat, microsecondsPerBeat, metre, keySignature };
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

/** The primer as the model's kind hears it; says what was merged, moved or left out of it. */
async function readPrimer({ kind }: LoadedModel, options: GenerateCliOptions): Promise<Primer> {
  if (options.primer === undefined) {
    return { piece: { notes: (await import('../playing/opening.js')).builtInOpening() } };
  }
  const [{ readMidi }, { readFileBytes }, { MAX_FILE_BYTES }, { reportWarnings }] = await Promise.all([
    import('../midi/read.js'),
    import('../node/files/files.js'),
    import('../dataset/file-kind.js'),
    import('./warnings.js'),
  ]);
  const midi = readMidi(await readFileBytes(options.primer, MAX_FILE_BYTES), options.primer);
  reportWarnings(midi);
  return kind.reading === 'sounding'
    ? readSounding(midi, options)
    : readNotes(midi, options.instruments ?? kind.reading);
}

/** Keys as they were held: what is played is written by itself. */
async function readNotes(midi: MidiFile, reading: Reading): Promise<Primer> {
  const { READINGS } = await import('../notes/reading.js');
  const notes = READINGS[reading](midi);
  if (notes.length === 0) {
    throw new CadenzaError(`${midi.name}: holds no notes to play on from; choose another primer`);
  }
  return { piece: { notes } };
}

/** A piano piece as it sounds: what is played fits the file. */
async function readSounding(midi: MidiFile, options: GenerateCliOptions): Promise<Primer> {
  const { bpm: beatsPerMinute, metre, keySignature, withPrimer } = options;
  const [{ pianoPieceOf, soundingOf }, { declareGrid }, { warn }] = await Promise.all([
    import('../notes/piano-piece.js'),
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
  return { file, piece: { notes: soundingOf(piece) } };
}
