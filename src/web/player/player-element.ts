/**
 * The web component `<cadenza-player>`. It is small: the synthesiser and the sound of the piano are loaded
 * when it first plays. What it does is in playback.ts, its types for others are in player-types.ts.
 */
import type { NoteTable } from '../../notes/note-table.js';
import type { Pedal } from '../../notes/pedal.js';
import { pianoUrl, synthWorkletUrl } from '../assets.js';
import { timeLabel } from '../roll/ticks.js';
import { ElementBase } from './element-base.js';
import { type MediaTarget, restMediaKeys, takeMediaKeys, tellPosition } from './media-session.js';
import { createNoteView, type NoteView, noteViewNamed } from './note-views.js';
import { Playback } from './playback.js';
import type { CadenzaPlayer, CadenzaPlayerEventMap } from './player-types.js';
import { createView, type PlayerView, showPlayIcon } from './player-view.js';
import { pianoFor } from './shared-piano.js';
import { type PlayerSource, titleOf } from './source.js';

/** Seconds between two `timeupdate`s. */
const UPDATE = 0.25;
/** Seconds that the arrow keys move the playhead when a button has the focus. */
const JUMP = 5;
const VELOCITY = 80;

export class PlayerElement extends ElementBase implements CadenzaPlayer, MediaTarget {
  static readonly observedAttributes = [
    'src',
    'loop',
    'muted',
    'volume',
    'playback-rate',
    'height',
    'controls',
    'label',
    'view',
  ];

  private readonly playback = new Playback(() => this.piano());
  private view: PlayerView | undefined;
  private picture: NoteView | undefined;
  private failure: string | undefined;
  private updatedAt = Number.NEGATIVE_INFINITY;

  constructor() {
    super();
    const { playback } = this;
    playback.on('piece', (notes) => this.showPiece(notes));
    playback.on('grow', (more) => {
      this.picture?.grow(more.events, more.knownTo);
      this.showState();
      this.tell('cadenza-grow', more);
    });
    playback.on('state', (isPlaying) => this.onState(isPlaying));
    playback.on('time', (seconds) => this.showTime(seconds));
    playback.on('note', ({ pitch, velocity, position: time }) =>
      this.tell('note', { pitch, velocity, time }),
    );
    playback.on('ended', () => this.tell('ended', undefined));
    playback.on('failure', (message) => {
      this.say(message);
      if (message !== undefined) this.tell('error', { message });
    });
  }

  get src(): string {
    return this.getAttribute('src') ?? '';
  }
  set src(source: PlayerSource) {
    if (typeof source === 'string') {
      this.setAttribute('src', source);
      return;
    }
    this.removeAttribute('src');
    this.playback.open(source);
  }

  get loop(): boolean {
    return this.hasAttribute('loop');
  }
  set loop(loop: boolean) {
    this.toggleAttribute('loop', loop);
  }

  get notes(): NoteTable | undefined {
    return this.playback.notes;
  }
  set notes(notes: NoteTable | undefined) {
    this.playback.open(notes);
  }

  get pedal(): Pedal | undefined {
    return this.playback.pedal;
  }
  set pedal(pedal: Pedal | undefined) {
    this.playback.pedal = pedal;
    if (this.picture) this.playback.showOn(this.picture);
    this.picture?.moveTo(this.currentTime);
  }

  get currentTime(): number {
    return this.playback.currentTime;
  }
  set currentTime(seconds: number) {
    this.seek(seconds);
  }

  get volume(): number {
    return this.playback.volume;
  }
  set volume(volume: number) {
    this.playback.volume = volume;
    if (this.view) this.view.volume.value = String(this.volume);
    this.tell('volumechange', undefined);
  }

  get muted(): boolean {
    return this.playback.muted;
  }
  set muted(muted: boolean) {
    this.playback.muted = muted;
    this.tell('volumechange', undefined);
  }

  get playbackRate(): number {
    return this.playback.rate;
  }
  set playbackRate(rate: number) {
    this.playback.rate = rate;
    this.tell('ratechange', undefined);
  }

