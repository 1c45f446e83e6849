/** What hands and keys do to a roll, in terms of its own properties and events. */
import { panView, type TimeScale } from './geometry.js';
import type { Place, RollHands } from './gestures.js';
import type { RollActions } from './keys.js';
import { overviewScale } from './overview.js';
import { PencilControl } from './pencil-control.js';
import type { RollNote, Selection } from './roll-types.js';
import { hoverInWords } from './words.js';

/** Seconds that a selection lasts at least. */
const SHORTEST_SELECTION = 0.02;

/** Pixels from a beat's line at which it is taken hold of. */
const BEAT_GRIP = 8;
/** Pixels of the marker's word: around it, and about so many a letter. */
const WORD_PADDING = 14;
const LETTER_WIDTH = 6.3;

export class RollControl extends PencilControl implements RollHands, RollActions {
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

  private get span(): number {
    return this.roll.view.end - this.roll.view.start;
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
