/**
 * A waterfall on a canvas: notes fall onto the keys that they strike. It fills its host element; a frame is
 * painted only when something has changed.
 */
import { createNoteTable, type NoteTable } from '../../notes/note-table.js';
import { Emitter } from '../sound/emitter.js';
import { type KeyRect, keyAt, keyRects, WHITE_KEYS } from './keyboard.js';
import { NoteIndex } from './note-index.js';
import { onThemeChange, type RollTheme, readTheme } from './theme.js';

/** What a waterfall tells its listeners. */
export interface WaterfallEvents {
  /** Somebody pointed at a note that is still to fall: put the playhead there, seconds. */
  seek: number;
  /** A key was pressed: let it sound. */
  strike: { readonly pitch: number; readonly velocity: number };
  /** It was let go. */
  release: { readonly pitch: number };
}

export interface WaterfallOptions {
  /** What a screen reader calls it; "Falling notes" by default. */
  readonly label?: string;
  /** Seconds that a note falls; 4 by default. */
  readonly seconds?: number;
}

/** The keys take at most this part of the height, and are at most so many times as long as wide. */
const KEYS_PART = 0.3;
const KEY_LENGTH = 5.5;
const VELOCITY = 80;
/** CSS pixels: of a corner, and of the shortest note. */
const CORNER = 2;
const SHORTEST = 3;

export class Waterfall extends Emitter<WaterfallEvents> {
  /** What is put into the host. */
  readonly element = document.createElement('canvas');
  private readonly context = this.element.getContext('2d')!;
  private readonly seconds: number;
  private index = new NoteIndex();
  private head = 0;
  private readonly pressed = new Set<number>();
  private touched: number | undefined;
  private theme: RollTheme | undefined;
  private frame = 0;
  private keys: readonly KeyRect[] = [];
  private readonly endings: (() => void)[] = [];

  constructor(
    private readonly host: HTMLElement,
    { label = 'Falling notes', seconds = 4 }: WaterfallOptions = {},
  ) {
    super();
    this.seconds = seconds;
    const { element } = this;
    element.setAttribute('role', 'img');
    element.setAttribute('aria-label', label);
    Object.assign(element.style, { display: 'block', width: '100%', height: '100%', touchAction: 'none' });
    host.append(element);
    const observer = new ResizeObserver(() => this.resize());
    observer.observe(host);
    this.endings.push(
      () => observer.disconnect(),
      onThemeChange(() => this.refreshTheme()),
    );
    this.listen();
    this.resize();
  }

  /** What falls: replaces all notes. */
  show(notes: NoteTable = createNoteTable(0)): void {
    this.index = new NoteIndex();
    this.index.add(notes);
    this.redraw();
  }

  /** A key goes down: its note grows until `release`. */
  strike(time: number, pitch: number, velocity: number): void {
    this.index.strike(time, pitch, velocity);
    this.redraw();
  }

  /** A key goes up. */
  release(time: number, pitch: number): void {
    this.index.release(time, pitch);
    this.redraw();
  }

  /** Everything up to here is known. */
  extendTo(seconds: number): void {
    this.index.extent = Math.max(this.index.extent, seconds);
    this.redraw();
  }

  /** What touches the keys, seconds. */
  get playhead(): number {
    return this.head;
  }
  set playhead(seconds: number) {
    if (seconds === this.head) return;
    this.head = seconds;
    this.redraw();
  }

  /** Shows a key as pressed, beside those of the notes. */
  press(pitch: number, isDown: boolean): void {
    if (isDown) this.pressed.add(pitch);
    else this.pressed.delete(pitch);
    this.redraw();
  }

  /** Reads the colours of the page anew. */
  refreshTheme(): void {
    this.theme = undefined;
    this.redraw();
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    this.letGo();
    for (const end of this.endings) end();
    this.element.remove();
  }

  private get size(): { readonly width: number; readonly height: number; readonly edge: number } {
    const { clientWidth: width, clientHeight: height } = this.host;
    const keyLength = Math.min(KEYS_PART * height, (KEY_LENGTH * width) / WHITE_KEYS);
    return { width, height, edge: height - keyLength };
  }

