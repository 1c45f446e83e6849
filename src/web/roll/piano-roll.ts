/**
 * A piano roll on a canvas: time from left to right, pitch from bottom to top, velocity as shade. It fills
 * its host element, whose size is up to the page. A frame is painted only when something has changed.
 */
import { BarGrid } from '../../notes/bar-grid.js';
import type { Beats } from '../../notes/beats.js';
import type { NoteEdit } from '../../notes/note-edit.js';
import { createNoteTable, type NoteTable } from '../../notes/note-table.js';
import type { Pedal } from '../../notes/pedal.js';
import { Emitter } from '../sound/emitter.js';
import { RollControl } from './control.js';
import { clampView, firstView, type Layout, layoutOf, PitchScale, TimeScale, zoomView } from './geometry.js';
import { listenToHands } from './gestures.js';
import { pressKey } from './keys.js';
import type { LayerOwner, RollLayer } from './layer.js';
import { Layers } from './layers.js';
import { Painter } from './painter.js';
import type {
  ChordLabel,
  LayerRole,
  RollEvents,
  RollNote,
  RollOptions,
  RollTool,
  Selection,
  View,
} from './roll-types.js';
import type { Scene } from './scene.js';
import { createSurface, type Surface } from './surface.js';
import { onThemeChange, type RollTheme, readTheme } from './theme.js';
import { rollInWords } from './words.js';

/** Where the playhead stays while it is followed, as a part of what is shown. */
const FOLLOWED_AT = 0.35;
/** For how long a note is heard that is picked by a key. */
const SOUNDED_MILLISECONDS = 250;

export class PianoRoll extends Emitter<RollEvents> implements LayerOwner {
  /** What is put into the host: the canvas, its read-out, its live summary. */
  readonly element: HTMLElement;
  /**
   * Parts of a beat to which places are drawn that are pointed at, where the beats are known; 0, as at first,
   * leaves them where they are. Who holds Ctrl while dragging is free.
   */
  snap = 0;
  private readonly surface: Surface;
  private readonly layers = new Layers(this);
  private readonly painter = new Painter();
  private readonly endings: (() => void)[] = [];
  private readonly pressed = new Set<number>();
  private readonly motion = matchMedia('(prefers-reduced-motion: reduce)');
  private currentTool: RollTool = 'pan';
  private pickedNotes: readonly RollNote[] = [];
  private previewed: NoteEdit | undefined;
  private theme: RollTheme | undefined;
  private shownPedal: Pedal | undefined;
  private barGrid: BarGrid | undefined;
  private shownChords: readonly ChordLabel[] = [];
  private shownView: View | undefined;
  private head: number | undefined;
  private markerAt: number | undefined;
  private selected: Selection | undefined;
  private guideAt: number | undefined;
  private follows = false;
  private frame = 0;
  private later: ReturnType<typeof setTimeout> | undefined;

