/** What the commands ask of a cluster instead of this machine: training, measuring, playing. */
import { encodeCheckpoint } from '../../checkpoint/checkpoint.js';
import type { Piece } from '../../dataset/corpus.js';
import type { LoadedModel, PieceMeasure, Player } from '../../kinds/kind.js';
import { namedViews } from '../../model/parameters.js';
import type { NoteTable } from '../../notes/note-table.js';
import { soundingOf } from '../../notes/transform.js';
import type { Measurer } from '../evaluate.js';
import type { Trainer } from '../run/trainer.js';
import type { Jobs } from './cluster.js';
import { request } from './jobs/jobs.js';
import { MEASURE, MINUTES } from './jobs/measure.js';
import { PLAY, unpackPlayed } from './jobs/play.js';
import { packNotes } from './packing.js';
import { clusterReader } from './reader.js';
import { RoundsTraining } from './rounds.js';

/** Pieces of a job: as many as lie side by side in a batch. */
const PIECES = 32;
/** Pieces that are put in order by length at a time, so that those of a job are of like length. */
const ORDERED = 2048;

export function trainerBy(jobs: Jobs, signal?: AbortSignal): Trainer {
  return {
    inRounds: true,
    openReader: clusterReader(jobs),
    async begin(task) {
      return async function* (from) {
        const training = await RoundsTraining.begin(jobs, task, from);
        try {
          yield* training.run();
        } catch (error) {
          // What a round had done is lost; the one before is what is kept.
          if (!signal?.aborted) throw error;
        }
      };
    },
    async close() {},
  };
}

export function measurerBy(jobs: Jobs): Measurer {
  return {
    openReader: clusterReader(jobs),
    async measure(loaded, pieces, { stride, onProgress }) {
      const model = await jobs.blobs.put(fileOf(loaded));
      const results: PieceMeasure[] = [];
      let some: { place: number; piece: Piece }[] = [];
      let count = 0;
      const flush = async () => {
        some.sort((a, b) => b.piece.notes.length - a.piece.notes.length);
        const groups = Array.from({ length: Math.ceil(some.length / PIECES) }, (_, i) =>
          some.slice(i * PIECES, (i + 1) * PIECES),
        );
        const asked = [];
        for (const group of groups) {
          const notes = group.map(({ piece }) => ({ notes: piece.notes, about: piece.name }));
          const file = await jobs.blobs.put(packNotes(notes));
          asked.push(request(MEASURE, { model, pieces: file, ...(stride && { stride }) }));
        }
        const before = count - some.length;
        const measured = await jobs.all(asked, (done) => {
          const pieces = Math.min(some.length, done * PIECES);
          onProgress?.(before + pieces, `${done} of ${asked.length} jobs`);
        });
        for (const [i, group] of groups.entries())
          for (const [j, { place }] of group.entries()) results[place] = measured[i][j];
        some = [];
      };
      for await (const piece of pieces) {
        some.push({ place: count++, piece });
        if (some.length === ORDERED) await flush();
      }
      await flush();
      return results;
    },
  };
}

/** Bits a note of every minute of pieces: see `Kind.bitsByMinute`. */
export async function minutesBy(
  jobs: Jobs,
  loaded: LoadedModel,
  pieces: readonly NoteTable[],
): Promise<readonly number[]> {
  const [model, file] = [
    await jobs.blobs.put(fileOf(loaded)),
    await jobs.blobs.put(packNotes(pieces.map((notes) => ({ notes, about: null })))),
  ];
  const [minutes] = await jobs.all([request(MINUTES, { model, pieces: file })]);
  return minutes;
}

/**
 * A player whose notes are played by a cluster: all that is asked for at once, since a request is one job.
 *
 * @param here knows of the model what needs no engine
 */
export function playerBy(jobs: Jobs, loaded: LoadedModel, here: Player): Player {
  return {
    remarks: (start) => here.remarks(start),
    countsFrom: (start) => here.countsFrom(start),
    async prepare() {},
    async *play({ piece, heard = soundingOf(piece), ...request_ }, onHeard) {
      const notes = [
        { ...piece, about: null },
        { notes: heard, about: null },
      ];
      const files = {
        model: await jobs.blobs.put(fileOf(loaded)),
        piece: await jobs.blobs.put(packNotes(notes)),
      };
      const [{ played }] = await jobs.all([request(PLAY, { ...files, request: request_ })]);
      onHeard?.(1);
      yield* unpackPlayed(await jobs.blobs.get(played));
    },
    release: () => here.release(),
  };
}

function fileOf({ model, parameters }: LoadedModel): Uint8Array<ArrayBuffer> {
  return encodeCheckpoint({ config: model.config, tensors: namedViews(parameters, model.parameters) });
}
