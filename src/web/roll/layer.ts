/** A layer of the roll: notes of one look, which can grow while they are shown. */
import type { NoteTable } from '../../notes/note-table.js';
import { NoteIndex } from './note-index.js';
import type { LayerRole } from './roll-types.js';

/** Whom a layer tells what changed. */
export interface LayerOwner {
  /** Something between two times looks different; `added` is the index of a note that came on top. */
  layerChanged(layer: RollLayer, from: number, to: number, added?: number): void;
}

export class RollLayer {
  notes = new NoteIndex();
  private look: LayerRole;
  private shown = true;

  constructor(
    readonly id: string,
    role: LayerRole,
    private readonly owner: LayerOwner,
  ) {
    this.look = role;
  }

  /** How it looks. */
  get role(): LayerRole {
    return this.look;
  }
  set role(role: LayerRole) {
    if (role === this.look) return;
    this.look = role;
    this.changedAll();
  }

  /** Whether it is shown; true at first. */
  get isVisible(): boolean {
    return this.shown;
  }
  set isVisible(isVisible: boolean) {
    if (isVisible === this.shown) return;
    this.shown = isVisible;
    this.changedAll();
  }

  /** Replaces all notes. */
  set(notes: NoteTable): void {
    this.notes = new NoteIndex();
    this.notes.add(notes);
    this.changedAll();
  }

  /** Whole notes are added. */
  append(notes: NoteTable): void {
    if (notes.length === 0) return;
    this.notes.add(notes);
    let end = 0;
    for (let i = 0; i < notes.length; i++) end = Math.max(end, notes.end[i]);
    this.owner.layerChanged(this, notes.start[0], end);
  }

  /** A key goes down: its note grows until `release`. */
  strike(time: number, pitch: number, velocity: number): void {
    this.release(time, pitch);
    const index = this.notes.strike(time, pitch, velocity);
    this.owner.layerChanged(this, time, Number.POSITIVE_INFINITY, index);
  }

  /** A key goes up. */
  release(time: number, pitch: number): void {
    const index = this.notes.release(time, pitch);
    if (index >= 0) this.owner.layerChanged(this, this.notes.start[index], time, index);
  }

  /** Everything up to here is known: notes whose keys are still down are drawn this far. */
  extendTo(seconds: number): void {
    if (seconds <= this.notes.extent) return;
    this.notes.extent = seconds;
    this.owner.layerChanged(this, seconds, seconds);
  }

  private changedAll(): void {
    this.owner.layerChanged(this, 0, Number.POSITIVE_INFINITY);
  }
}
