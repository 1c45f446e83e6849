/** Training that is interrupted and goes on is training that was never interrupted, to the bit. */
import { describe, expect, it } from 'vitest';
import {
  collect,
  DATA,
  ENGINES,
  type Event,
  model,
  OPTIONS,
  STEPS_PER_EPOCH,
  told,
} from '../../test/helpers/training-case.js';
import { decodeCheckpoint, encodeCheckpoint } from '../checkpoint/checkpoint.js';
import { WindowDataLoader } from '../kinds/tutorial/data-loader.js';
import { checkpointToSnapshot, snapshotToCheckpoint } from '../run/snapshot-checkpoint.js';
import type { StepProgress, TrainingSnapshot } from './progress.js';
import { train } from './train.js';

/** A snapshot as a run's folder would keep it. */
function throughFile(snapshot: TrainingSnapshot): TrainingSnapshot {
  const notes = { lossRecords: 12, seconds: 3.5 };
  const bytes = encodeCheckpoint(snapshotToCheckpoint(model, snapshot, notes));
  const back = checkpointToSnapshot(decodeCheckpoint(bytes, 'state.safetensors'));
  expect(back.notes).toEqual(notes);
  return back.snapshot;
}

describe.each(ENGINES.map((engine) => [engine.name, engine] as const))(
  'resumed training on %s',
  (_, engine) => {
    it('goes on from any moment, through a file, to the same bits', async () => {
      const whole = await collect(engine);
      expect(whole).toHaveLength(OPTIONS.epochs * (STEPS_PER_EPOCH + 1));
      for (const [i, { taken }] of whole.entries()) {
        const rest = await collect(engine, { resume: throughFile(taken) });
        expect(rest.map(told), `interrupted after event ${i + 1}`).toEqual(whole.slice(i + 1).map(told));
      }
    }, 120_000);

    it('can be interrupted after every single event', async () => {
      const whole = await collect(engine);
      const pieced: Event[] = [];
      let resume: TrainingSnapshot | undefined;
      while (pieced.length < whole.length) {
        const [event] = await collect(engine, { resume, events: 1 });
        pieced.push(event);
        resume = throughFile(event.taken);
      }
      expect(pieced.map(told)).toEqual(whole.map(told));
      expect(await collect(engine, { resume })).toEqual([]);
    }, 120_000);

    it('keeps a snapshot as it was taken, and leaves one it resumes from alone', async () => {
      const iterator = train(new WindowDataLoader(model, DATA, OPTIONS), engine, OPTIONS);
      const first = (await iterator.next()).value as StepProgress;
      const snapshot = first.snapshot();
      const copy = structuredClone(snapshot);
      for (let i = 0; i < 6; i++) await iterator.next();
      await iterator.return();
      expect(snapshot).toEqual(copy);
      await collect(engine, { resume: snapshot });
      expect(snapshot).toEqual(copy);
    });
  },
);
