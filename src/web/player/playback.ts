/**
 * What a player does, apart from how it looks: takes in a piece or a stream, plays it on the page's piano,
 * and is silent at once when it is told so, also while something is still on its way.
 */
import { CadenzaError } from '../../errors.js';
import { type KeyEvent, notesOfKeys } from '../../notes/cut.js';
import { createNoteTable, type NoteTable } from '../../notes/note-table.js';
import type { Pedal } from '../../notes/pedal.js';
import { Emitter } from '../sound/emitter.js';
import type { HeardNote } from '../sound/heard-notes.js';
import type { Piano } from '../sound/piano.js';
import { followTime } from '../sound/playhead.js';
import { Transport } from '../sound/transport.js';
import type { NoteView } from './note-views.js';
import { takeTurn } from './shared-piano.js';
import { isNotes, isStream, loadPiece, type PlayerSource, type PlayerStream } from './source.js';

export interface PlaybackEvents {
  /** There is another piece, or none. */
  piece: NoteTable | undefined;
  /** More of a stream is known. */
  grow: { readonly events: readonly KeyEvent[]; readonly knownTo: number };
  /** It plays, or does not any more. */
  state: boolean;
  /** Where the playhead is: on every frame while it plays, and when it was moved. */
  time: number;
  note: HeardNote;
  ended: undefined;
  /** What went wrong, in words; undefined when that is over. */
  failure: string | undefined;
}

/** What has come of a stream. */
interface Streamed {
  readonly events: KeyEvent[];
  /** Nothing more will come before this time, seconds; infinity when it is over. */
  knownTo: number;
}

export class Playback extends Emitter<PlaybackEvents> {
  source: PlayerSource | undefined;
  pedal: Pedal | undefined;
  private piece: NoteTable | undefined;
  private streamed: Streamed | undefined;
  private transport: Transport | undefined;
  private own: Piano | undefined;
  private loading: AbortController | undefined;
  /** Done when the source is read, or could not be. */
  private arriving: Promise<void> = Promise.resolve();
  /** Counts what makes a call of `play` void that still waits. */
  private attempt = 0;
  private isWanted = false;
  private loudness = 1;
  private isMuted = false;
  private speed = 1;
  private isLooping = false;
  private place = 0;
  private length = 0;
  private endings: (() => void)[] = [];

  /** @param pianoOf gives the piano when it is first needed */
  constructor(private readonly pianoOf: () => Piano) {
    super();
  }

  /** Of a stream what has come so far, keys that are down ending where it is known. */
  get notes(): NoteTable | undefined {
    const { streamed } = this;
    if (streamed === undefined) return this.piece;
    return notesOfKeys(streamed.events, Math.min(streamed.knownTo, streamed.events.at(-1)?.time ?? 0));
  }

  /** Shows on a picture what there is to play. */
  showOn(picture: Pick<NoteView, 'show' | 'grow'>): void {
    picture.show(this.piece, this.pedal);
    if (this.streamed !== undefined) picture.grow(this.streamed.events, this.streamed.knownTo);
  }

  /** End of what is known, seconds. */
  get duration(): number {
    return this.transport?.duration ?? this.length;
  }

  get currentTime(): number {
    return this.transport?.currentTime ?? this.place;
  }

  /** Whether it is silent, and not about to play. */
  get paused(): boolean {
    return !this.isWanted;
  }

  get output(): AudioNode | undefined {
    return this.own?.output;
  }

  get volume(): number {
    return this.loudness;
  }
  set volume(volume: number) {
    this.loudness = Math.min(1, Math.max(0, volume));
    this.applyVolume();
  }

  get muted(): boolean {
    return this.isMuted;
  }
  set muted(muted: boolean) {
    this.isMuted = muted;
    this.applyVolume();
  }

  /** How fast, 1 as it was played; 0.1 … 4. Pitch stays. */
  get rate(): number {
    return this.speed;
  }
  set rate(rate: number) {
    this.speed = Math.min(4, Math.max(0.1, rate));
    if (this.transport) this.transport.tempo = this.speed;
  }

  get loop(): boolean {
    return this.isLooping;
  }
  set loop(loop: boolean) {
    this.isLooping = loop;
    if (this.transport) this.transport.loop = loop ? { start: 0, end: Number.POSITIVE_INFINITY } : undefined;
  }

  /** Takes another source, or none: what played is silent at once. */
  open(source: PlayerSource | undefined): void {
    this.loading?.abort();
    const loading = new AbortController();
    this.loading = loading;
    this.source = source;
    this.show(undefined, undefined);
    this.emit('failure', undefined);
    this.arriving = this.take(source, loading.signal);
  }

  /** Plays from the playhead; resolves when it plays, or when it was paused before that. */
  async play(): Promise<void> {
    const attempt = ++this.attempt;
    this.want(true);
    await this.arriving;
    if (attempt !== this.attempt) return;
    if (this.piece === undefined) {
      this.want(false);
      return;
    }
    const transport = this.readyTransport();
    takeTurn(this);
    this.applyVolume();
    this.emit('failure', undefined);
    try {
      await transport.play();
    } catch (error) {
      if (attempt !== this.attempt) return;
      this.want(false);
      this.fail(error);
      throw error;
    }
  }

