/**
 * The transport: plays notes on an instrument by its clock, a little ahead of what is heard, so that no busy
 * page can shift a note. What is played may still be growing: when the playhead has caught up with what is
 * known, it waits.
 */
import type { KeyEvent } from '../../notes/cut.js';
import { createNoteTable, type NoteTable } from '../../notes/note-table.js';
import { Emitter } from './emitter.js';
import { fadedVelocity } from './fading.js';
import { HeardNotes } from './heard-notes.js';
import type { Instrument } from './instrument.js';
import { PEDAL, RELEASE, Timeline } from './timeline.js';
import type {
  Click,
  LoadOptions,
  Span,
  TransportEvents,
  TransportOptions,
  TransportState,
} from './transport-types.js';

export type * from './transport-types.js';

/** Seconds planned ahead in a hidden page, whose timers run once a second. */
const HIDDEN_LOOKAHEAD = 1.5;
/** Seconds from a call of `play` to the first sound, so that nothing of it comes late. */
const LEAD = 0.02;
/** A strike that comes later than this, in seconds, is left out: better silent than wrong. */
const TOO_LATE = 0.15;
/** The shortest loop, seconds. */
const SHORTEST_LOOP = 0.05;

/** Seconds for which a key is down of which only the pedal holds the string. */
const HELD_BY_PEDAL = 0.005;

/** At `time` of the clock the playhead is at `position`, and goes on from there. */
interface Anchor {
  readonly time: number;
  readonly position: number;
}

