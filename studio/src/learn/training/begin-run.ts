/** From a corpus and a plan to a training that can begin. Runs in the worker. */
import {
  beginningWith,
  CadenzaError,
  decodeCheckpoint,
  type Engine,
  fittingBatch,
  type Kind,
  kindNamed,
  modelFromCheckpoint,
  type NoteTable,
  type Piece,
  type PreparedPieces,
  type RunState,
  sliceNotes,
  splitPieces,
  type TrainOptions,
  train,
} from '../../../../src/index.js';
import type { ModelFile } from './messages.js';
import { heldOutPart, MOST_JUDGED_NOTES, sizesOf, type TrainingPlan, trainOptions } from './plan.js';
import type { RunRecord } from './run-record.js';

/** What computes: an engine, and those that share every batch, if there are any. */
export interface Engines {
  readonly engine: Engine;
  readonly shards: readonly Engine[];
}

export interface Beginning {
  readonly record: RunRecord;
  readonly pieces: PreparedPieces;
  /** Where it begins, if not with new weights. */
  readonly from?: RunState;
}

/** What hearing a note costs beside learning from it, and how much longer samples make it all. */
const JUDGING_COST = 0.4;
const SAMPLING_COST = 1.1;

/** Steps and milliseconds after which the speed is known. */
const MEASURED_STEPS = 6;
const MEASURED_MILLISECONDS = 5000;

/**
 * Divides the pieces, takes in the model to learn on from, and settles how many steps there will be.
 *
 * @param onMeasuring called before the speed is measured, which takes some seconds
 * @throws CadenzaError when there is nothing to learn from, or the plan makes no sense
 */
export async function beginRun(
  plan: TrainingPlan,
  name: string,
  all: readonly Piece[],
  engines: Engines,
  from?: ModelFile,
  onMeasuring: () => void = () => {},
): Promise<Beginning> {
  const kind = kindNamed(plan.preset);
  const start = from && modelFromCheckpoint(decodeCheckpoint(from.bytes, from.name));
  if (start !== undefined && start.kind.name !== plan.preset) {
    throw new CadenzaError(`${from?.name} is no ${plan.preset} model; choose another kind or another file`);
  }
  const config = start?.model.config ?? kind.configure(sizesOf(plan));
  const shortest = kind.tooShort(config);
  const usable = all.filter(({ notes }) => notes.length > shortest);
  if (usable.length === 0) {
    throw new CadenzaError(
      `no piece has more than the ${shortest} notes that this model hears at once; add longer pieces, or train a performance model`,
    );
  }
  const notesIn = (pieces: readonly Piece[]) => pieces.reduce((sum, { notes }) => sum + notes.length, 0);
  const { train: learned, validation: heldOut } = splitPieces(usable, {
    seed: plan.seed,
    fraction: heldOutPart(usable.length),
  });
  // All of a piece is held out, its beginning is judged.
  const validation = heldOut.map((piece) => ({ ...piece, notes: beginningOf(piece.notes) }));
  const pieces: PreparedPieces = {
    train: learned.map(({ notes }) => kind.prepare(notes)),
    validation: validation.map(({ notes }) => kind.prepare(notes)),
  };
  const fitting = { ...plan, batchSize: fittingBatch(kind, plan.batchSize, learned.length) };
  let options = trainOptions(fitting, notesIn(validation));
  if (plan.length.unit === 'minutes') {
    onMeasuring();
    const seconds = await secondsPerStep(pieces, config, options, kind, engines);
    const judging = 1 + (JUDGING_COST * notesIn(validation)) / notesIn(learned);
    options = trainOptions(fitting, notesIn(validation), seconds * judging * SAMPLING_COST);
  }
  const short = all.length - usable.length;
  const now = Date.now();
  const record: RunRecord = {
    id: `${now.toString(36)}-${Math.random().toString(36).slice(2, 8)}`,
    title: name,
    preset: plan.preset,
    config,
    options,
    corpus: {
      pieces: usable.length,
      notes: notesIn(usable),
      heldOutPieces: validation.length,
      heldOutNotes: notesIn(validation),
      remarks:
        short === 0
          ? []
          : [`${short} of ${all.length} pieces are left out: they have no more than ${shortest} notes.`],
    },
    begun: now,
    changed: now,
    isFinished: false,
    updates: 0,
    totalUpdates: options.steps ?? 0,
    seconds: 0,
    losses: [],
    samples: [],
    ...(from && { startedFrom: from.name }),
  };
  return { record, pieces, ...(start && { from: beginningWith(start.parameters) }) };
}

/** A copy: what is stored of a part is otherwise stored with the whole. */
function beginningOf(notes: NoteTable): NoteTable {
  const part = sliceNotes(notes, 0, Math.min(notes.length, MOST_JUDGED_NOTES));
  const [pitch, velocity] = [part.pitch.slice(), part.velocity.slice()];
  return { ...part, pitch, velocity, start: part.start.slice(), end: part.end.slice() };
}

/** How long a step takes, the first one aside; for that it trains a little and forgets it. */
async function secondsPerStep(
  { train: learned }: PreparedPieces,
  config: RunRecord['config'],
  options: TrainOptions,
  kind: Kind,
  { engine, shards }: Engines,
): Promise<number> {
  // Judging is not what is measured: nothing is held out, and no epoch is finished.
  const loader = await kind.dataLoader(config, { train: learned, validation: [] }, options);
  let [steps, began, last] = [0, 0, 0];
  const few = { ...options, epochs: 1, steps: MEASURED_STEPS + 1 };
  for await (const _ of train(loader, engine, few, undefined, shards)) {
    last = performance.now();
    if (steps++ === 0) began = last;
    else if (last - began > MEASURED_MILLISECONDS || steps > MEASURED_STEPS) break;
  }
  return steps < 2 ? 1 : (last - began) / (steps - 1) / 1000;
}
