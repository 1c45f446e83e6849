/** Playing on from a primer with the tutorial model, as an async iterator of notes. */
import type { Engine } from '../../engine/engine.js';
import { CadenzaError } from '../../errors.js';
import { createNoteTable, durationsOf, type NoteTable, sliceNotes, stepsOf } from '../../notes/note-table.js';
import { sampleLogits } from '../../playing/logits.js';
import { Random } from '../../random.js';
import type { Loaded } from '../kind.js';
import type { TutorialLstm } from './network.js';
import {
  decodeTutorial,
  encodeTutorial,
  TUTORIAL_FEATURES,
  TUTORIAL_PITCHES,
  TUTORIAL_VELOCITY,
} from './representation.js';

export interface GenerateOptions {
  /** How many notes to play; 100 by default. */
  readonly notes?: number;
  /**
   * Of the pitch's distribution: 0 always takes the likeliest, 1 (the default) plays what was learned, more
   * dares more.
   */
  readonly temperature?: number;
  /** The same seed, model and primer give the same notes; 0 by default. */
  readonly seed?: number;
}

/** A note as the tutorial model played it. */
export interface GeneratedNote {
  /** 0 … 127 */
  readonly pitch: number;
  /** Always 100: the model does not hear velocity. */
  readonly velocity: number;
  /** Seconds since the note before; the first note's counts from the start of the primer's last. */
  readonly step: number;
  readonly duration: number;
  /** Seconds since the start of the primer's last note. */
  readonly start: number;
  readonly end: number;
}

/**
 * The window a model starts from: a primer's last `windowLength` notes. A shorter primer is played over and
 * over until the window is full, each time after its own median step, because silence is nothing the model
 * has ever heard.
 *
 * @throws CadenzaError when the primer has no notes
 */
export function primerWindow(primer: NoteTable, windowLength: number): NoteTable {
  const { length } = primer;
  if (length === 0) throw new CadenzaError('the primer holds no notes; choose one that does');
  if (length >= windowLength) return sliceNotes(primer, length - windowLength, length);
  const durations = durationsOf(primer);
  const steps = stepsOf(primer);
  const between = length > 1 ? steps.slice(1).sort()[(length - 1) >> 1] : durations[0];
  const window = createNoteTable(windowLength);
  let start = 0;
  for (let n = 0; n < windowLength; n++) {
    // Filled so that the primer's last note comes last.
    const i = (((n - windowLength) % length) + length) % length;
    if (n > 0) start += i === 0 ? between : steps[i];
    window.pitch[n] = primer.pitch[i];
    window.velocity[n] = primer.velocity[i];
    window.start[n] = start;
    window.end[n] = start + durations[i];
  }
  return window;
}

/**
 * (T, 3): a primer's window as the model hears it. The first note keeps its step where the primer goes
 * further back.
 */
export function encodePrimer(primer: NoteTable, windowLength: number): Float32Array {
  return primer.length > windowLength
    ? encodeTutorial(primer).slice(-windowLength * TUTORIAL_FEATURES)
    : encodeTutorial(primerWindow(primer, windowLength));
}

/**
 * Plays on from a primer: predicts a note from the last `windowLength`, appends it, and slides on by one.
 * Pitch is drawn from its distribution; step and duration are the predicted values, never below 0. What is
 * fed back is scaled as in training.
 *
 * @throws CadenzaError when the primer has no notes, or the model predicts no finite numbers
 *
 * @example
 * import { builtInOpening, generate } from 'cadenza';
 * import { createOnnxEngine, loadModel } from 'cadenza/node';
 *
 * const options = { notes: 10, seed: 1 };
 * const [model, engine] = [await loadModel('tutorial'), await createOnnxEngine()];
 * for await (const note of generate(model, engine, builtInOpening(), options)) {
 *   console.log(note.pitch, note.step, note.duration);
 * }
 */
export async function* generate(
  { model, parameters }: Loaded<TutorialLstm>,
  engine: Engine,
  primer: NoteTable,
  options: GenerateOptions = {},
): AsyncGenerator<GeneratedNote, void, undefined> {
  const { notes = 100, temperature = 1, seed = 0 } = options;
  const random = new Random(seed);
  const window = encodePrimer(primer, model.config.windowLength);
  const program = await engine.compile(model.predictionGraph(1, parameters));
  try {
    let start = 0;
    for (let n = 0; n < notes; n++) {
      const { logits, step: steps, duration: durations } = await program.run({ window });
      if (!logits.every(Number.isFinite) || !Number.isFinite(steps[0]) || !Number.isFinite(durations[0])) {
        throw new CadenzaError(
          `the model predicted no finite numbers for note ${n + 1}; its weights are of no use`,
        );
      }
      const pitch = sampleLogits(logits, temperature, random);
      const step = Math.max(0, steps[0]);
      const duration = Math.max(0, durations[0]);
      start += step;
      window.copyWithin(0, TUTORIAL_FEATURES);
      window.set([pitch / TUTORIAL_PITCHES, step, duration], window.length - TUTORIAL_FEATURES);
      yield { pitch, velocity: TUTORIAL_VELOCITY, step, duration, start, end: start + duration };
    }
  } finally {
    await program.release();
  }
}

/** Generated notes as a table, as they would be played. */
export function tableOfGenerated(generated: readonly GeneratedNote[]): NoteTable {
  const rows = generated.flatMap(({ pitch, step, duration }) => [pitch / TUTORIAL_PITCHES, step, duration]);
  return decodeTutorial(Float32Array.from(rows));
}
