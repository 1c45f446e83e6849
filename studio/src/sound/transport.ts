/**
 * The transport: plays notes on an instrument by its clock, a little ahead of what is heard, so that no busy page can
 * shift a note. What is played may still be growing: when the playhead has caught up with what is known, it waits.
 */
import { createNoteTable, type NoteTable, type Pedal } from '../../../src/index.js';
import { Emitter } from './emitter.js';
import type { Instrument } from './instrument.js';
import { type KeyEvent, PEDAL, RELEASE, Timeline } from './timeline.js';

/**
 * `stopped` and `paused` are silent; `starting` waits for the instrument; `waiting` has played all that is known so far
 * and goes on by itself when more comes.
 */
export type TransportState = 'stopped' | 'paused' | 'starting' | 'playing' | 'waiting';

/** What a transport tells its listeners. */
export interface TransportEvents {
  /** The state changed. */
  state: TransportState;
  /** The playhead jumped: seek, stop, a loop's turn, new notes. */
  seek: number;
  /** What there is to play grew or was replaced; its duration. */
  duration: number;
  /** A complete piece was played to its end. */
  ended: undefined;
}

export interface LoadOptions {
  /** Movements of the sustain pedal, where the notes' ends are those of the keys. */
  readonly pedal?: Pedal;
  /** Whether these are all notes (the default), or more may be appended until `complete` is called. */
  readonly isComplete?: boolean;
  /** Where the playhead goes, seconds; 0 by default. If it is playing, it plays on from there. */
  readonly at?: number;
}

export interface TransportOptions {
  /** Seconds planned ahead; 0.12 by default. */
  readonly lookahead?: number;
  /** Seconds that must be known ahead before a playhead that waited goes on; 0.3 by default. */
  readonly cushion?: number;
  /** Calls back again and again until the function that is returned is called; a timer of 25 ms by default. */
  readonly every?: (callback: () => void) => () => void;
  /** Whether the page is hidden, where timers are slow; asked from `document` by default. */
  readonly isHidden?: () => boolean;
}

/** Seconds planned ahead in a hidden page, whose timers run once a second. */
const HIDDEN_LOOKAHEAD = 1.5;
/** Seconds from a call of `play` to the first sound, so that nothing of it comes late. */
const LEAD = 0.02;

export class Transport extends Emitter<TransportEvents> {
  private timeline = new Timeline();
  private isComplete = true;
  private knownUntil = 0;
  private current: TransportState = 'stopped';
  /** At this time of the clock … */
  private anchorTime = 0;
  /** … the playhead stands or stood here, */
  private anchorPosition = 0;
  /** and this is the next event to plan. */
  private next = 0;
  private rate = 1;
  private span: { readonly start: number; readonly end: number } | undefined;
  private cancel: (() => void) | undefined;
  private attempt = 0;

  constructor(
    readonly instrument: Instrument,
    private readonly options: TransportOptions = {},
  ) {
    super();
  }

  get state(): TransportState {
    return this.current;
  }

  /** Whether it plays or means to: the button that shows this is "pause". */
  get isPlaying(): boolean {
    return this.current === 'playing' || this.current === 'waiting' || this.current === 'starting';
  }

  /** End of what is known, seconds. */
  get duration(): number {
    return Math.max(this.timeline.end, this.knownUntil);
  }

  /** What is heard now, seconds from the beginning. Setting it is `seek`. */
  get currentTime(): number {
    return this.positionAt(this.instrument.now() - this.instrument.latency);
  }
  set currentTime(seconds: number) {
    this.seek(seconds);
  }

  /** How loud, 0 … 1. */
  get volume(): number {
    return this.instrument.volume;
  }
  set volume(volume: number) {
    this.instrument.volume = volume;
  }

  /** How fast, 1 as it was played. */
  get tempo(): number {
    return this.rate;
  }
  set tempo(tempo: number) {
    this.anchor(this.positionAt(this.instrument.now()));
    this.rate = Math.min(4, Math.max(0.1, tempo));
  }

  /** What is played again and again; undefined plays to the end. */
  get loop(): { readonly start: number; readonly end: number } | undefined {
    return this.span;
  }
  set loop(span: { readonly start: number; readonly end: number } | undefined) {
    this.span = span && span.end - span.start >= 0.05 ? span : undefined;
  }

  /** Replaces what is played. */
  load(notes: NoteTable = createNoteTable(0), options: LoadOptions = {}): void {
    this.timeline = new Timeline();
    this.timeline.addNotes(notes, options.pedal);
    this.isComplete = options.isComplete ?? true;
    this.knownUntil = 0;
    this.emit('duration', this.duration);
    this.seek(options.at ?? 0);
  }

  /** More of what is played: whole notes, or strikes and releases as they become known. */
  append(more: NoteTable | readonly KeyEvent[]): void {
    if ('pitch' in more) this.timeline.addNotes(more);
    else for (const event of more) this.timeline.addEvent(event);
    if (this.isPlaying) this.next = Math.min(this.next, this.timeline.indexAt(this.plannedUntil));
    this.grown();
  }

  /** Nothing happens before this time that is not known already: silence, too, is music that has come. */
  extendTo(seconds: number): void {
    this.knownUntil = Math.max(this.knownUntil, seconds);
    this.grown();
  }

  /** Nothing more will come: the end of what is known is the end. */
  complete(): void {
    this.isComplete = true;
    this.grown();
  }

