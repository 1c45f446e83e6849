/**
 * Notes on a grid as strikes and releases one after the other, and back.
 *
 * Their order is fixed, so that a grid has one sequence. Within a tick: releases of notes struck before, from
 * low to high; strikes from low to high; releases of notes without length, from low to high; and, for keys
 * struck more than once in the tick, the last two again.
 */
import { createGridNotes, type GridNotes, inGridOrder, KEYS } from '../notes/grid.js';

const SILENT = -1;

/**
 * (2N) the strikes and releases of notes in their order: i where note i is struck, ~i where it is released.
 */
export function eventOrder({ length, key, onset, offset }: GridNotes): Int32Array {
  // Releases of notes with a length in their order, as single numbers of tick and key, which no two of them
  // share.
  const releases = new Float64Array(length);
  let count = 0;
  for (let i = 0; i < length; i++) {
    if (offset[i] > onset[i]) releases[count++] = offset[i] * KEYS + key[i];
  }
  releases.subarray(0, count).sort();
  const order = new Int32Array(2 * length);
  const sounding = new Int32Array(KEYS);
  let at = 0;
  let next = 0;
  for (let from = 0, to = 0; from < length; from = to) {
    const tick = onset[from];
    for (; next < count && releases[next] < (tick + 1) * KEYS; next++)
      order[at++] = ~sounding[releases[next] % KEYS];
    // The first note of every key, then the second of those that have one, …
    let round: number[] = [];
    for (to = from; to < length && onset[to] === tick; to++) {
      if (to === from || key[to] !== key[to - 1]) round.push(to);
    }
    while (round.length > 0) {
      const again: number[] = [];
      for (const i of round) order[at++] = i;
      for (const i of round) {
        if (offset[i] === tick) order[at++] = ~i;
        else sounding[key[i]] = i;
        if (i + 1 < to && key[i + 1] === key[i]) again.push(i + 1);
      }
      round = again;
    }
  }
  for (; next < count; next++) order[at++] = ~sounding[releases[next] % KEYS];
  return order;
}

/**
 * (2N) when they are, in ticks, ascending. An event tells only the time since the one before, and no more
 * than it can.
 */
export function eventTicks(notes: GridNotes): Int32Array {
  return eventOrder(notes).map((i) => (i >= 0 ? notes.onset[i] : notes.offset[~i]));
}

/** Hears strikes and releases, in any order, and writes the notes that they make. */
export class GridWriter {
  private readonly notes: GridNotes;
  private readonly sounding = new Int32Array(KEYS).fill(SILENT);
  private length = 0;
  private now = 0;

  /** @param most room for so many strikes */
  constructor(most: number) {
    this.notes = createGridNotes(most);
  }

  /** Lets time pass; it begins with the first strike. */
  wait(ticks: number): void {
    if (this.length > 0) this.now += ticks;
  }

  /** A key that sounds is released first. */
  strike(key: number, velocity: number): void {
    this.release(key);
    this.notes.key[this.length] = key;
    this.notes.velocity[this.length] = velocity;
    this.notes.onset[this.length] = this.now;
    this.sounding[key] = this.length++;
  }

  /** Nothing happens to a key that does not sound. */
  release(key: number): void {
    const i = this.sounding[key];
    if (i !== SILENT) this.notes.offset[i] = this.now;
    this.sounding[key] = SILENT;
  }

  /** Releases what still sounds; all notes. */
  finish(): GridNotes {
    for (let key = 0; key < KEYS; key++) this.release(key);
    return inGridOrder({ ...this.notes, length: this.length });
  }
}