  get duration(): number {
    return this.playback.duration;
  }

  get paused(): boolean {
    return this.playback.paused;
  }

  get error(): string | undefined {
    return this.failure;
  }

  get output(): AudioNode | undefined {
    return this.playback.output;
  }

  /** What is shown where media keys are. */
  get mediaTitle(): string {
    return this.getAttribute('label') ?? titleOf(this.src || this.playback.source) ?? document.title;
  }

  async play(): Promise<void> {
    await this.playback.play();
  }

  pause(): void {
    this.playback.pause();
  }

  stop(): void {
    this.playback.stop();
    this.picture?.rewind();
  }

  seek(seconds: number): void {
    this.playback.seek(seconds);
    this.tell('timeupdate', { currentTime: this.currentTime });
    if (this.hasMediaKeys) tellPosition(this);
  }

  strike(pitch: number, velocity = VELOCITY): void {
    this.playback.strike(pitch, velocity);
  }

  release(pitch: number): void {
    this.playback.release(pitch);
  }

  connectedCallback(): void {
    if (this.view === undefined) this.build();
    this.showPicture();
  }

  disconnectedCallback(): void {
    this.playback.rest();
    this.picture?.destroy();
    this.picture = undefined;
  }

  attributeChangedCallback(name: string, _old: string | null, value: string | null): void {
    if (name === 'src') this.playback.open(value || undefined);
    else if (name === 'loop') this.applyLoop();
    else if (name === 'muted') this.muted = value !== null;
    else if (name === 'volume' && value) this.volume = Number(value);
    else if (name === 'playback-rate' && value) this.playbackRate = Number(value);
    else if (name === 'view' || name === 'label') this.showPicture();
    else this.applyLook();
  }

  private get hasMediaKeys(): boolean {
    return this.getAttribute('media-keys') !== 'none';
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
    view.volume.value = String(this.volume);
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

  /** The piano of this player. It loads nothing before it sounds. */
  private piano() {
    const resolve = (name: string) => {
      const value = this.getAttribute(name);
      return value === null ? undefined : new URL(value, document.baseURI).href;
    };
    return pianoFor(resolve('soundfont') ?? pianoUrl(), resolve('worklet') ?? synthWorkletUrl());
  }

  /** The picture anew: another one was chosen, or the element has come into the page. */
  private showPicture(): void {
    if (this.view === undefined || !this.isConnected) return;
    this.picture?.destroy();
    const name = noteViewNamed(this.getAttribute('view'));
    const label = this.getAttribute('label') ?? (name === 'roll' ? 'Piano roll' : 'Falling notes');
    this.picture = createNoteView(name, this.view.roll, label, this);
    this.playback.showOn(this.picture);
    this.showTime(this.currentTime);
  }

  private showPiece(notes: NoteTable | undefined): void {
    this.picture?.show(notes, this.pedal);
    this.showState();
    if (notes === undefined) {
      this.tell('emptied', undefined);
      return;
    }
    this.say(undefined);
    this.tell('cadenza-load', { notes, duration: this.duration });
  }

  private onState(isPlaying: boolean): void {
    this.showState();
    if (isPlaying) this.picture?.follow();
    if (this.hasMediaKeys) (isPlaying ? takeMediaKeys : restMediaKeys)(this);
    this.tell(isPlaying ? 'play' : 'pause', undefined);
  }

  private showTime(seconds: number): void {
    this.picture?.moveTo(seconds);
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
    const isEmpty = this.notes === undefined;
    for (const control of [view.play, view.stop, view.position]) control.disabled = isEmpty;
    view.position.max = String(this.duration);
  }

  private applyLoop(): void {
    this.playback.loop = this.loop;
    this.view?.repeat.setAttribute('aria-pressed', String(this.loop));
  }

  private applyLook(): void {
    if (this.view) this.view.controls.hidden = this.getAttribute('controls') === 'none';
    this.applyHeight();
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
