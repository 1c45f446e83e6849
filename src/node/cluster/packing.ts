/** What jobs need and give, as safetensors files: the same content is always the same bytes. */
import {
  type NamedTensor,
  readSafetensors,
  type TensorData,
  writeSafetensors,
} from '../../checkpoint/safetensors.js';
import { CadenzaError } from '../../errors.js';
import type { PreparedPiece } from '../../kinds/kind.js';
import type { NoteTable } from '../../notes/note-table.js';
import type { Pedal } from '../../notes/pedal.js';

export type Vectors = Readonly<Record<string, Float32Array>>;

export function packVectors(vectors: Vectors): Uint8Array<ArrayBuffer> {
  const tensors = Object.entries(vectors).map(([name, data]) => ({ name, shape: [data.length], data }));
  return writeSafetensors(tensors);
}

/** @throws CadenzaError when they are no vectors */
export function unpackVectors(bytes: Uint8Array, name: string): Vectors {
  const { tensors } = readSafetensors(bytes, name);
  return Object.fromEntries(
    tensors.map((tensor) => {
      if (tensor.data instanceof Float32Array) return [tensor.name, tensor.data];
      throw new CadenzaError(`${name}: ${tensor.name} holds no 32-bit numbers; run the command again`);
    }),
  );
}

/** Columns of many pieces, and what else there is to say of them. */
interface Columns<T> {
  readonly arrays: readonly TensorData[];
  /** It survives JSON. */
  readonly about: T;
}

/** The place of a column in the list of those of a piece. */
const columnName = (place: number) => `column${place}`;
/** A piece without this column, among the lengths. */
const ABSENT = -1;

/** Columns of the same place are of the same type, and lie one after the other. */
function packColumns<T>(pieces: readonly Columns<T>[]): Uint8Array<ArrayBuffer> {
  const width = Math.max(0, ...pieces.map(({ arrays }) => arrays.length));
  const lengths = new Int32Array(pieces.length * width).fill(ABSENT);
  for (const [i, { arrays }] of pieces.entries())
    for (const [place, array] of arrays.entries()) lengths[i * width + place] = array.length;
  const tensors: NamedTensor[] = [{ name: 'lengths', shape: [pieces.length, width], data: lengths }];
  for (let place = 0; place < width; place++) {
    const parts = pieces.flatMap(({ arrays }) => (place < arrays.length ? [arrays[place]] : []));
    const data = joined(parts);
    tensors.push({ name: columnName(place), shape: [data.length], data });
  }
  return writeSafetensors(tensors, { about: JSON.stringify(pieces.map(({ about }) => about)) });
}

function joined(parts: readonly TensorData[]): TensorData {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const all = new (parts[0].constructor as Uint8ArrayConstructor)(length);
  let from = 0;
  for (const part of parts) {
    all.set(part as Uint8Array, from);
    from += part.length;
  }
  return all;
}

function unpackColumns<T>(bytes: Uint8Array, name: string): Columns<T>[] {
  const { tensors, metadata } = readSafetensors(bytes, name);
  const fail = (): never => {
    throw new CadenzaError(`${name}: holds no pieces; run the command again`);
  };
  const dataOf = (wanted: string) => tensors.find((tensor) => tensor.name === wanted)?.data ?? fail();
  const about: unknown = JSON.parse(metadata.about ?? 'null');
  const lengths = dataOf('lengths');
  if (!Array.isArray(about) || !(lengths instanceof Int32Array)) return fail();
  const width = about.length === 0 ? 0 : lengths.length / about.length;
  const columns = Array.from({ length: width }, (_, place) => dataOf(columnName(place)));
  const from = new Array<number>(width).fill(0);
  return about.map((each: T, i) => {
    const arrays: TensorData[] = [];
    for (let place = 0; place < width; place++) {
      const length = lengths[i * width + place];
      if (length === ABSENT) continue;
      if (length < 0 || from[place] + length > columns[place].length) return fail();
      arrays.push(columns[place].subarray(from[place], from[place] + length));
      from[place] += length;
    }
    return { arrays, about: each };
  });
}

/** Pieces as a kind prepared them for learning. */
export function packPrepared(pieces: readonly PreparedPiece[]): Uint8Array<ArrayBuffer> {
  return packColumns(pieces.map(({ arrays, notes, composer }) => ({ arrays, about: { notes, composer } })));
}

export function unpackPrepared(bytes: Uint8Array, name: string): PreparedPiece[] {
  return unpackColumns<Pick<PreparedPiece, 'notes' | 'composer'>>(bytes, name).map(({ arrays, about }) => ({
    ...about,
    arrays: arrays as PreparedPiece['arrays'],
  }));
}

/** Notes of a piece, with its pedal where it has one, and what else there is to say of it. */
export interface PackedNotes<T> {
  readonly notes: NoteTable;
  readonly pedal?: Pedal;
  readonly about: T;
}

/** What columns there are beside the four of notes. */
interface Beside<T> {
  readonly hasBeats: boolean;
  readonly hasPedal: boolean;
  readonly about: T;
}

const NONE = { bytes: new Uint8Array(), times: new Float64Array() };

export function packNotes<T>(pieces: readonly PackedNotes<T>[]): Uint8Array<ArrayBuffer> {
  return packColumns(
    pieces.map(({ notes, pedal, about }) => {
      const { pitch, velocity, start, end, beats } = notes;
      const beside: Beside<T> = { hasBeats: beats !== undefined, hasPedal: pedal !== undefined, about };
      return {
        arrays: [
          pitch,
          velocity,
          start,
          end,
          beats?.time ?? NONE.times,
          beats?.place ?? NONE.bytes,
          pedal?.time ?? NONE.times,
          pedal?.value ?? NONE.bytes,
        ],
        about: beside,
      };
    }),
  );
}

export function unpackNotes<T>(bytes: Uint8Array, name: string): PackedNotes<T>[] {
  return unpackColumns<Beside<T>>(bytes, name).map(({ arrays, about: { hasBeats, hasPedal, about } }) => {
    const isNotes =
      arrays.length === 8 && arrays.every((array, i) => (array.BYTES_PER_ELEMENT === 8) === TIMES[i]);
    if (!isNotes) throw new CadenzaError(`${name}: holds no notes; run the command again`);
    const [pitch, velocity, start, end, time, place, moved, value] = arrays;
    const notes = { length: pitch.length, pitch, velocity, start, end } as NoteTable;
    return {
      notes: hasBeats ? ({ ...notes, beats: { time, place } } as NoteTable) : notes,
      ...(hasPedal && { pedal: { length: moved.length, time: moved, value } as Pedal }),
      about,
    };
  });
}

/** Which of the columns hold times. */
const TIMES = [false, false, true, true, true, false, true, false];
