/**
 * What hands and keys do to the notes of a roll with the pencil, in terms of its own properties and events;
 * and where things are on it.
 */
import type { BarGrid } from '../../notes/bar-grid.js';
import { beatAt, secondsAtBeat } from '../../notes/beats.js';
import type { NoteEdit } from '../../notes/note-edit.js';
import { PEDAL_DOWN, type Pedal } from '../../notes/pedal.js';
import { lastAtMost } from '../../search.js';
import { type EditingHands, isSame } from './editing.js';
import type { Layout, PitchScale, TimeScale } from './geometry.js';
import type { Place } from './gestures.js';
import type { RollLayer } from './layer.js';
import type { NoteIndex } from './note-index.js';
import type { RollEvents, RollNote, RollOptions, RollTool, Selection, View } from './roll-types.js';
import type { Surface } from './surface.js';

/** What of a roll hands and keys may do as everybody may. */
interface Controlled {
  readonly options: RollOptions;
  readonly pedal: Pedal | undefined;
  picked: readonly RollNote[];
  readonly duration: number;
  readonly tool: RollTool;
  readonly snap: number;
  view: View;
  follow: boolean;
  marker: number | undefined;
  selection: Selection | undefined;
  fit(): void;
  zoom(factor: number, about?: number): void;
  press(pitch: number, isDown: boolean): void;
  announce(): void;
}

/** What a roll lets its hands and keys see and do beyond what everybody may. */
export interface RollInside {
  readonly roll: Controlled;
  readonly surface: Surface;
  readonly layout: Layout;
  readonly time: TimeScale;
  readonly pitch: PitchScale;
  readonly bars: BarGrid | undefined;
  /** Whether anybody does what the pencil asks for. */
  readonly isEditable: boolean;
  readonly zoomCentre: number;
  noteAt(time: number, pitch: number): RollNote | undefined;
  /** Lets a note be heard. */
  sound(note: RollNote): void;
  /** Draws a line where something is dragged to; none where undefined. */
  guide(time: number | undefined): void;
  preview(edit: NoteEdit | undefined): void;
  /** The layers that are shown, from below to above. */
  visible(): readonly RollLayer[];
  emit<T extends keyof RollEvents>(type: T, detail: RollEvents[T]): void;
}

/** Seconds that a note is long which is only tapped, where no beats are known. */
const USUAL_LENGTH = 0.25;
/** Pixels from a strike at which it is taken hold of in its lane. */
const STRIKE_GRIP = 8;
function noteOf(layer: string, notes: NoteIndex, index: number): RollNote {
  const [pitch, velocity] = [notes.pitch[index], notes.velocity[index]];
  return { layer, index, pitch, velocity, start: notes.start[index], end: notes.end[index] };
}

/** Seconds by which a key moves notes where no beats are known. */
const NUDGE = 0.1;

export class PencilControl implements EditingHands {
  /** Whether places stay where they are pointed at, on the grid or not. */
  isFree = false;

  constructor(protected readonly inside: RollInside) {}

  get layout(): Layout {
    return this.inside.layout;
  }
  get time(): TimeScale {
    return this.inside.time;
  }
  get pitch(): PitchScale {
    return this.inside.pitch;
  }
  get picked(): readonly RollNote[] {
    return this.roll.picked;
  }

  /** A part of a beat; a quarter of a second where there are none. */
  get usualLength(): number {
    const { bars, zoomCentre } = this.inside;
    return bars === undefined
      ? USUAL_LENGTH
      : this.beside(zoomCentre, 1, bars) - this.beside(zoomCentre, 0, bars);
  }

  pick(notes: readonly RollNote[]): void {
    this.roll.picked = notes;
    this.inside.emit('pick', { notes });
  }

  get isEditable(): boolean {
    return this.inside.isEditable;
  }

  clearPicked(): boolean {
    if (this.picked.length === 0) return false;
    this.pick([]);
    return true;
  }

  notesIn(from: Place, to: Place): readonly RollNote[] {
    const [start, end] = [Math.min(from.time, to.time), Math.max(from.time, to.time)];
    const [lowest, highest] = [Math.min(from.pitch, to.pitch), Math.max(from.pitch, to.pitch)];
    return this.notesBetween(start, end).filter(({ pitch }) => pitch >= lowest && pitch <= highest);
  }