  private resize(): void {
    const ratio = devicePixelRatio || 1;
    const { width, height, edge } = this.size;
    this.element.width = Math.round(width * ratio);
    this.element.height = Math.round(height * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.keys = keyRects(width, height - edge);
    this.draw();
  }

  private redraw(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    this.theme ??= readTheme(this.host);
    const { context, theme } = this;
    const { width, height, edge } = this.size;
    context.fillStyle = theme.paper;
    context.fillRect(0, 0, width, height);
    context.fillStyle = theme.line;
    for (const { pitch, x } of this.keys) if (pitch % 12 === 0) context.fillRect(x, 0, 1, edge);
    const sounding = this.drawNotes(edge);
    for (const isBlack of [false, true]) {
      for (const key of this.keys) {
        if (key.isBlack !== isBlack) continue;
        const isDown = sounding.has(key.pitch) || this.pressed.has(key.pitch);
        context.fillStyle = isDown ? theme.accent : isBlack ? theme.blackKey : theme.whiteKey;
        context.fillRect(key.x, edge, key.width, key.length);
        context.strokeStyle = theme.line;
        context.strokeRect(key.x + 0.5, edge + 0.5, key.width - 1, key.length - 1);
      }
    }
    context.fillStyle = theme.accent;
    context.fillRect(0, edge - 1, width, 2);
  }

  /** Draws what falls; gives the keys that it strikes now. */
  private drawNotes(edge: number): ReadonlySet<number> {
    const { context, head, index, seconds, theme } = this;
    const colours = theme!.notes.continuation.css;
    const scale = edge / seconds;
    const sounding = new Set<number>();
    const byPitch = new Map(this.keys.map((key) => [key.pitch, key]));
    index.between(head, head + seconds, (i) => {
      const key = byPitch.get(index.pitch[i]);
      if (key === undefined) return;
      const end = Math.min(index.end[i], Math.max(index.extent, head));
      if (index.start[i] <= head && end > head) sounding.add(key.pitch);
      const bottom = edge - Math.max(0, index.start[i] - head) * scale;
      const top = Math.min(bottom - SHORTEST, edge - (end - head) * scale);
      context.fillStyle = colours[index.velocity[i]];
      context.beginPath();
      context.roundRect(key.x + 0.5, top, key.width - 1, bottom - top, CORNER);
      context.fill();
    });
    return sounding;
  }

  private listen(): void {
    const { element } = this;
    const on = <T extends keyof HTMLElementEventMap>(
      type: T,
      listener: (event: HTMLElementEventMap[T]) => void,
    ) => {
      element.addEventListener(type, listener);
      this.endings.push(() => element.removeEventListener(type, listener));
    };
    on('pointerdown', (event) => {
      const { edge } = this.size;
      if (event.offsetY < edge) {
        this.emit('seek', Math.max(0, this.head + ((edge - event.offsetY) / edge) * this.seconds));
        return;
      }
      element.setPointerCapture(event.pointerId);
      this.touch(event.offsetX, event.offsetY - edge);
    });
    on('pointermove', (event) => {
      if (this.touched !== undefined) this.touch(event.offsetX, event.offsetY - this.size.edge);
    });
    for (const type of ['pointerup', 'pointercancel'] as const) on(type, () => this.letGo());
  }

  /** The finger is here on the keyboard: fingers that slide over it play. */
  private touch(x: number, y: number): void {
    const pitch = keyAt(this.keys, x, Math.max(0, y));
    if (pitch === this.touched || pitch === undefined) return;
    this.letGo();
    this.touched = pitch;
    this.press(pitch, true);
    this.emit('strike', { pitch, velocity: VELOCITY });
  }

  private letGo(): void {
    const { touched } = this;
    if (touched === undefined) return;
    this.touched = undefined;
    this.press(touched, false);
    this.emit('release', { pitch: touched });
  }
}
