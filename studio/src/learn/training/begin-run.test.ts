import { describe, expect, it } from 'vitest';
import {
  CadenzaError,
  createNoteTable,
  encodeCheckpoint,
  modelOfConfig,
  type Piece,
  plainEngine,
  snapshotToCheckpoint,
  startFrom,
} from '../../../../src/index.js';
import { beginRun } from './begin-run.js';
import { defaultPlan, MOST_JUDGED_NOTES, type TrainingPlan } from './plan.js';

const engines = { engine: plainEngine(), shards: [] };
const plan: TrainingPlan = {
  ...defaultPlan('performance'),
  hiddenSize: 4,
  layers: 1,
  length: { unit: 'steps', count: 10 },
};

function piece(name: string, length: number, pitch = 60): Piece {
  const notes = createNoteTable(length);
  for (let i = 0; i < length; i++) {
    notes.pitch[i] = pitch + (i % 5);
    notes.velocity[i] = 64;
    notes.start[i] = i / 4;
    notes.end[i] = i / 4 + 0.2;
  }
  return { name, notes, warnings: 0, contentHash: name };
}

describe('a training begins', () => {
  const pieces = ['a', 'b', 'c', 'd', 'e'].map((name, i) => piece(name, 20 + i));

  it('with some pieces held out, and rows that are kept busy', async () => {
    const { record, pieces: sides, from } = await beginRun(plan, 'mine', pieces, engines);
    expect(from).toBeUndefined();
    expect([sides.train.length, sides.validation.length]).toEqual([4, 1]);
    expect(record).toMatchObject({
      title: 'mine',
      preset: 'performance',
      config: { hiddenSize: 4, layers: 1, contextUnits: 4 },
      options: { steps: 10, batchSize: 2 },
      corpus: { pieces: 5, heldOutPieces: 1, remarks: [] },
      isFinished: false,
    });
    expect(record.corpus.notes).toBe(110);
  });

  it('judges the beginning of a long piece, without the rest of it in its memory', async () => {
    const long = [piece('a', 3000), piece('b', 3000, 50)];
    const { pieces: sides } = await beginRun(plan, 'mine', long, engines);
    const [{ notes, arrays }] = sides.validation;
    expect(notes).toBe(MOST_JUDGED_NOTES);
    for (const array of arrays) expect(array.buffer.byteLength).toBe(array.byteLength);
  });

  it('leaves out what is too short for the tutorial model, and says so', async () => {
    const tutorial: TrainingPlan = { ...plan, preset: 'tutorial' };
    const { record } = await beginRun(tutorial, 'mine', [...pieces, piece('long', 200)], engines);
    expect(record.corpus).toMatchObject({ pieces: 1, heldOutPieces: 0 });
    expect(record.corpus.remarks).toEqual(['5 of 6 pieces are left out: they have no more than 150 notes.']);
    await expect(beginRun(tutorial, 'mine', pieces, engines)).rejects.toThrow(
      /no piece has more than the 150 notes/,
    );
  });

  it('with the weights of a file, and its sizes', async () => {
    const { record } = await beginRun({ ...plan, hiddenSize: 6 }, 'mine', pieces, engines);
    const model = modelOfConfig(record.config);
    const parameters = Float32Array.from(
      { length: model.parameters.reduce((n, { shape }) => n + shape.reduce((a, b) => a * b, 1), 0) },
      (_, i) => (i % 7) / 10,
    );
    const bytes = encodeCheckpoint(
      snapshotToCheckpoint(model, startFrom(parameters), { lossRecords: 0, seconds: 0 }),
    );
    const from = { name: 'theirs.safetensors', bytes };
    const begun = await beginRun(plan, 'mine', pieces, engines, from);
    expect(begun.record).toMatchObject({ startedFrom: 'theirs.safetensors', config: { hiddenSize: 6 } });
    expect(begun.from?.snapshot.parameters).toEqual(parameters);
    const wrong = beginRun({ ...plan, preset: 'tutorial' }, 'mine', pieces, engines, from);
    await expect(wrong).rejects.toThrow(CadenzaError);
    const damaged = beginRun(plan, 'mine', pieces, engines, {
      name: 'x.safetensors',
      bytes: bytes.slice(0, 100),
    });
    await expect(damaged).rejects.toThrow(/^x\.safetensors/);
  });

  it('for minutes, once it knows how long a step takes', async () => {
    let measured = 0;
    const minutes: TrainingPlan = { ...plan, length: { unit: 'minutes', count: 1 } };
    const { record } = await beginRun(minutes, 'mine', pieces, engines, undefined, () => measured++);
    expect(measured).toBe(1);
    expect(record.options.steps).toBeGreaterThanOrEqual(1);
    expect(record.losses).toEqual([]);
  });
});