  constructor(
    host: HTMLElement,
    readonly options: RollOptions = {},
  ) {
    super();
    this.surface = createSurface(host, options.label ?? 'Piano roll', () => {
      this.surface.placeKeys(this.layout.keyboard);
      this.drawNow();
    });
    this.element = this.surface.element;
    const control = new RollControl(this.inside());
    const onKey = (event: KeyboardEvent) => {
      if (event.target !== this.element || !pressKey(event, control)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    this.element.addEventListener('keydown', onKey);
    this.endings.push(
      listenToHands(this.element, control),
      onThemeChange(() => this.refreshTheme()),
      () => this.element.removeEventListener('keydown', onKey),
    );
  }

  /**
   * Adds a layer on top, or gives the one of this name other notes and another look, without a gap in
   * between.
   */
  setLayer(id: string, role: LayerRole, notes: NoteTable = createNoteTable(0)): RollLayer {
    const layer = this.layers.getOrMake(id, role);
    layer.role = role;
    layer.set(notes);
    return layer;
  }

  /** The layer of this name, if there is one. */
  layer(id: string): RollLayer | undefined {
    return this.layers.get(id);
  }

  /** Takes a layer away. */
  removeLayer(id: string): void {
    const layer = this.layers.remove(id);
    if (layer !== undefined) this.layerChanged(layer, 0, Number.POSITIVE_INFINITY);
  }

  /** Movements of the sustain pedal, for its lane. */
  get pedal(): Pedal | undefined {
    return this.shownPedal;
  }
  set pedal(pedal: Pedal | undefined) {
    this.shownPedal = pedal;
    this.redraw();
  }

  /** Chords, in time and apart, for a lane below the ruler; without any there is none. */
  get chords(): readonly ChordLabel[] {
    return this.shownChords;
  }
  set chords(chords: readonly ChordLabel[]) {
    const isLaneNew = chords.length > 0 !== this.shownChords.length > 0;
    this.shownChords = chords;
    if (isLaneNew) this.surface.placeKeys(this.layout.keyboard);
    this.redraw();
  }

  /** The beats by which time is counted, in bars; seconds where undefined. */
  get beats(): Beats | undefined {
    return this.barGrid?.beats;
  }
  set beats(beats: Beats | undefined) {
    if (beats === this.beats) return;
    this.barGrid = beats && new BarGrid(beats);
    this.redraw();
  }

  /** End of the last note of all layers, seconds. */
  get duration(): number {
    return this.layers.extent;
  }

  /** Where the playhead is drawn, seconds; undefined for none. */
  get playhead(): number | undefined {
    return this.head;
  }
  set playhead(seconds: number | undefined) {
    if (seconds === this.head) return;
    this.head = seconds;
    if (this.follows && seconds !== undefined) this.keepInView(seconds);
    this.redraw();
  }

  /** Whether the view follows the playhead. Panning by hand ends it, and `follow` is told. */
  get follow(): boolean {
    return this.follows;
  }
  set follow(follow: boolean) {
    if (follow === this.follows) return;
    this.follows = follow;
    if (follow && this.head !== undefined) this.keepInView(this.head);
    this.emit('follow', follow);
  }

  /** Where the primer ends, seconds, as a line that can be dragged; undefined for none. */
  get marker(): number | undefined {
    return this.markerAt;
  }
  set marker(seconds: number | undefined) {
    this.markerAt = seconds;
    this.redraw();
  }

  /** The selected span; undefined for none. */
  get selection(): Selection | undefined {
    return this.selected;
  }
  set selection(selection: Selection | undefined) {
    this.selected = selection;
    this.redraw();
  }

  /** What dragging on the notes does; `pan` at first. */
  get tool(): RollTool {
    return this.currentTool;
  }
  set tool(tool: RollTool) {
    if (tool === this.currentTool) return;
    this.currentTool = tool;
    // The pencil has a lane of its own.
    this.surface.placeKeys(this.layout.keyboard);
    this.redraw();
  }

  /** The notes that were picked with the pencil. */
  get picked(): readonly RollNote[] {
    return this.pickedNotes;
  }
  set picked(notes: readonly RollNote[]) {
    this.pickedNotes = notes;
    this.redraw();
  }

  /** The part that is shown. Setting it zooms and pans. */
  get view(): View {
    return this.shownView ?? firstView(this.duration, this.layout.notes.width);
  }
  set view(view: View) {
    this.shownView = clampView(view, this.duration);
    this.emit('view', this.shownView);
    this.redraw();
  }

  /** Shows the whole piece. */
  fit(): void {
    this.follow = false;
    this.view = { start: 0, end: this.duration * 1.02 };
  }

  /**
   * Zooms by a factor, above 1 to see more closely, about a time (by default the playhead if it is seen, or
   * the middle).
   */
  zoom(factor: number, about = this.zoomCentre()): void {
    this.view = zoomView(this.view, factor, about, this.duration);
  }

  /** Lights a key of the keyboard strip that is played live, until it is released. */
  press(pitch: number, isDown: boolean): void {
    if (isDown) this.pressed.add(pitch);
    else this.pressed.delete(pitch);
    this.redraw();
  }

  /** Reads the colours again. Changes of the page's theme it sees by itself. */
  refreshTheme(): void {
    this.theme = undefined;
    this.redraw();
  }

  /** What is shown, in a sentence or two: for a screen reader. */
  describe(): string {
    const { selection } = this;
    let [notes, selectedNotes] = [0, 0];
    for (const layer of this.layers.visible()) {
      notes += layer.notes.length;
      if (selection === undefined) continue;
      const { lowest = 0, highest = 127 } = selection;
      layer.notes.between(selection.start, selection.end, (i) => {
        const pitch = layer.notes.pitch[i];
        selectedNotes += Number(pitch >= lowest && pitch <= highest);
      });
    }
    return rollInWords({
      notes,
      selectedNotes,
      selection,
      duration: this.duration,
      view: this.view,
      playhead: this.head,
      marker: this.markerAt,
      markerLabel: this.markerLabel,
      ...(this.barGrid && { bars: this.barGrid }),
      chords: this.shownChords
        .filter(({ from, to }) => from < this.view.end && to > this.view.start)
        .map(({ name }) => name),
    });
  }

  /** Has `describe()` said by a screen reader. */
  announce(): void {
    this.surface.say(this.describe());
  }

  /** Takes itself out of the page, with all listeners. */
  destroy(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.later);
    for (const end of this.endings) end();
    this.surface.destroy();
  }

  /** @internal A layer tells that it looks different. */
  layerChanged(layer: RollLayer, from: number, to: number, added?: number): void {
    if (this.options.pitches === undefined) this.layers.growRange(layer);
    this.painter.layerChanged(layer, from, to, added);
    this.redraw();
  }

  /** @internal Paints now what the next frame would show. */
  drawNow(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const { width, height, context } = this.surface;
    if (width === 0 || height === 0) return;
    this.theme ??= readTheme(this.element);
    const wait = this.painter.paint(context, this.scene(this.theme), width, height);
    clearTimeout(this.later);
    if (wait > 0) this.later = setTimeout(() => this.redraw(), wait);
  }

  private scene(theme: RollTheme): Scene {
    return {
      layout: this.layout,
      time: this.time,
      pitch: this.pitch,
      theme,
      ratio: this.surface.ratio,
      layers: this.layers.visible(),
      pedal: this.shownPedal,
      bars: this.barGrid,
      chords: this.shownChords,
      playhead: this.head,
      marker: this.markerAt,
      markerLabel: this.markerLabel,
      selection: this.selected,
      guide: this.guideAt,
      isEdited: this.currentTool === 'edit',
      picked: this.pickedNotes,
      preview: this.previewed,
      pressed: this.pressed,
      duration: this.duration,
    };
  }

  private get layout(): Layout {
    const { width, height } = this.surface;
    return layoutOf(width, height, this.options.parts, {
      hasChords: this.shownChords.length > 0,
      isEdited: this.currentTool === 'edit',
    });
  }

  private get time(): TimeScale {
    const { x, width } = this.layout.notes;
    return new TimeScale(this.view, x, Math.max(1, width));
  }

  private get pitch(): PitchScale {
    const { y, height } = this.layout.notes;
    const [lowest, highest] = this.options.pitches ?? this.layers.range;
    return new PitchScale(lowest, highest, y, height);
  }

  private get markerLabel(): string {
    return this.options.markerLabel ?? 'primer ends here';
  }

  private zoomCentre(): number {
    const { start, end } = this.view;
    return this.head !== undefined && this.head >= start && this.head <= end ? this.head : (start + end) / 2;
  }

  private keepInView(seconds: number): void {
    const { start, end } = this.view;
    const span = end - start;
    const isSeen = seconds >= start && seconds <= end;
    // Whoever wants less motion gets a page turned at its end; others a playhead that stays in its place.
    const next = this.motion.matches
      ? isSeen
        ? start
        : seconds - span * 0.05
      : isSeen && seconds < start + span * FOLLOWED_AT
        ? start
        : seconds - span * FOLLOWED_AT;
    if (next !== start) this.view = { start: next, end: next + span };
  }

  /** What hands and keys see and do beyond what everybody may. */
  private inside() {
    const roll = this;
    return {
      roll,
      surface: this.surface,
      get layout() {
        return roll.layout;
      },
      get time() {
        return roll.time;
      },
      get pitch() {
        return roll.pitch;
      },
      get bars() {
        return roll.barGrid;
      },
      get isEditable() {
        return roll.isListenedTo('edit');
      },
      get zoomCentre() {
        return roll.zoomCentre();
      },
      sound: (note: RollNote) => {
        this.emit('strike', note);
        setTimeout(() => this.emit('release', note), SOUNDED_MILLISECONDS);
      },
      guide: (time: number | undefined) => {
        this.guideAt = time;
        this.redraw();
      },
      preview: (edit: NoteEdit | undefined) => {
        this.previewed = edit;
        this.redraw();
      },
      visible: () => this.layers.visible(),
      // Who edits reaches all notes, those that stand back too.
      noteAt: (time: number, pitch: number) => this.layers.noteAt(time, pitch, this.currentTool === 'edit'),
      emit: <T extends keyof RollEvents>(type: T, detail: RollEvents[T]) => this.emit(type, detail),
    };
  }

  private redraw(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.drawNow());
  }
}
