/**
 * A piano roll on a canvas: time from left to right, pitch from bottom to top, velocity as shade. It fills its host
 * element, whose size is up to the page.
 */
import { createNoteTable, type NoteTable, type Pedal } from '../../../src/index.js';
import { Emitter } from '../sound/emitter.js';
import { type LayerOwner, RollLayer } from './layer.js';
import type { LayerKind, RollEvents, RollOptions, RollTool, Selection, View } from './roll-types.js';

export class PianoRoll extends Emitter<RollEvents> implements LayerOwner {
  /** The element that is put into the host: the canvas, its read-out, its live summary. */
  readonly element: HTMLElement;
  private readonly layers = new Map<string, RollLayer>();
  private shownPedal: Pedal | undefined;
  private shownView: View = { start: 0, end: 10 };
  private head: number | undefined;
  private markerAt: number | undefined;
  private selected: Selection | undefined;
  private follows = false;
  /** What dragging on the notes does; `pan` at first. */
  tool: RollTool = 'pan';

  constructor(
    host: HTMLElement,
    readonly options: RollOptions = {},
  ) {
    super();
    this.element = document.createElement('div');
    host.append(this.element);
  }

  /** Adds a layer on top, or gives the one of this name other notes and another look, without a gap in between. */
  setLayer(id: string, kind: LayerKind, notes: NoteTable = createNoteTable(0)): RollLayer {
    const layer = this.layers.get(id) ?? new RollLayer(id, kind, this);
    this.layers.set(id, layer);
    layer.kind = kind;
    layer.set(notes);
    return layer;
  }

  /** The layer of this name, if there is one. */
  layer(id: string): RollLayer | undefined {
    return this.layers.get(id);
  }

  /** Takes a layer away. */
  removeLayer(id: string): void {
    this.layers.delete(id);
    this.redraw();
  }

  /** Movements of the sustain pedal, for its lane. */
  get pedal(): Pedal | undefined {
    return this.shownPedal;
  }
  set pedal(pedal: Pedal | undefined) {
    this.shownPedal = pedal;
    this.redraw();
  }

  /** End of the last note of all layers, seconds. */
  get duration(): number {
    return Math.max(0, ...[...this.layers.values()].map(({ notes }) => notes.extent));
  }

  /** Where the playhead is drawn, seconds; undefined for none. */
  get playhead(): number | undefined {
    return this.head;
  }
  set playhead(seconds: number | undefined) {
    this.head = seconds;
    this.redraw();
  }

  /** Whether the view follows the playhead. Panning by hand ends it, and `follow` is told. */
  get follow(): boolean {
    return this.follows;
  }
  set follow(follow: boolean) {
    this.follows = follow;
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

  /** The part that is shown. Setting it zooms and pans. */
  get view(): View {
    return this.shownView;
  }
  set view(view: View) {
    this.shownView = view;
    this.redraw();
  }

  /** Shows the whole piece. */
  fit(): void {
    this.view = { start: 0, end: this.duration };
  }

  /** Zooms by a factor, above 1 to see more closely, about a time (the middle by default). */
  zoom(factor: number, about = (this.view.start + this.view.end) / 2): void {
    const { start, end } = this.view;
    this.view = { start: about + (start - about) / factor, end: about + (end - about) / factor };
  }

  /** Lights a key of the keyboard strip, or no more: what is played live. */
  press(_pitch: number, _isDown: boolean): void {}

  /** Colours are read again from the style sheet; it sees changes of light and dark by itself. */
  refreshTheme(): void {
    this.redraw();
  }

  /** What is shown, in a sentence: for a screen reader. */
  describe(): string {
    return '';
  }

  /** Says `describe()` through the live region. */
  announce(): void {}

  /** Takes itself out of the page, with all listeners. */
  destroy(): void {
    this.element.remove();
  }

  /** @internal */
  layerChanged(_layer: RollLayer, _from: number, _to: number, _added?: number): void {
    this.redraw();
  }

  private redraw(): void {}
}
