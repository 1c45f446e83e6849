/**
 * The web component `<cadenza-player>`. It is small: the synthesiser and the sound of the piano are loaded
 * when it first plays. Its types for others are in player-types.ts.
 */
import { createNoteTable, type NoteTable } from '../../notes/note-table.js';
import type { Pedal } from '../../notes/pedal.js';
import { synthWorkletUrl } from '../assets.js';
import { timeLabel } from '../roll/geometry.js';
import { PianoRoll } from '../roll/piano-roll.js';
import type { Piano } from '../sound/piano.js';
import { followTime } from '../sound/playhead.js';
import { Transport } from '../sound/transport.js';
import { pianoUrl } from '../sounds.js';
import { loadPiece } from './load-piece.js';
import type { CadenzaPlayerEventMap, CadenzaPlayer as PlayerElement } from './player-types.js';
import { createView, type PlayerView, showPlayIcon } from './player-view.js';
import { pianoFor, takeTurn } from './shared-piano.js';

export type * from './player-types.js';

/** Seconds between two `timeupdate`s. */
const UPDATE = 0.25;
/** Seconds that the arrow keys move the playhead when a button has the focus. */
const JUMP = 5;

/** Where there is no page (a server that renders one), the module can be imported all the same. */
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

export class CadenzaPlayer extends Base implements PlayerElement {
  static readonly observedAttributes = ['src', 'loop', 'height', 'controls', 'label'];

  private view: PlayerView | undefined;
  private roll: PianoRoll | undefined;
  private transport: Transport | undefined;
  private piano: Piano | undefined;
  private piece: NoteTable | undefined;
  private length = 0;
  private movements: Pedal | undefined;
  private loading: AbortController | undefined;
  /** Done when `src` is read, or could not be. */
  private arriving: Promise<void> | undefined;
  private failure: string | undefined;
  private endings: (() => void)[] = [];
  private loudness = 1;
  private rate = 1;
  private place = 0;
  private updatedAt = Number.NEGATIVE_INFINITY;

  get src(): string {
    return this.getAttribute('src') ?? '';
  }
  set src(url: string) {
    this.setAttribute('src', url);
  }

  get loop(): boolean {
    return this.hasAttribute('loop');
  }
  set loop(loop: boolean) {
    this.toggleAttribute('loop', loop);
  }

  get notes(): NoteTable | undefined {
    return this.piece;
  }
  set notes(notes: NoteTable | undefined) {
    this.loading?.abort();
    this.show(notes, undefined);
  }

  get pedal(): Pedal | undefined {
    return this.movements;
  }
  set pedal(pedal: Pedal | undefined) {
    this.movements = pedal;
    if (this.roll) this.roll.pedal = pedal;
  }

  get currentTime(): number {
    return this.transport?.currentTime ?? this.place;
  }
  set currentTime(seconds: number) {
    this.seek(seconds);
  }

  get volume(): number {
    return this.loudness;
  }
  set volume(volume: number) {
    this.loudness = Math.min(1, Math.max(0, volume));
    if (this.view) this.view.volume.value = String(this.loudness);
    if (this.transport?.isPlaying) this.transport.volume = this.loudness;
  }

  get tempo(): number {
    return this.rate;
  }
  set tempo(tempo: number) {
    this.rate = Math.min(4, Math.max(0.1, tempo));
    if (this.transport) this.transport.tempo = this.rate;
  }

  get duration(): number {
    return this.length;
  }

  get paused(): boolean {
    return !this.transport?.isPlaying;
  }

  get error(): string | undefined {
    return this.failure;
  }

  get output(): AudioNode | undefined {
    return this.piano?.output;
  }

