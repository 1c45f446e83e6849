/**
 * What is to be played, as one list of events ascending by time: strikes, releases, movements of the pedal.
 * It grows at the end while a model is still playing; what comes late is put where it belongs.
 */

import type { KeyEvent } from '../../notes/cut.js';
import type { NoteTable } from '../../notes/note-table.js';
import type { Pedal } from '../../notes/pedal.js';
import { firstAtLeast } from '../../search.js';

/** The kinds of events, in the order in which those of one moment are played. */
export const RELEASE = 0;
export const PEDAL = 1;
export const STRIKE = 2;

/** Seconds that a note lasts at least, so that its release comes after its strike. */
const SHORTEST = 1e-3;

/** A pedal that is further down than this holds what sounds. */
const HALF_DOWN = 64;
/** Seconds: what sounds no longer than this is not worth to be struck again. */
const HARDLY_HEARD = 0.03;

/** A string that was struck and still sounds. */
export interface Sounding {
  readonly pitch: number;
  readonly velocity: number;
  /** When it was struck, seconds. */
  readonly since: number;
  /** How often its key is down: none where only the pedal holds it. */
  readonly count: number;
}

export class Timeline {
  /** Number of events. */
  length = 0;
  /** (capacity) seconds, ascending over the first `length`. */
  time = new Float64Array(256);
  /** (capacity) `RELEASE`, `PEDAL` or `STRIKE`. */
  kind = new Uint8Array(256);
  /** (capacity) pitch; 0 for the pedal. */
  pitch = new Uint8Array(256);
  /** (capacity) velocity of a strike, position of the pedal. */
  value = new Uint8Array(256);

  /** Time of the last event; 0 if there is none. */
  get end(): number {
    return this.length === 0 ? 0 : this.time[this.length - 1];
  }

  /** Whether it says anything about the pedal. */
  hasPedal = false;

  /** Takes in notes or events. */
  add(more: NoteTable | readonly KeyEvent[]): void {
    if ('pitch' in more) this.addNotes(more);
    else this.addEvents(more);
  }

  /** Takes in all notes of a table, and a pedal's movements. */
  addNotes(notes: NoteTable, pedal?: Pedal): void {
    const from = this.length;
    for (let i = 0; i < notes.length; i++) {
      this.push(notes.start[i], STRIKE, notes.pitch[i], notes.velocity[i]);
      this.push(Math.max(notes.end[i], notes.start[i] + SHORTEST), RELEASE, notes.pitch[i], 0);
    }
    for (let i = 0; i < (pedal?.length ?? 0); i++) this.push(pedal!.time[i], PEDAL, 0, pedal!.value[i]);
    this.hasPedal ||= (pedal?.length ?? 0) > 0;
    this.sortFrom(from);
  }

  /** Takes in strikes and releases. */
  addEvents(events: readonly KeyEvent[]): void {
    const from = this.length;
    for (const { time, pitch, velocity } of events) {
      this.push(time, velocity > 0 ? STRIKE : RELEASE, pitch, Math.max(0, velocity));
    }
    this.sortFrom(from);
  }

  /** Index of the first event at `seconds` or later. */
  indexAt(seconds: number): number {
    return firstAtLeast(this.time.subarray(0, this.length), seconds);
  }

  /** Where the pedal stands before event `index`. */
  pedalBefore(index: number): number {
    for (let i = index - 1; i >= 0; i--) if (this.kind[i] === PEDAL) return this.value[i];
    return 0;
  }

  /** What still sounds at a time, from before: keys that are down, and those that the pedal holds. */
  soundingAt(seconds: number): Sounding[] {
    const sounding = new Map<number, Sounding & { count: number }>();
    let pedal = 0;
    for (let i = 0; i < this.length && this.time[i] < seconds + HARDLY_HEARD; i++) {
      const { [i]: pitch } = this.pitch;
      const before = sounding.get(pitch);
      if (this.kind[i] === PEDAL) {
        pedal = this.value[i];
        if (pedal < HALF_DOWN) for (const [key, { count }] of sounding) if (count === 0) sounding.delete(key);
      } else if (this.kind[i] === RELEASE) {
        if (before === undefined) continue;
        before.count = Math.max(0, before.count - 1);
        if (before.count === 0 && pedal < HALF_DOWN) sounding.delete(pitch);
      } else if (this.time[i] < seconds) {
        const [since, velocity, count] = [this.time[i], this.value[i], (before?.count ?? 0) + 1];
        sounding.set(pitch, { pitch, velocity, since, count });
      }
    }
    return [...sounding.values()];
  }

  private push(time: number, kind: number, pitch: number, value: number): void {
    if (this.length === this.time.length) this.grow();
    this.time[this.length] = time;
    this.kind[this.length] = kind;
    this.pitch[this.length] = pitch;
    this.value[this.length] = value;
    this.length++;
  }

  private grow(): void {
    const capacity = 2 * this.time.length;
    const grown = <T extends Float64Array | Uint8Array>(old: T, fresh: T) => {
      fresh.set(old);
      return fresh;
    };
    this.time = grown(this.time, new Float64Array(capacity));
    this.kind = grown(this.kind, new Uint8Array(capacity));
    this.pitch = grown(this.pitch, new Uint8Array(capacity));
    this.value = grown(this.value, new Uint8Array(capacity));
  }

  /** Sorts again what was added from index `from` on; nothing moves that was earlier than all of it. */
  private sortFrom(from: number): void {
    let earliest = Number.POSITIVE_INFINITY;
    for (let i = from; i < this.length; i++) earliest = Math.min(earliest, this.time[i]);
    let first = from;
    while (first > 0 && this.time[first - 1] >= earliest) first--;
    const order = Uint32Array.from({ length: this.length - first }, (_, i) => first + i);
    order.sort((a, b) => this.time[a] - this.time[b] || this.kind[a] - this.kind[b] || a - b);
    for (const column of [this.time, this.kind, this.pitch, this.value]) {
      column.set(
        Array.from(order, (i) => column[i]),
        first,
      );
    }
  }
}
