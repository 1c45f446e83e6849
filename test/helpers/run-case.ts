/**
 * A short run that a page and Node can train alike: the same pieces, the plain engine, and a clock that
 * stands still.
 */
import {
  kindNamed,
  type LossRecord,
  type ModelConfig,
  plainEngine,
  Random,
  type SavedRun,
  Sitting,
  TrainingClock,
  TUTORIAL_CONFIG,
  train,
} from '../../src/index.js';
import { createNoteTable, type NoteTable } from '../../src/notes/note-table.js';

export const STEPS = 20;

export function pieceOf(seed: number, length: number): NoteTable {
  const random = new Random(seed);
  const notes = createNoteTable(length);
  let start = 0;
  for (let i = 0; i < length; i++) {
    start += 0.4 * random.next();
    notes.pitch[i] = 40 + random.below(40);
    notes.velocity[i] = 30 + random.below(60);
    notes.start[i] = start;
    notes.end[i] = start + 0.05 + random.next();
  }
  return notes;
}

const SMALL = {
  layers: 1,
  hiddenSize: 6,
  headSize: 5,
  contextUnits: 4,
  keyFeatures: 2,
};

/** Small models of the kinds that play. */
const CONFIGS: Readonly<Record<string, ModelConfig>> = {
  tutorial: { ...TUTORIAL_CONFIG, windowLength: 12, hiddenSize: 6, denseSize: 5 } as ModelConfig,
  performance: kindNamed('performance').configure(SMALL),
  metrical: kindNamed('metrical').configure(SMALL),
};

/** Everything that is kept of a run after twenty steps. */
export async function trainTwentySteps(name: string): Promise<{ saved: SavedRun; losses: LossRecord[] }> {
  const kind = kindNamed(name);
  const prepare = (seeds: readonly number[]) => seeds.map((seed) => kind.prepare(pieceOf(seed, 60)));
  const pieces = { train: prepare([1, 2, 3, 4]), validation: prepare([5]) };
  const options = { ...kind.options, steps: STEPS, batchSize: 2, sequenceLength: 16, epochs: 100 };
  const loader = await kind.dataLoader(CONFIGS[name], pieces, options);
  const losses: LossRecord[] = [];
  const kept: SavedRun[] = [];
  const store = {
    get logged() {
      return losses.length;
    },
    log: (records: readonly LossRecord[]) => void losses.push(...records),
    async save(run: SavedRun) {
      kept.push(run);
      return true;
    },
  };
  const clock = new TrainingClock(0, () => 0);
  const sitting = new Sitting({ model: loader.model, store, checkpointSeconds: 1e9, clock });
  for await (const _ of sitting.run((from) => train(loader, plainEngine(), options, from)));
  await sitting.save();
  const model = kept.findLast((run) => run.model !== undefined)?.model;
  return { saved: { ...kept[kept.length - 1], model }, losses };
}