  async play(): Promise<void> {
    await this.arriving;
    if (this.piece === undefined) return;
    const transport = this.readyTransport();
    takeTurn(this);
    transport.volume = this.loudness;
    this.say(undefined);
    try {
      await transport.play();
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  pause(): void {
    this.transport?.pause();
  }

  stop(): void {
    if (this.transport) this.transport.stop();
    else this.showTime(0);
    if (this.roll) this.roll.view = { start: 0, end: this.roll.view.end - this.roll.view.start };
  }

  seek(seconds: number): void {
    if (this.transport) this.transport.seek(seconds);
    else this.showTime(Math.min(this.duration, Math.max(0, seconds)));
    this.tell('timeupdate', { currentTime: this.currentTime });
  }

  connectedCallback(): void {
    if (this.view === undefined) this.build();
    const roll = new PianoRoll(this.view!.roll, {
      label: this.getAttribute('label') ?? 'Piano roll',
      selectable: false,
      wheelPans: false,
    });
    this.roll = roll;
    this.endings = [
      () => roll.destroy(),
      roll.on('seek', (seconds) => this.seek(seconds)),
      roll.on('strike', ({ pitch, velocity }) => this.sounding().strike(pitch, velocity)),
      roll.on('release', ({ pitch }) => this.sounding().release(pitch)),
    ];
    if (this.piece) this.show(this.piece, this.movements, this.place);
  }

  disconnectedCallback(): void {
    this.place = this.currentTime;
    for (const end of this.endings) end();
    this.endings = [];
    this.transport?.destroy();
    this.transport = undefined;
    this.roll = undefined;
  }

  attributeChangedCallback(name: string, _old: string | null, value: string | null): void {
    if (name === 'src') this.arriving = this.load(value);
    if (name === 'loop') this.applyLoop();
    if (name === 'height' || name === 'controls') this.applyLook();
  }

  private build(): void {
    const view = createView(this.shadowRoot ?? this.attachShadow({ mode: 'open' }));
    this.view = view;
    view.play.addEventListener('click', () => this.toggle());
    view.stop.addEventListener('click', () => this.stop());
    view.repeat.addEventListener('click', () => {
      this.loop = !this.loop;
    });
    view.position.addEventListener('input', () => this.seek(Number(view.position.value)));
    view.volume.addEventListener('input', () => {
      this.volume = Number(view.volume.value);
    });
    view.volume.value = String(this.loudness);
    view.controls.addEventListener('keydown', (event) => this.onKey(event));
    view.roll.addEventListener('keydown', (event) => this.onKey(event));
    this.applyLook();
    this.applyLoop();
    this.showState();
    if (this.failure !== undefined) this.say(this.failure);
  }

  /** Space plays and pauses wherever it presses no button; arrows on a button move the playhead. */
  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
    const isButton = event.target instanceof HTMLButtonElement;
    if (event.key === ' ' && !isButton) this.toggle();
    else if (event.key === 'ArrowLeft' && isButton) this.seek(this.currentTime - JUMP);
    else if (event.key === 'ArrowRight' && isButton) this.seek(this.currentTime + JUMP);
    else return;
    event.preventDefault();
  }

  private toggle(): void {
    // What goes wrong is said by the event and in the element.
    if (this.paused) this.play().catch(() => {});
    else this.pause();
  }

  private async load(src: string | null): Promise<void> {
    this.loading?.abort();
    const loading = new AbortController();
    this.loading = loading;
    this.show(undefined, undefined);
    this.say(undefined);
    if (!src) return;
    try {
      const piece = await loadPiece(new URL(src, document.baseURI), loading.signal);
      if (!loading.signal.aborted) this.show(piece.notes, piece.pedal);
    } catch (error) {
      if (!loading.signal.aborted) this.fail(error);
    }
  }

  /** Shows another piece, or none. */
  private show(notes: NoteTable | undefined, pedal: Pedal | undefined, at = 0): void {
    this.transport?.stop();
    this.piece = notes;
    this.length = notes?.end.reduce((latest, end) => Math.max(latest, end), 0) ?? 0;
    this.place = at;
    this.pedal = pedal;
    this.transport?.load(notes);
    this.roll?.setLayer('notes', 'continuation', notes ?? createNoteTable(0));
    this.showState();
    this.showTime(at);
    if (notes !== undefined) {
      this.say(undefined);
      this.tell('cadenza-load', { notes, duration: this.duration });
    }
  }

  /** The piano of this player. It loads nothing before it sounds. */
  private sounding(): Piano {
    const resolve = (name: string) => {
      const value = this.getAttribute(name);
      return value === null ? undefined : new URL(value, document.baseURI).href;
    };
    this.piano ??= pianoFor(resolve('soundfont') ?? pianoUrl(), resolve('worklet') ?? synthWorkletUrl());
    return this.piano;
  }

  private readyTransport(): Transport {
    if (this.transport) return this.transport;
    const transport = new Transport(this.sounding());
    this.transport = transport;
    transport.load(this.piece, { at: this.place });
    transport.tempo = this.rate;
    this.applyLoop();
    let wasPlaying = false;
    transport.on('state', () => {
      this.showState();
      if (transport.isPlaying === wasPlaying) return;
      wasPlaying = transport.isPlaying;
      if (this.roll && wasPlaying) this.roll.follow = true;
      this.tell(wasPlaying ? 'play' : 'pause', undefined);
    });
    transport.on('ended', () => this.tell('ended', undefined));
    this.endings.push(followTime(transport, (seconds) => this.showTime(seconds)));
    return transport;
  }

  private showTime(seconds: number): void {
    this.place = seconds;
    if (this.roll) this.roll.playhead = this.piece ? seconds : undefined;
    const { view } = this;
    if (view) {
      view.position.value = String(seconds);
      const text = `${timeLabel(Math.floor(seconds))} / ${timeLabel(Math.ceil(this.duration))}`;
      if (view.time.textContent !== text) {
        view.time.textContent = text;
        view.position.setAttribute('aria-valuetext', text);
      }
    }
    if (!this.paused && Math.abs(seconds - this.updatedAt) >= UPDATE) {
      this.updatedAt = seconds;
      this.tell('timeupdate', { currentTime: seconds });
    }
  }

  private showState(): void {
    const { view } = this;
    if (!view) return;
    showPlayIcon(view.play, this.paused ? 'play' : 'pause');
    const isEmpty = this.piece === undefined;
    for (const control of [view.play, view.stop, view.position]) control.disabled = isEmpty;
    view.position.max = String(this.duration);
  }

  private applyLoop(): void {
    if (this.transport) {
      this.transport.loop = this.loop ? { start: 0, end: Number.POSITIVE_INFINITY } : undefined;
    }
    this.view?.repeat.setAttribute('aria-pressed', String(this.loop));
  }

  private applyLook(): void {
    if (this.view) this.view.controls.hidden = this.getAttribute('controls') === 'none';
    const height = Number(this.getAttribute('height'));
    const root = this.shadowRoot;
    if (!root) return;
    const [first] = root.adoptedStyleSheets;
    const own = new CSSStyleSheet();
    if (height > 0) own.replaceSync(`:host { height: ${height}px; }`);
    root.adoptedStyleSheets = [first, own];
  }

  private fail(error: unknown): void {
    this.say(error instanceof Error ? error.message : String(error));
    this.tell('error', { message: this.failure! });
  }

  /** Shows what went wrong in the element, or no more. */
  private say(message: string | undefined): void {
    this.failure = message;
    if (!this.view) return;
    this.view.message.hidden = message === undefined;
    this.view.message.textContent = message ?? '';
  }

  private tell<T extends keyof CadenzaPlayerEventMap>(
    type: T,
    detail: CadenzaPlayerEventMap[T]['detail'],
  ): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

globalThis.customElements?.define('cadenza-player', CadenzaPlayer);
