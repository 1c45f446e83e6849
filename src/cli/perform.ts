/** `cadenza generate` with a performance model: event by event, with a musician's controls. */
import { CadenzaError } from '../errors.js';
import type { Loaded } from '../kinds/load.js';
import type { EventLstm } from '../kinds/performance/network.js';
import type { PerformOptions } from '../kinds/performance/perform.js';
import type { MidiFile } from '../midi/midi-file.js';
import type { Place } from '../notes/continued-file.js';
import type { KeyEvent } from '../notes/cut.js';
import type { NoteTable } from '../notes/note-table.js';
import type { PianoPiece } from '../notes/piano-piece.js';
import { type GenerateCliOptions, LONGEST_HOURS } from './generate-options.js';
import { createProgress } from './progress.js';

/** Seconds to play where neither seconds nor notes are asked for. */
const DEFAULT_SECONDS = 60;

/** What was played of one variation. */
export interface Played {
  /** As a MIDI file. */
  readonly midi: Uint8Array;
  /** The notes in it, as they are heard. */
  readonly notes: NoteTable;
}

/** What to play on from: a file with its piece, or the opening. */
interface Primer {
  readonly file?: MidiFile;
  readonly piece: PianoPiece;
}

/** Plays all variations. */
export async function performAll(loaded: Loaded<EventLstm>, options: GenerateCliOptions): Promise<Played[]> {
  const [
    { createOnnxEngine },
    { perform },
    { cutPiece, keyEventOf },
    { HALF_TICK },
    { longestSeconds, longTickAt },
    { microsecondsOf },
    { MOST_EVENTS },
  ] = await Promise.all([
    import('../node/engine/onnx-engine.js'),
    import('../kinds/performance/perform.js'),
    import('../kinds/performance/cut-piece.js'),
    import('../notes/cut.js'),
    import('../notes/continued-file.js'),
    import('../notes/declare-grid.js'),
    import('../representation/recent-events.js'),
  ]);
  const primer = await readPrimer(options);
  const { notes: sounding } = primer.piece;
  const end = sounding.end.reduce((latest, time) => Math.max(latest, time), 0);
  const { events, origin, silence } = cutPiece(primer.piece, options.primerEnd ?? end);
  if (events.length > MOST_EVENTS && !options.quiet) {
    const { warn } = await import('./warnings.js');
    const [heard, all] = [MOST_EVENTS, events.length].map((count) =>
      Math.ceil(count / 2).toLocaleString('en'),
    );
    warn(
      `${options.primer}: of its ${all} notes the last ${heard} are heard; what lies further back does not matter`,
    );
  }
  const from = origin + silence;
  // A cut after the last note leaves the primer whole.
  const isCut = options.primerEnd !== undefined && options.primerEnd < end;
  const place: Place = {
    isCut,
    at: isCut ? from + HALF_TICK : Math.max(from, end),
    microsecondsPerBeat: options.bpm && microsecondsOf(options.bpm),
  };
  const asked = await performOptions(options);
  const seconds = asked.seconds && asked.seconds + silence;
  const longest =
    primer.file === undefined
      ? LONGEST_HOURS * 3600 - (options.withPrimer ? place.at : 0)
      : longestSeconds(primer.file, place, options.withPrimer === true);
  const tooLong = () =>
    new CadenzaError(
      `the music is longer than the ${describeTime(longest)} that fit into its MIDI file; ask for less` +
        (options.withPrimer ? ', or leave out --with-primer' : ''),
    );
  if (seconds !== undefined && seconds - silence > longest) throw tooLong();
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
    total: Math.round(seconds ?? asked.notes ?? 0),
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
  const engine = await createOnnxEngine({ threads: 1 });
  let strikes = 0;
  try {
    for await (const event of perform(loaded, engine, events, { ...asked, seconds, silence, onHeard })) {
      listening.finish();
      const { variation, time, velocity } = event;
      if (time - silence > longest) throw tooLong();
      played[variation].push(keyEventOf(event, -silence));
      if (variation > 0) continue;
      strikes += Number(velocity >= 0);
      progress.update(Math.floor(seconds === undefined ? strikes : time));
    }
  } finally {
    listening.finish();
    progress.finish();
  }
  const written = played.map((keys) => writePlayed(primer, place, keys, options));
  return Promise.all(written);
}

const describeTime = (seconds: number) =>
  seconds >= 7200 ? `${Math.floor(seconds / 3600)} hours` : `${Math.floor(seconds / 60)} minutes`;

/** What was played, as a file that fits the primer. */
async function writePlayed(
  { file, piece }: Primer,
  place: Place,
  keys: readonly KeyEvent[],
  options: GenerateCliOptions,
): Promise<Played> {
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

async function performOptions(options: GenerateCliOptions): Promise<PerformOptions> {
  const { seconds, key, seed, topP, minP, density, loudness, variations } = options;
  const { pitchesOfKey } = await import('../playing/constraints.js');
  const { timeTemperature: time, pitchTemperature: symbol, velocityTemperature: velocity } = options;
  return {
    notes: options.notes,
    seconds: seconds ?? (options.notes === undefined ? DEFAULT_SECONDS : undefined),
    variations,
    seed,
    temperature: options.temperature,
    temperatures: { time, symbol, velocity },
    topP,
    minP,
    density,
    loudness,
    pitches: key === undefined ? undefined : pitchesOfKey(key),
    range: options.range,
    maxPolyphony: options.maxPolyphony,
    minStep: options.minStep,
    maxStep: options.maxStep,
    minDuration: options.minDuration,
    maxDuration: options.maxDuration,
  };
}

/** The primer as it sounds; says what was merged, moved or left out of a file that is no plain piano piece. */
async function readPrimer(options: GenerateCliOptions): Promise<Primer> {
  const { primer: path, bpm: beatsPerMinute, metre, keySignature, withPrimer } = options;
  if (path === undefined) {
    return { piece: { notes: (await import('../playing/opening.js')).builtInOpening() } };
  }
  const [
    { readMidi },
    { pianoPieceOf, soundingOf },
    { declareGrid },
    { readFileBytes },
    { MAX_FILE_BYTES },
    { reportWarnings, warn },
  ] = await Promise.all([
    import('../midi/read.js'),
    import('../notes/piano-piece.js'),
    import('../notes/declare-grid.js'),
    import('../node/files/files.js'),
    import('../dataset/file-kind.js'),
    import('./warnings.js'),
  ]);
  const midi = readMidi(await readFileBytes(path, MAX_FILE_BYTES), path);
  reportWarnings(midi);
  if (withPrimer && beatsPerMinute !== undefined && midi.ticksPerSecond !== undefined) {
    throw new CadenzaError(
      `${path}: counts its time in SMPTE frames, which have no tempo; leave out --bpm or --with-primer`,
    );
  }
  if (withPrimer && options.quantize !== undefined && midi.ticksPerSecond !== undefined) {
    throw new CadenzaError(
      `${path}: counts its time in SMPTE frames, which have no beats; leave out --quantize or --with-primer`,
    );
  }
  const file = declareGrid(midi, { beatsPerMinute, metre, keySignature });
  const piece = pianoPieceOf(file);
  for (const remark of piece.remarks) warn(`${path}: ${remark}`);
  return { file, piece: { notes: soundingOf(piece) } };
}