  pause(): void {
    this.attempt++;
    this.transport?.pause();
    this.want(false);
  }

  stop(): void {
    this.attempt++;
    if (this.transport) this.transport.stop();
    else this.moveTo(0);
    this.want(false);
  }

  seek(seconds: number): void {
    if (this.transport) this.transport.seek(seconds);
    else this.moveTo(Math.min(this.duration, Math.max(0, seconds)));
  }

  /** Strikes a key now, whether it plays or not. */
  strike(pitch: number, velocity: number): void {
    this.piano.strike(pitch, velocity);
  }

  release(pitch: number): void {
    this.piano.release(pitch);
  }

  /** Silence; it can be used again. */
  rest(): void {
    this.place = this.currentTime;
    this.length = this.duration;
    this.pause();
    for (const end of this.endings) end();
    this.endings = [];
    this.transport?.destroy();
    this.transport = undefined;
  }

  private get piano(): Piano {
    this.own ??= this.pianoOf();
    return this.own;
  }

  private async take(source: PlayerSource | undefined, signal: AbortSignal): Promise<void> {
    if (source === undefined) return;
    try {
      if (isNotes(source)) this.show(source, undefined);
      else if (isStream(source)) this.takeStream(source, signal);
      else {
        const { notes, pedal } = await loadPiece(source, signal);
        if (!signal.aborted) this.show(notes, pedal);
      }
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    }
  }

  /** Takes in events for as long as they come; it can be played meanwhile. */
  private takeStream(stream: PlayerStream, signal: AbortSignal): void {
    const streamed: Streamed = { events: [], knownTo: 0 };
    this.show(createNoteTable(0), undefined, streamed);
    const grow = (events: readonly KeyEvent[], knownTo: number) => {
      if (signal.aborted) return;
      streamed.events.push(...events);
      streamed.knownTo = knownTo;
      if (this.transport) hear(this.transport, events, knownTo);
      this.length = Math.max(this.length, Number.isFinite(knownTo) ? knownTo : 0);
      this.emit('grow', { events, knownTo });
    };
    const listen = async () => {
      for await (const one of stream) {
        if (signal.aborted) return;
        if ('event' in one) grow([one.event], one.knownTo);
        else grow([one], one.time);
      }
    };
    listen()
      .catch((error) => {
        if (!signal.aborted) this.fail(error);
      })
      .finally(() => grow([], Number.POSITIVE_INFINITY));
  }

  /** Another piece, at its beginning. */
  private show(notes: NoteTable | undefined, pedal: Pedal | undefined, streamed?: Streamed): void {
    // Of a call of `play` that waits for this piece nothing changes.
    if (this.transport?.isPlaying) this.pause();
    this.transport?.stop();
    this.piece = notes;
    this.streamed = streamed;
    this.pedal = pedal;
    this.length = notes?.end.reduce((latest, end) => Math.max(latest, end), 0) ?? 0;
    this.place = 0;
    this.transport?.load(notes, { isComplete: streamed === undefined });
    this.emit('piece', notes);
    this.emit('time', 0);
  }

  private readyTransport(): Transport {
    if (this.transport) return this.transport;
    const { piano } = this;
    const transport = new Transport(piano);
    this.transport = transport;
    const { streamed } = this;
    transport.load(this.piece, { isComplete: streamed === undefined });
    if (streamed !== undefined) hear(transport, streamed.events, streamed.knownTo);
    transport.seek(this.place);
    transport.tempo = this.speed;
    this.loop = this.isLooping;
    this.endings.push(
      transport.on('state', () => this.want(transport.isPlaying)),
      transport.on('note', (note) => this.emit('note', note)),
      transport.on('ended', () => this.emit('ended', undefined)),
      followTime(transport, (seconds) => this.moveTo(seconds)),
      piano.on('state', () => {
        if (this.isWanted) this.emit('failure', piano.state === 'interrupted' ? piano.failure : undefined);
      }),
    );
    return transport;
  }

  private moveTo(seconds: number): void {
    this.place = seconds;
    this.emit('time', seconds);
  }

  private want(isWanted: boolean): void {
    if (isWanted === this.isWanted) return;
    this.isWanted = isWanted;
    this.emit('state', isWanted);
  }

  /** Of all players of a page one plays, and its loudness is the piano's. */
  private applyVolume(): void {
    if (this.transport?.isPlaying || this.isWanted) this.piano.volume = this.isMuted ? 0 : this.loudness;
  }

  private fail(error: unknown): void {
    const isWords = error instanceof CadenzaError || error instanceof Error;
    this.emit('failure', isWords ? error.message : String(error));
  }
}

/** A transport takes in more of a stream. */
function hear(transport: Transport, events: readonly KeyEvent[], knownTo: number): void {
  if (events.length > 0) transport.append(events);
  if (Number.isFinite(knownTo)) transport.extendTo(knownTo);
  else transport.complete();
}
