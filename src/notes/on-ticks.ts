/** Notes on the ticks of a MIDI file. */
import { CadenzaError } from '../errors.js';
import type { TempoMap } from '../midi/tempo-map.js';
import { MAX_DELTA_TICKS } from '../midi/write.js';
import type { NoteTable } from './note-table.js';

/** N notes on the ticks they are written at, in the order in which they will be read back. */
export interface NotesOnTicks {
  /** (N) index into the table given. */
  readonly source: Uint32Array;
  /** (N) */
  readonly startTick: Float64Array;
  /** (N) */
  readonly endTick: Float64Array;
}

/**
 * The notes on the nearest ticks. As a key cannot sound twice at once, a note ends at the latest where its
 * pitch is struck again, two strikes of one pitch are at least a tick apart (the later one moves), and no
 * note is shorter than a tick.
 *
 * @throws CadenzaError if a note is out of range
 */
export function notesOnTicks(notes: NoteTable, tempoMap: TempoMap): NotesOnTicks {
  const { length, pitch } = notes;
  for (let i = 0; i < length; i++) checkNote(notes, i);
  const starts = Float64Array.from(notes.start, (seconds) => toTick(seconds, tempoMap));
  const ends = Float64Array.from(notes.end, (seconds) => toTick(seconds, tempoMap));

  const inTime = Uint32Array.from(starts.keys()).sort((a, b) => notes.start[a] - notes.start[b] || a - b);
  const previous = new Int32Array(128).fill(-1); // the last note of each pitch
  for (const i of inTime) {
    const before = previous[pitch[i]];
    if (before >= 0) {
      starts[i] = Math.max(starts[i], starts[before] + 1);
      ends[before] = Math.min(ends[before], starts[i]);
    }
    ends[i] = Math.max(ends[i], starts[i] + 1);
    previous[pitch[i]] = i;
  }
  // Read back, notes of one start come in the order of their releases, which the file has by pitch.
  const source = inTime.sort((a, b) => starts[a] - starts[b] || ends[a] - ends[b] || pitch[a] - pitch[b]);
  return {
    source,
    startTick: Float64Array.from(source, (i) => starts[i]),
    endTick: Float64Array.from(source, (i) => ends[i]),
  };
}

function checkNote({ pitch, velocity, start, end }: NoteTable, i: number): void {
  if (pitch[i] > 127) throw new CadenzaError(`note ${i}: pitch is ${pitch[i]}; MIDI has 0 … 127`);
  if (velocity[i] < 1 || velocity[i] > 127) {
    throw new CadenzaError(`note ${i}: velocity is ${velocity[i]}; MIDI has 1 … 127`);
  }
  // Written so that NaN fails too.
  if (!(start[i] >= 0)) throw new CadenzaError(`note ${i}: start is ${start[i]} s; times count from 0`);
  if (!(end[i] >= start[i]))
    throw new CadenzaError(`note ${i}: end is ${end[i]} s, before its start at ${start[i]} s`);
}

/** The latest time that is written, in whole seconds. */
export function latestSeconds(tempoMap: TempoMap): number {
  return Math.floor(tempoMap.secondsAt(MAX_DELTA_TICKS / 2));
}

/** The tick of a time that is known to be 0 or more. */
export function toTick(seconds: number, tempoMap: TempoMap): number {
  const tick = tempoMap.tickAt(seconds);
  if (tick <= MAX_DELTA_TICKS / 2) return tick;
  throw new CadenzaError(
    `a time of ${seconds} s is too late for a MIDI file; at this resolution ${latestSeconds(tempoMap)} s is the latest`,
  );
}
