/**
 * A performance as notes: an event is the time since the last onset, the key, its velocity and its duration.
 * Notes come in the order of the grid, which is by onset, then key. Steps and durations of more than
 * MOST_TICKS are cut to that.
 */
import { createGridNotes, type GridNotes, inGridOrder, KEYS, VELOCITY_BINS } from '../notes/grid.js';
import type { Attribute, EventRepresentation, EventTable, EventTracker } from './events.js';
import { binWidth, MOST_TICKS, TIME_BINS, timeBin } from './time-bins.js';

const ATTRIBUTES: readonly Attribute[] = [
  { name: 'step', size: TIME_BINS, classOf: timeBin, widthOf: binWidth },
  { name: 'key', size: KEYS, classOf: (key) => key },
  { name: 'velocity', size: VELOCITY_BINS, classOf: (bin) => bin },
  { name: 'duration', size: TIME_BINS, classOf: timeBin, widthOf: binWidth },
];
const KEY = 1;

function encode({ length, key, velocity, onset, offset }: GridNotes): EventTable {
  const steps = new Int32Array(length);
  const durations = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    steps[i] = i === 0 ? 0 : Math.min(onset[i] - onset[i - 1], MOST_TICKS);
    durations[i] = Math.min(offset[i] - onset[i], MOST_TICKS);
  }
  return { length, columns: [steps, Int32Array.from(key), Int32Array.from(velocity), durations] };
}

/**
 * Time begins with the first note, whatever its step; a note ends at the latest where its key is struck
 * again.
 */
function decode({ length, columns: [steps, keys, velocities, durations] }: EventTable): GridNotes {
  const notes = createGridNotes(length);
  let now = 0;
  for (let i = 0; i < length; i++) {
    if (i > 0) now += steps[i];
    notes.key[i] = keys[i];
    notes.velocity[i] = velocities[i];
    notes.onset[i] = now;
    notes.offset[i] = now + durations[i];
  }
  return inGridOrder(notes);
}

class NoteTupleTracker implements EventTracker {
  /** The lowest key that can be struck in the same tick. */
  private lowest = 0;

  reset(): void {
    this.lowest = 0;
  }

  context(): void {}

  allowed(attribute: number, chosen: ArrayLike<number>, into: Float32Array, at: number): void {
    into.fill(1, at, at + ATTRIBUTES[attribute].size);
    if (attribute === KEY && chosen[0] === 0) into.fill(0, at, at + this.lowest);
  }

  push(values: ArrayLike<number>): void {
    const [key, duration] = [values[1], values[3]];
    // A key is struck again in its tick only after a note without length. Something has to be allowed after
    // the top key.
    this.lowest = Math.min(duration > 0 ? key + 1 : key, KEYS - 1);
  }
}

export const NOTE_TUPLES: EventRepresentation = {
  name: 'note-tuples',
  attributes: ATTRIBUTES,
  constrained: [false, true, false, false],
  contextSize: 0,
  encode,
  decode,
  createTracker: () => new NoteTupleTracker(),
};