  strikeNear(x: number): RollNote | undefined {
    const [from, to] = [x - STRIKE_GRIP, x + STRIKE_GRIP].map((at) => this.time.timeOf(at));
    const far = (note: RollNote) => Math.abs(this.time.xOf(note.start) - x);
    const isPicked = (note: RollNote) => Number(this.picked.some((each) => isSame(each, note)));
    return this.notesBetween(from, to)
      .filter(({ start }) => start >= from && start <= to)
      .sort((a, b) => isPicked(b) - isPicked(a) || far(a) - far(b))[0];
  }

  velocityAt(y: number): number {
    const { y: top, height } = this.layout.velocity;
    return Math.round(Math.min(127, Math.max(1, 127 * (1 - (y - top) / height))));
  }

  isPedalDown(seconds: number): boolean {
    const { pedal } = this.roll;
    const last = pedal ? lastAtMost(pedal.time, seconds) : -1;
    return last >= 0 && pedal!.value[last] >= PEDAL_DOWN;
  }

  preview(edit: NoteEdit | undefined): void {
    this.inside.preview(edit);
  }

  edit(edit: NoteEdit): void {
    this.inside.emit('edit', edit);
  }

  private notesBetween(from: number, to: number): RollNote[] {
    return this.inside.visible().flatMap(({ id, notes }) => {
      const found: RollNote[] = [];
      notes.between(from, to, (i) => found.push(noteOf(id, notes, i)));
      return found;
    });
  }

  /** Picks the note after the last that is picked, or before the first; false where there is none. */
  pickBeside(direction: number, isAdded: boolean): boolean {
    const { picked } = this;
    const all = this.notesBetween(0, Number.POSITIVE_INFINITY).sort(inOrder);
    if (all.length === 0) return false;
    const from = [...picked].sort(inOrder).at(direction > 0 ? -1 : 0);
    const at =
      from === undefined
        ? all.findIndex(({ start }) => start >= this.inside.zoomCentre)
        : all.findIndex((note) => isSame(note, from)) + direction;
    const next = all[Math.min(all.length - 1, Math.max(0, at))];
    this.pick(isAdded ? [...picked.filter((note) => !isSame(note, next)), next] : [next]);
    if (from === undefined || !isSame(from, next)) this.inside.sound(next);
    return true;
  }

  /** Asks for a change of what is picked; false where nothing is. */
  editPicked(edit: NoteEdit): boolean {
    if (this.picked.length === 0) return false;
    this.edit(edit);
    return true;
  }

  movePicked(steps: number, semitones: number): boolean {
    return this.editPicked({ kind: 'move', seconds: this.stepFrom('start', steps), semitones });
  }

  lengthenPicked(steps: number): boolean {
    return this.editPicked({ kind: 'lengthen', seconds: this.stepFrom('end', steps) });
  }

  /** A note at the playhead, or in the middle of what is shown, of the pitch that was picked last. */
  drawHere(): void {
    const start = Math.max(0, this.snapped(this.inside.zoomCentre));
    const { lowest, highest } = this.pitch;
    const pitch = this.picked.at(-1)?.pitch ?? Math.round((lowest + highest) / 2);
    this.edit({ kind: 'draw', pitch, start, end: start + this.usualLength });
  }

  /**
   * Seconds from where the first of what is picked begins, or ends, to so many places of the grid further.
   */
  private stepFrom(side: 'start' | 'end', steps: number): number {
    const { bars } = this.inside;
    const [first] = [...this.picked].sort(inOrder);
    if (first === undefined || steps === 0) return 0;
    return bars === undefined || this.roll.snap === 0
      ? NUDGE * steps
      : this.beside(first[side], steps, bars) - first[side];
  }

  /** A place as the grid has it. */
  snapped(seconds: number): number {
    const { bars } = this.inside;
    const { snap } = this.roll;
    return bars === undefined || snap === 0 || this.isFree ? seconds : bars.nearest(seconds, snap);
  }

  /** The next place on the grid before or after one. */
  protected beside(seconds: number, direction: number, { beats }: BarGrid): number {
    const parts = Math.max(1, this.roll.snap);
    return secondsAtBeat(beats, Math.round(beatAt(beats, seconds) * parts + direction) / parts);
  }

  protected get roll(): Controlled {
    return this.inside.roll;
  }
}

const inOrder = (a: RollNote, b: RollNote) => a.start - b.start || a.pitch - b.pitch;
