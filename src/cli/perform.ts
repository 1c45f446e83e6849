/** `cadenza generate` with a performance model: event by event, with a musician's controls. */
import { CadenzaError } from '../errors.js';
import type { EventLstm } from '../model/event-lstm.js';
import type { Loaded } from '../model/model-checkpoint.js';
import type { NoteTable } from '../notes/note-table.js';
import type { PianoPiece } from '../notes/piano-piece.js';
import type { KeyEvent } from '../sampling/continuation.js';
import type { PerformOptions } from '../sampling/perform.js';
import { type GenerateCliOptions, LONGEST_HOURS } from './generate-options.js';
import { createProgress } from './progress.js';

/** Seconds to play where neither seconds nor notes are asked for. */
const DEFAULT_SECONDS = 60;

/** What was played of one variation. */
export interface Played {
  /** From where the primer was cut, which is 0 seconds. */
  readonly notes: NoteTable;
  /** The primer up to the cut, and on; seconds of the primer. */
  readonly whole: NoteTable;
}

/** Plays all variations. */
export async function performAll(loaded: Loaded<EventLstm>, options: GenerateCliOptions): Promise<Played[]> {
  const [{ createOnnxEngine }, { perform }, continuation, { shiftNotes }] = await Promise.all([
    import('../node/onnx-engine.js'),
    import('../sampling/perform.js'),
    import('../sampling/continuation.js'),
    import('../notes/transform.js'),
  ]);
  const primer: PianoPiece = { notes: await readPrimer(options) };
  const cut = options.primerEnd ?? primer.notes.end.reduce((end, time) => Math.max(end, time), 0);
  const { events, origin, silence } = continuation.cutPiece(primer, cut);
  const asked = await performOptions(options);
  const seconds = asked.seconds && asked.seconds + silence;
  const longest = LONGEST_HOURS * 3600 - (options.withPrimer ? origin + silence : 0);
  const tooLong = () =>
    new CadenzaError(
      `the music is longer than the ${LONGEST_HOURS} hours that fit into a MIDI file; ask for less, or leave out --with-primer`,
    );
  if (seconds !== undefined && seconds - silence > longest) throw tooLong();
  const progress = createProgress({
    label: 'Playing',
    total: Math.round(seconds ?? asked.notes ?? 0),
    unit: seconds === undefined ? 'notes' : 's',
    quiet: options.quiet || options.json || !process.stderr.isTTY,
  });
  const played: KeyEvent[][] = Array.from({ length: options.variations }, () => []);
  const engine = await createOnnxEngine({ threads: 1 });
  let strikes = 0;
  try {
    for await (const event of perform(loaded, engine, events, { ...asked, seconds, silence })) {
      const { variation, time, velocity } = event;
      if (time - silence > longest) throw tooLong();
      played[variation].push(continuation.keyEventOf(event, -silence));
      if (variation > 0) continue;
      strikes += Number(velocity >= 0);
      progress.update(Math.floor(seconds === undefined ? strikes : time));
    }
  } finally {
    progress.finish();
  }
  return played.map((keys) => {
    const end = keys.at(-1)?.time ?? 0;
    const notes = continuation.notesOfKeys(keys, end);
    const from = origin + silence;
    const after = keys.map((key) => ({ ...key, time: from + key.time }));
    const head = continuation.headOf(primer, cut, after, from + end);
    return { notes, whole: continuation.joined(head, { notes: shiftNotes(notes, from) }).notes };
  });
}

async function performOptions(options: GenerateCliOptions): Promise<PerformOptions> {
  const { seconds, key, seed, topP, minP, density, loudness, variations } = options;
  const { pitchesOfKey } = await import('../sampling/constraints.js');
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

/** The primer's sounding notes; says what was merged, moved or left out of a file that is no plain piano piece. */
async function readPrimer({ primer: path }: GenerateCliOptions): Promise<NoteTable> {
  if (path === undefined) return (await import('../sampling/opening.js')).builtInOpening();
  const [
    { readMidi },
    { pianoPieceOf, soundingOf },
    { readFileBytes },
    { MAX_FILE_BYTES },
    { reportWarnings, warn },
  ] = await Promise.all([
    import('../midi/read.js'),
    import('../notes/piano-piece.js'),
    import('../node/files.js'),
    import('../dataset/file-kind.js'),
    import('./warnings.js'),
  ]);
  const midi = readMidi(await readFileBytes(path, MAX_FILE_BYTES), path);
  reportWarnings(midi);
  const piece = pianoPieceOf(midi);
  for (const remark of piece.remarks) warn(`${path}: ${remark}`);
  return soundingOf(piece);
}
