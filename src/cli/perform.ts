/** `cadenza generate` with a performance model: event by event, with a musician's controls. */
import type { EventLstm } from '../model/event-lstm.js';
import type { Loaded } from '../model/model-checkpoint.js';
import type { NoteTable } from '../notes/note-table.js';
import type { PerformOptions, PlayedEvent } from '../sampling/perform.js';
import type { GenerateCliOptions } from './generate-options.js';
import { createProgress } from './progress.js';

/** Seconds to play where neither seconds nor notes are asked for. */
const DEFAULT_SECONDS = 60;

/** What was played of one variation, after how many seconds of which primer. */
export interface Played {
  readonly notes: NoteTable;
  readonly primer: NoteTable;
  readonly primerSeconds: number;
}

/** Plays all variations. */
export async function performAll(loaded: Loaded<EventLstm>, options: GenerateCliOptions): Promise<Played[]> {
  const [
    { createOnnxEngine },
    { perform, notesOfEvents, primerEvents },
    { gridOf, notesOfGrid, TICKS_PER_SECOND },
  ] = await Promise.all([
    import('../node/onnx-engine.js'),
    import('../sampling/perform.js'),
    import('../notes/grid.js'),
  ]);
  const primer = await readPrimer(options);
  // Events begin with the first note; on the command line seconds are those of the file.
  const cut = options.primerEnd === undefined ? undefined : options.primerEnd - (primer.start[0] ?? 0);
  const events = primerEvents(gridOf(primer), cut);
  const chosen = await performOptions(options);
  const progress = createProgress({
    label: 'Playing',
    total: Math.round(chosen.seconds ?? chosen.notes ?? 0),
    unit: chosen.seconds === undefined ? 'notes' : 's',
    quiet: options.quiet || options.json || !process.stderr.isTTY,
  });
  const played: PlayedEvent[][] = Array.from({ length: options.variations }, () => []);
  const engine = await createOnnxEngine({ threads: 1 });
  let strikes = 0;
  try {
    for await (const event of perform(loaded, engine, events, chosen)) {
      played[event.variation].push(event);
      if (event.variation > 0) continue;
      strikes += Number(event.velocity >= 0);
      progress.update(Math.floor(chosen.seconds === undefined ? strikes : event.time));
    }
  } finally {
    progress.finish();
  }
  const { PERFORMANCE } = await import('../representation/performance.js');
  const heard = notesOfGrid(PERFORMANCE.decode(events));
  const primerSeconds = events.columns[0].reduce((sum, ticks) => sum + ticks, 0) / TICKS_PER_SECOND;
  return played.map((variation) => ({ notes: notesOfEvents(variation), primer: heard, primerSeconds }));
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