export class Transport extends Emitter<TransportEvents> {
  private timeline = new Timeline();
  private isComplete = true;
  private knownUntil = 0;
  private current: TransportState = 'stopped';
  /** Where the playhead was and will be, as far as it is planned; ascending by time, at least one. */
  private anchors: Anchor[] = [{ time: 0, position: 0 }];
  /** The next event to plan, */
  private next = 0;
  /** up to where events are planned, seconds of the piece, */
  private plannedUntil = 0;
  /** and how often each key is down there: notes of one pitch may overlap. */
  private readonly down = new Uint8Array(128);
  private readonly heard = new HeardNotes((note) => this.emit('note', note));
  /**
   * When a metronome clicks from one time of the piece up to another, seconds; undefined for none. The
   * instrument has to have one.
   */
  clicks: ((from: number, to: number) => Iterable<Click>) | undefined;
  /** When pulses of MIDI clock come from one time of the piece up to another, seconds; undefined for none. */
  pulses: ((from: number, to: number) => Iterable<number>) | undefined;
  private rate = 1;
  private span: Span | undefined;
  private cancel: (() => void) | undefined;
  /** Counts calls of `play` and what made them void. */
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
    return Math.min(this.duration, this.positionAt(this.instrument.heardNow()));
  }
  set currentTime(seconds: number) {
    this.seek(seconds);
  }

  /** How loud, 0 … 1. */
  get volume(): number {
    return this.instrument.volume;
  }
  set volume(volume: number) {
    this.instrument.volume = Math.min(1, Math.max(0, volume));
  }

  /** How fast, 1 as it was played; 0.1 … 4. */
  get tempo(): number {
    return this.rate;
  }
  set tempo(tempo: number) {
    const now = this.instrument.now();
    const position = this.positionAt(now);
    this.rate = Math.min(4, Math.max(0.1, tempo));
    // Before its first sound it is not yet under way, and must not begin earlier.
    this.anchors = [{ time: Math.max(now, this.anchors[0].time), position }];
  }

  /**
   * What is played again and again; undefined plays to the end. A loop without an end turns at the end of the
   * piece.
   */
  get loop(): Span | undefined {
    return this.span;
  }
  set loop(span: Span | undefined) {
    this.span = span && span.end - span.start >= SHORTEST_LOOP ? span : undefined;
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
    const added = new Timeline();
    added.add(more);
    if (this.current === 'playing') {
      // What belongs before what is planned already is made up for, as far as it is not too late.
      const late = added.indexAt(this.plannedUntil);
      for (let i = 0; i < late; i++) this.send(added, i);
    }
    this.timeline.add(more);
    this.next = this.timeline.indexAt(this.plannedUntil);
    this.grown();
  }

  /** Nothing happens before this time that is not known already: silence, too, is music that has come. */
  extendTo(seconds: number): void {
    if (seconds <= this.knownUntil) return;
    this.knownUntil = seconds;
    this.grown();
  }

  /** Nothing more will come: the end of what is known is the end. */
  complete(): void {
    if (this.isComplete) return;
    this.isComplete = true;
    this.grown();
  }

  /**
   * Plays from the playhead, or from the beginning when it is at the end. Resolves when it plays, or when it
   * was paused before that.
   *
   * @throws CadenzaError in words where no sound can be had
   */
  async play(): Promise<void> {
    if (this.isPlaying) return;
    const attempt = ++this.attempt;
    this.change('starting');
    try {
      await this.instrument.start();
    } catch (error) {
      if (attempt === this.attempt) this.change('paused');
      throw error;
    }
    if (attempt !== this.attempt) return;
    const { position } = this.anchors[0];
    this.go(this.isComplete && position >= this.duration ? (this.span?.start ?? 0) : position);
  }

  /** Silence at once; the playhead stays. */
  pause(): void {
    if (this.isPlaying) this.halt(this.currentTime, 'paused');
  }

  /** Silence at once; the playhead goes back to the beginning. */
  stop(): void {
    this.halt(0, 'stopped');
    this.emit('seek', 0);
  }

  /** Puts the playhead somewhere else; what plays plays on from there. */
  seek(seconds: number): void {
    const position = Math.min(Math.max(0, seconds), this.duration);
    if (this.current === 'playing' || this.current === 'waiting') {
      this.silence();
      this.go(position);
    } else {
      this.anchors = [{ time: this.instrument.now(), position }];
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

  private go(position: number): void {
    this.anchors = [{ time: this.instrument.now() + LEAD, position }];
    this.putCursor(position, this.anchors[0].time);
    this.cancel ??= (this.options.every ?? everyTick)(() => this.plan());
    this.change('playing');
    this.plan();
  }

  /** Events are planned from `position` on, whose time is `time`. */
  private putCursor(position: number, time: number): void {
    this.next = this.timeline.indexAt(position);
    this.plannedUntil = position;
    this.down.fill(0);
    if (this.timeline.hasPedal) this.instrument.pedalAt(time, this.timeline.pedalBefore(this.next));
    // What was struck before and still sounds is heard, too.
    for (const { pitch, velocity, since, count } of this.timeline.soundingAt(position)) {
      const faded = fadedVelocity(velocity, pitch, position - since);
      if (faded === 0) continue;
      this.instrument.strikeAt(time, pitch, faded);
      this.tellOf(time, pitch, faded, position);
      this.down[pitch] = count;
      if (count === 0) this.instrument.releaseAt(time + HELD_BY_PEDAL, pitch);
    }
  }

  private halt(position: number, state: 'paused' | 'stopped'): void {
    this.attempt++;
    this.cancel?.();
    this.cancel = undefined;
    if (this.current === 'playing' || this.current === 'waiting') this.silence();
    this.anchors = [{ time: this.instrument.now(), position }];
    this.change(state);
  }

  /** Plans what comes within the look-ahead, and sees to ends, waits and loops. */
  private plan(): void {
    if (this.current !== 'playing') return;
    const now = this.instrument.now();
    const isHidden = this.options.isHidden?.() ?? globalThis.document?.hidden === true;
    const horizon = now + (isHidden ? HIDDEN_LOOKAHEAD : (this.options.lookahead ?? 0.12));
    for (;;) {
      const anchor = this.anchors[this.anchors.length - 1];
      const limit = anchor.position + (horizon - anchor.time) * this.rate;
      const turn = this.turnAfter(anchor.position);
      this.planUntil(Math.min(limit, turn));
      if (turn > limit) break;
      const time = this.timeAt(turn);
      for (const [pitch, count] of this.down.entries()) {
        if (count === 0) continue;
        this.instrument.releaseAt(time, pitch);
        this.tellOf(time, pitch, 0, turn);
      }
      this.anchors.push({ time, position: this.span!.start });
      this.putCursor(this.span!.start, time);
    }
    while (this.anchors.length > 1 && this.anchors[1].time <= this.instrument.heardNow()) {
      this.anchors.shift();
    }
    if (this.positionAt(now) >= this.duration) this.reachEnd();
  }

  /** Where the playhead turns back when it comes from `position`; infinity if it does not. */
  private turnAfter(position: number): number {
    if (this.span === undefined) return Number.POSITIVE_INFINITY;
    const end = this.isComplete ? Math.min(this.span.end, this.duration) : this.span.end;
    return position < end && end - this.span.start >= SHORTEST_LOOP ? end : Number.POSITIVE_INFINITY;
  }

  private planUntil(limit: number): void {
    const { time, length } = this.timeline;
    // At the end of what is known, more may come for the same moment.
    const position = this.isComplete ? limit : Math.min(limit, this.duration);
    for (; this.next < length && time[this.next] < position; this.next++) this.send(this.timeline, this.next);
    // The last release of a piece stands at its very end.
    if (this.isComplete && position >= this.duration) {
      for (; this.next < length; this.next++) this.send(this.timeline, this.next);
    }
    if (position <= this.plannedUntil) return;
    if (this.clicks !== undefined && this.instrument.clickAt !== undefined)
      for (const { time, isStrong } of this.clicks(this.plannedUntil, position))
        this.instrument.clickAt(this.timeAt(time), isStrong);
    if (this.pulses !== undefined && this.instrument.clockAt !== undefined)
      for (const time of this.pulses(this.plannedUntil, position)) this.instrument.clockAt(this.timeAt(time));
    this.plannedUntil = position;
  }

  /** Tells the instrument of an event at its time, or now if that is past. */
  private send({ time, kind, pitch, value }: Timeline, i: number): void {
    const [now, due] = [this.instrument.now(), this.timeAt(time[i])];
    const at = Math.max(now, due);
    if (kind[i] === PEDAL) {
      this.instrument.pedalAt(at, value[i]);
    } else if (kind[i] === RELEASE) {
      if (this.down[pitch[i]] === 0 || --this.down[pitch[i]] > 0) return;
      this.instrument.releaseAt(at, pitch[i]);
      this.tellOf(at, pitch[i], 0, time[i]);
    } else if (now - due <= TOO_LATE) {
      this.down[pitch[i]]++;
      this.instrument.strikeAt(at, pitch[i], value[i]);
      this.tellOf(at, pitch[i], value[i], time[i]);
    }
  }

  /** Those who listen are told of a note when it is heard. */
  private tellOf(time: number, pitch: number, velocity: number, position: number): void {
    if (!this.isListenedTo('note')) return;
    this.heard.after(time - this.instrument.heardNow(), { pitch, velocity, position });
  }

  /** Nothing sounds any more, and nothing that was planned will. */
  private silence(): void {
    this.instrument.silence();
    this.heard.silence(this.currentTime);
  }

  /** The playhead has come to the end of the piece, or of what is known of it. */
  private reachEnd(): void {
    if (this.isComplete) {
      this.halt(this.duration, 'paused');
      this.emit('ended', undefined);
    } else {
      this.anchors = [{ time: this.instrument.now(), position: this.duration }];
      this.change('waiting');
    }
  }

  private grown(): void {
    this.emit('duration', this.duration);
    if (this.current === 'waiting') {
      const { position } = this.anchors[0];
      const enough = this.duration - position >= (this.options.cushion ?? 0.3) * this.rate;
      if (!enough && !this.isComplete) return;
      this.anchors = [{ time: this.instrument.now() + LEAD, position }];
      this.change('playing');
    }
    this.plan();
  }

  private positionAt(time: number): number {
    let last = this.anchors[0];
    if (this.current !== 'playing') return last.position;
    for (const anchor of this.anchors) if (anchor.time <= time) last = anchor;
    return last.position + Math.max(0, time - last.time) * this.rate;
  }

  /** The clock's time at which what is planned last comes to `position`. */
  private timeAt(position: number): number {
    const last = this.anchors[this.anchors.length - 1];
    return last.time + (position - last.position) / this.rate;
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