  /**
   * Plays from the playhead, or from the beginning when it is at the end. Resolves when it plays.
   *
   * @throws CadenzaError in words where no sound can be had
   */
  async play(): Promise<void> {
    if (this.isPlaying) return;
    const from = this.isComplete && this.anchorPosition >= this.duration ? 0 : this.anchorPosition;
    const attempt = ++this.attempt;
    this.change('starting');
    try {
      await this.instrument.start();
    } catch (error) {
      if (attempt === this.attempt) this.change('paused');
      throw error;
    }
    if (attempt !== this.attempt) return;
    this.go(from);
  }

  /** Silence at once; the playhead stays. */
  pause(): void {
    if (!this.isPlaying) return;
    this.halt(this.currentTime, 'paused');
  }

  /** Silence at once; the playhead goes back to the beginning. */
  stop(): void {
    const wasAtZero = this.currentTime === 0;
    this.halt(0, 'stopped');
    if (!wasAtZero) this.emit('seek', 0);
  }

  /** Puts the playhead somewhere else; what plays plays on from there. */
  seek(seconds: number): void {
    const position = Math.min(
      Math.max(0, seconds),
      this.isComplete ? this.duration : Number.POSITIVE_INFINITY,
    );
    if (this.current === 'playing' || this.current === 'waiting') {
      this.instrument.silence();
      this.go(position);
    } else {
      this.anchor(position);
    }
    this.emit('seek', position);
  }

  /** Strikes a key now, whether it plays or not. */
  strike(pitch: number, velocity = 80): void {
    this.instrument.strike(pitch, velocity);
  }

  /** Releases a key that was struck live. */
  release(pitch: number): void {
    this.instrument.release(pitch);
  }

  /** The sustain pedal of live playing. */
  pedal(isDown: boolean): void {
    this.instrument.pedal(isDown);
  }

  /** Silence, and no timer is left. */
  destroy(): void {
    this.stop();
  }

  private plannedUntil = 0;

  private go(position: number): void {
    this.anchor(position, this.instrument.now() + LEAD);
    this.next = this.timeline.indexAt(position);
    this.plannedUntil = position;
    this.instrument.pedalAt(this.anchorTime, this.timeline.pedalBefore(this.next));
    this.cancel ??= (this.options.every ?? everyTick)(() => this.plan());
    this.change('playing');
    this.plan();
  }

  private halt(position: number, state: 'paused' | 'stopped'): void {
    this.attempt++;
    this.cancel?.();
    this.cancel = undefined;
    if (this.current === 'playing' || this.current === 'waiting') this.instrument.silence();
    this.change(state);
    this.anchor(position);
  }

  /** Plans what comes within the look-ahead, and sees to ends, waits and loops. */
  private plan(): void {
    if (this.current !== 'playing') return;
    const now = this.instrument.now();
    const isHidden = this.options.isHidden?.() ?? globalThis.document?.hidden === true;
    const ahead = isHidden ? HIDDEN_LOOKAHEAD : (this.options.lookahead ?? 0.12);
    const limit = this.positionAt(now + ahead);
    const { time, kind, pitch, value } = this.timeline;
    const until = Math.min(limit, this.loop?.end ?? Number.POSITIVE_INFINITY);
    for (; this.next < this.timeline.length && time[this.next] < until; this.next++) {
      const i = this.next;
      const at = Math.max(now, this.timeAt(time[i]));
      if (kind[i] === PEDAL) this.instrument.pedalAt(at, value[i]);
      else if (kind[i] === RELEASE) this.instrument.releaseAt(at, pitch[i]);
      else this.instrument.strikeAt(at, pitch[i], value[i]);
    }
    this.plannedUntil = Math.max(this.plannedUntil, until);
    this.turn();
  }

  /** What happens at the end of a loop, of the piece, or of what is known. */
  private turn(): void {
    const position = this.positionAt(this.instrument.now());
    if (this.loop && position >= this.loop.end) {
      this.seek(this.loop.start);
    } else if (position >= this.duration) {
      if (this.isComplete) {
        this.halt(this.duration, 'paused');
        this.emit('ended', undefined);
      } else {
        this.anchor(this.duration);
        this.change('waiting');
      }
    }
  }

  private grown(): void {
    this.emit('duration', this.duration);
    if (this.current === 'waiting') {
      const ahead = this.duration - this.anchorPosition;
      if (ahead >= (this.options.cushion ?? 0.3) * this.rate || this.isComplete) {
        this.anchor(this.anchorPosition, this.instrument.now() + LEAD);
        this.change('playing');
      }
    }
    this.plan();
  }

  private anchor(position: number, time = this.instrument.now()): void {
    this.anchorPosition = position;
    this.anchorTime = time;
  }

  private positionAt(time: number): number {
    if (this.current !== 'playing') return this.anchorPosition;
    return this.anchorPosition + Math.max(0, time - this.anchorTime) * this.rate;
  }

  private timeAt(position: number): number {
    return this.anchorTime + (position - this.anchorPosition) / this.rate;
  }

  private change(state: TransportState): void {
    if (state === this.current) return;
    this.current = state;
    this.emit('state', state);
  }
}

function everyTick(callback: () => void): () => void {
  const timer = setInterval(callback, 25);
  return () => clearInterval(timer);
}
