import { describe, expect, it } from 'vitest';
import { DATA, model, OPTIONS } from '../../test/helpers/training-case.js';
import { decodeCheckpoint } from '../checkpoint/checkpoint.js';
import { plainEngine } from '../engine/plain/plain.js';
import { modelFromCheckpoint } from '../kinds/load.js';
import { WindowDataLoader } from '../kinds/tutorial/data-loader.js';
import { train } from '../training/train.js';
import { type RunState, Sitting } from './sitting.js';
import { checkpointToSnapshot } from './snapshot-checkpoint.js';
import type { SavedRun } from './store.js';

/** A sitting of so many steps in all; gives everything that was kept. */
async function sit(steps: number, from?: RunState): Promise<SavedRun[]> {
  const kept: SavedRun[] = [];
  const store = {
    logged: 0,
    log: () => {},
    save: async (run: SavedRun) => {
      kept.push(run);
      return true;
    },
  };
  const options = { ...OPTIONS, epochs: 9, steps };
  const loader = new WindowDataLoader(model, DATA, options);
  const sitting = new Sitting({ model, store, from, checkpointSeconds: 1e9 });
  for await (const _ of sitting.run((from) => train(loader, plainEngine(), options, from)));
  await sitting.save();
  return kept;
}

describe('a sitting', () => {
  it('keeps the better weights of an epoch that was cut short, judged, and gone on with', async () => {
    const cut = await sit(2);
    const from = checkpointToSnapshot(decodeCheckpoint(cut[cut.length - 1].checkpoint, 'cut'));
    expect(from.snapshot.position.stopping.bestEpoch).toBe(1);
    const whole = await sit(3, from);
    const { snapshot } = checkpointToSnapshot(decodeCheckpoint(whole[whole.length - 1].checkpoint, 'whole'));
    expect(snapshot.position.stopping.bestEpoch).toBe(1);
    expect(snapshot.bestParameters).not.toEqual(from.snapshot.bestParameters);
    const file = whole.findLast((run) => run.model !== undefined)?.model as Uint8Array;
    const { parameters } = modelFromCheckpoint(decodeCheckpoint(file, 'model'));
    expect(parameters).toEqual(snapshot.bestParameters);
  });
});
