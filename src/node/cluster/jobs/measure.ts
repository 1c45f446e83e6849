/** Measures a model by pieces: in full, or minute by minute. */
import { decodeCheckpoint } from '../../../checkpoint/checkpoint.js';
import type { Piece } from '../../../dataset/corpus.js';
import { CadenzaError } from '../../../errors.js';
import type { LoadedModel, PieceMeasure } from '../../../kinds/kind.js';
import { modelFromCheckpoint } from '../../../kinds/load.js';
import { optional, wholeIn } from '../../../training/fields.js';
import type { Blobs } from '../blobs.js';
import { fileIn } from '../fields.js';
import { unpackNotes } from '../packing.js';
import type { JobKind } from './job.js';

export interface MeasureData {
  /** File of the model. */
  readonly model: string;
  /** File of the notes of pieces, named by `about`. */
  readonly pieces: string;
  readonly stride?: number;
}

export async function modelIn(blobs: Blobs, file: string): Promise<LoadedModel> {
  return modelFromCheckpoint(decodeCheckpoint(await blobs.get(file), 'the model of a job'));
}

export const MEASURE: JobKind<MeasureData, readonly PieceMeasure[]> = {
  name: 'measure',
  check: (data) => ({
    model: fileIn(data, 'model'),
    pieces: fileIn(data, 'pieces'),
    stride: optional(data, 'stride', (from, name) => wholeIn(from, name, 1)),
  }),
  async run({ model, pieces: file, stride }, { blobs, engine, shards, signal, tell }) {
    const loaded = await modelIn(blobs, model);
    const pieces = unpackNotes<string>(await blobs.get(file), 'the pieces of a job');
    async function* all(): AsyncGenerator<Piece> {
      for (const { notes, about: name } of pieces) yield { name: String(name), notes, warnings: 0 };
    }
    const onProgress = (done: number) => {
      signal.throwIfAborted();
      tell(done / pieces.length);
    };
    return loaded.kind.measure(loaded, engine, all(), { stride, shards, onProgress });
  },
};

export type MinutesData = Omit<MeasureData, 'stride'>;

/** Bits a note of every minute, over all pieces. */
export const MINUTES: JobKind<MinutesData, readonly number[]> = {
  name: 'minutes',
  check: (data) => ({ model: fileIn(data, 'model'), pieces: fileIn(data, 'pieces') }),
  async run({ model, pieces: file }, { blobs, engine }) {
    const loaded = await modelIn(blobs, model);
    const pieces = unpackNotes(await blobs.get(file), 'the pieces of a job').map(({ notes }) => notes);
    const minutes = await loaded.kind.bitsByMinute?.(loaded, engine, pieces);
    if (minutes !== undefined) return minutes;
    throw new CadenzaError(`a ${loaded.kind.name} model is not measured minute by minute`);
  },
};
