/**
 * The notes of a layer, ascending by start, that can grow while they are shown, and from which those within a
 * span of time are found without looking at all of them.
 */

import type { NoteTable } from '../../notes/note-table.js';
import { firstAtLeast } from '../../search.js';

/** Notes in a block, of which only the latest end is remembered. */
const BLOCK = 128;

export class NoteIndex {
  /** Number of notes. */
  length = 0;
  /** (capacity) */
  pitch = new Uint8Array(256);
  /** (capacity) */
  velocity = new Uint8Array(256);
  /** (capacity) seconds, ascending over the first `length`. */
  start = new Float64Array(256);
  /** (capacity) seconds; `Infinity` while the key is down. */
  end = new Float64Array(256);
  /** (blocks) the latest end within each block. */
  private latest: number[] = [];
  /** Index of the note whose key is down, by pitch. */
  private readonly open = new Map<number, number>();
  /** End of all that is known, seconds. */
  extent = 0;
  lowest = 127;
  highest = 0;

  /** Takes in notes; gives the index of the first that is new, or that moved. */
  add(notes: NoteTable): number {
    let first = this.length;
    for (let i = 0; i < notes.length; i++) {
      const index = this.insert(notes.start[i], notes.end[i], notes.pitch[i], notes.velocity[i]);
      first = Math.min(first, index);
    }
    return first;
  }

  /** A key goes down; its note lasts until `release`. */
  strike(time: number, pitch: number, velocity: number): number {
    this.release(time, pitch);
    const index = this.insert(time, Number.POSITIVE_INFINITY, pitch, velocity);
    this.open.set(pitch, index);
    return index;
  }

  /** A key goes up; gives the index of its note, or −1 if it was not down. */
  release(time: number, pitch: number): number {
    const index = this.open.get(pitch);
    if (index === undefined) return -1;
    this.open.delete(pitch);
    this.end[index] = Math.max(time, this.start[index]);
    this.refreshBlock(Math.floor(index / BLOCK));
    this.extent = Math.max(this.extent, this.end[index]);
    return index;
  }

  /** Indices of the notes whose keys are down. */
  openNotes(): Iterable<number> {
    return this.open.values();
  }

  /** Calls back with the index of every note that sounds between two times, ascending. */
  between(from: number, to: number, callback: (index: number) => void): void {
    const last = this.indexAt(to);
    for (let block = 0; block * BLOCK < last; block++) {
      if (this.latest[block] <= from) continue;
      const stop = Math.min(last, (block + 1) * BLOCK);
      for (let i = block * BLOCK; i < stop; i++) if (this.end[i] > from) callback(i);
    }
  }

  /** Index of the note at a time and pitch, the last struck first; −1 if there is none. */
  at(time: number, pitch: number): number {
    let found = -1;
    this.between(time, time + 1e-9, (i) => {
      if (this.pitch[i] === pitch) found = i;
    });
    return found;
  }

  /** Index of the first note that starts at `seconds` or later. */
  indexAt(seconds: number): number {
    return firstAtLeast(this.start.subarray(0, this.length), seconds);
  }

  private insert(start: number, end: number, pitch: number, velocity: number): number {
    if (this.length === this.start.length) this.grow();
    let index = this.length;
    while (index > 0 && this.start[index - 1] > start) index--;
    const isLast = index === this.length;
    if (!isLast) this.makeRoom(index);
    this.start[index] = start;
    this.end[index] = end;
    this.pitch[index] = pitch;
    this.velocity[index] = velocity;
    this.length++;
    const block = Math.floor(index / BLOCK);
    if (isLast) this.latest[block] = Math.max(this.latest[block] ?? end, end);
    else for (let b = block; b * BLOCK < this.length; b++) this.refreshBlock(b);
    this.extent = Math.max(this.extent, Number.isFinite(end) ? end : start);
    this.lowest = Math.min(this.lowest, pitch);
    this.highest = Math.max(this.highest, pitch);
    return index;
  }

  private makeRoom(index: number): void {
    for (const column of [this.start, this.end, this.pitch, this.velocity]) {
      column.copyWithin(index + 1, index, this.length);
    }
    for (const [pitch, at] of this.open) if (at >= index) this.open.set(pitch, at + 1);
  }

  private refreshBlock(block: number): void {
    let latest = Number.NEGATIVE_INFINITY;
    const stop = Math.min(this.length, (block + 1) * BLOCK);
    for (let i = block * BLOCK; i < stop; i++) latest = Math.max(latest, this.end[i]);
    this.latest[block] = latest;
  }

  private grow(): void {
    const capacity = 2 * this.start.length;
    const grown = <T extends Float64Array | Uint8Array>(old: T, fresh: T) => {
      fresh.set(old);
      return fresh;
    };
    this.pitch = grown(this.pitch, new Uint8Array(capacity));
    this.velocity = grown(this.velocity, new Uint8Array(capacity));
    this.start = grown(this.start, new Float64Array(capacity));
    this.end = grown(this.end, new Float64Array(capacity));
  }
}
