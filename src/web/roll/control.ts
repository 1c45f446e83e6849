/** What hands and keys do to a roll, in terms of its own properties and events. */
import type { BarGrid } from '../../notes/bar-grid.js';
import { beatAt, secondsAtBeat } from '../../notes/beats.js';
import { type Layout, type PitchScale, panView, type TimeScale } from './geometry.js';
import type { Place, RollHands } from './gestures.js';
import type { RollActions } from './keys.js';
import { overviewScale } from './overview.js';
import type { RollEvents, RollNote, RollOptions, RollTool, Selection, View } from './roll-types.js';
import type { Surface } from './surface.js';
import { hoverInWords } from './words.js';

/** What of a roll hands and keys may do as everybody may. */
interface Controlled {
  readonly options: RollOptions;
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
  readonly zoomCentre: number;
  noteAt(time: number, pitch: number): RollNote | undefined;
  /** Draws a line where something is dragged to; none where undefined. */
  guide(time: number | undefined): void;
  emit<T extends keyof RollEvents>(type: T, detail: RollEvents[T]): void;
}

/** Seconds that a selection lasts at least. */
const SHORTEST_SELECTION = 0.02;

/** Pixels from a beat's line at which it is taken hold of. */
const BEAT_GRIP = 8;
/** Pixels of the marker's word: around it, and about so many a letter. */
const WORD_PADDING = 14;
const LETTER_WIDTH = 6.3;

export class RollControl implements RollHands, RollActions {
  /** Whether places stay where they are pointed at, on the grid or not. */
  isFree = false;

  constructor(private readonly inside: RollInside) {}

  get layout(): Layout {
    return this.inside.layout;
  }
  get time(): TimeScale {
    return this.inside.time;
  }
  get pitch(): PitchScale {
    return this.inside.pitch;
  }
  get tool() {
    return this.roll.tool;
  }
  get marker() {
    return this.roll.marker;
  }
  get markerWidth(): number {
    return WORD_PADDING + LETTER_WIDTH * (this.roll.options.markerLabel ?? 'primer ends here').length;
  }
  get isSelectable(): boolean {
    return this.roll.options.selectable ?? true;
  }
  get wheelPans(): boolean {
    return this.roll.options.wheelPans ?? true;
  }
  get overviewTime(): TimeScale {
    return overviewScale(this.layout.overview, this.roll.duration, this.roll.view.end);
  }

  noteAt(time: number, pitch: number): RollNote | undefined {
    return this.inside.noteAt(time, pitch);
  }

  hover(place: Place | undefined): void {
    const hover = place && { ...place, note: this.noteAt(place.time, place.pitch) };
    if (this.roll.options.parts?.readout !== false)
      this.inside.surface.readout(hoverInWords(hover, this.inside.bars));
    this.inside.emit('hover', hover);
  }

  /** Whoever looks elsewhere no longer follows the playhead. */
  pan(seconds: number): void {
    this.roll.follow = false;
    this.roll.view = panView(this.roll.view, seconds, this.roll.duration);
  }

  panBy(part: number): void {
    this.pan(part * this.span);
  }

  centre(seconds: number): void {
    const { start, end } = this.roll.view;
    this.pan(seconds - (start + end) / 2);
  }

  toEdge(edge: 'start' | 'end'): void {
    const { start, end } = this.roll.view;
    this.pan(edge === 'start' ? -start : this.roll.duration - end);
  }

  zoom(factor: number): void {
    this.roll.zoom(factor);
  }

  zoomAbout(factor: number, time: number): void {
    this.roll.zoom(factor, time);
  }

  fit(): void {
    this.roll.fit();
  }

  seek(seconds: number): void {
    this.inside.emit('seek', this.within(this.snapped(seconds)));
  }

  moveMarker(seconds: number, isFinal: boolean): void {
    const time = this.within(this.snapped(seconds));
    this.roll.marker = time;
    this.inside.emit('marker', { time, isFinal });
  }

  nudgeMarker(direction: number, isFar: boolean): boolean {
    const { marker } = this.roll;
    if (marker === undefined) return false;
    const { bars } = this.inside;
    if (bars === undefined) this.moveMarker(marker + direction * (isFar ? 1 : 0.1), true);
    else if (isFar) this.moveMarker(bars.secondsOf(bars.nearestBar(marker) + direction), true);
    else this.moveMarker(this.beside(marker, direction, bars), true);
    return true;
  }

  select(from: Place, to: Place, isFinal: boolean, withPitches: boolean): void {
    const [one, other] = [this.snapped(from.time), this.snapped(to.time)];
    const start = Math.max(0, Math.min(one, other));
    const end = Math.max(start + SHORTEST_SELECTION, one, other);
    const [lowest, highest] = [Math.min(from.pitch, to.pitch), Math.max(from.pitch, to.pitch)];
    this.setSelection(withPitches ? { start, end, lowest, highest } : { start, end }, isFinal);
  }

  extendSelection(part: number): boolean {
    if (!this.isSelectable) return false;
    const { selection } = this.roll;
    const start = selection?.start ?? this.snapped(this.inside.zoomCentre);
    const from = selection?.end ?? start;
    const { bars } = this.inside;
    const to =
      bars && this.roll.snap > 0 ? this.beside(from, Math.sign(part), bars) : from + part * this.span;
    const end = Math.max(start + SHORTEST_SELECTION, to);
    this.setSelection({ ...selection, start, end }, true);
    return true;
  }

  clearSelection(): boolean {
    if (this.roll.selection === undefined) return false;
    this.setSelection(undefined, true);
    return true;
  }

  strike(pitch: number, velocity: number): void {
    this.roll.press(pitch, true);
    this.inside.emit('strike', { pitch, velocity });
  }

  release(pitch: number): void {
    this.roll.press(pitch, false);
    this.inside.emit('release', { pitch });
  }

  pressChords(time: number): void {
    this.inside.emit('chords', { time });
  }

  beatAt(x: number): number | undefined {
    const { bars } = this.inside;
    const beat = bars?.nearest(this.time.timeOf(x));
    return beat !== undefined && Math.abs(this.time.xOf(beat) - x) <= BEAT_GRIP ? beat : undefined;
  }

  moveBeat(from: number, to: number, isFinal: boolean): void {
    this.inside.guide(isFinal ? undefined : to);
    if (!isFinal || from !== to) this.inside.emit('beat', { from, to, isFinal });
  }

  announce(): void {
    this.roll.announce();
  }

  private get roll(): Controlled {
    return this.inside.roll;
  }

  private get span(): number {
    return this.roll.view.end - this.roll.view.start;
  }

  /** A place as the grid has it. */
  private snapped(seconds: number): number {
    const { bars } = this.inside;
    const { snap } = this.roll;
    return bars === undefined || snap === 0 || this.isFree ? seconds : bars.nearest(seconds, snap);
  }

  /** The next place on the grid before or after one. */
  private beside(seconds: number, direction: number, { beats }: BarGrid): number {
    const parts = Math.max(1, this.roll.snap);
    return secondsAtBeat(beats, Math.round(beatAt(beats, seconds) * parts + direction) / parts);
  }

  private within(seconds: number): number {
    return Math.min(this.roll.duration, Math.max(0, seconds));
  }

  private setSelection(selection: Selection | undefined, isFinal: boolean): void {
    this.roll.selection = selection;
    this.inside.emit('select', { selection, isFinal });
    if (isFinal && selection !== undefined) this.announce();
  }
}
