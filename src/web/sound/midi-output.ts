/** Plays on an instrument at a MIDI port. */
import { SUSTAIN } from '../../midi/controllers.js';
import type { Instrument } from './instrument.js';

const NOTE_OFF = 0x80;
const NOTE_ON = 0x90;
const CONTROL = 0xb0;
const ALL_NOTES_OFF = 123;
const VOLUME = 7;
const CLOCK = 0xf8;
const START = 0xfa;
const CONTINUE = 0xfb;
const STOP = 0xfc;
/** Seconds after a strike that cannot be called back at which its key is released. */
const CALLED_BACK = 0.002;

/** What of a Web MIDI port is used. */
export interface MidiPort {
  send(data: number[], timestamp?: number): void;
  open?(): Promise<unknown>;
  /** Not every browser has it. */
  clear?(): void;
}

/**
 * A transport plays on it as on a piano. Its clock is the page's, in seconds; every message is sent with the
 * time at which it is to sound.
 *
 * Web MIDI cannot everywhere call back what was sent ahead. What is silenced is therefore released after the
 * strikes that are still to come, too: nothing hangs.
 */
export class MidiOutput implements Instrument {
  private loudness = 1;
  /** By pitch, when it was told to be struck and released last. */
  private readonly struck = new Map<number, number>();
  private readonly released = new Map<number, number>();
  private isPedalUsed = false;

  /**
   * @param channel 0 … 15
   */
  constructor(
    private readonly port: MidiPort,
    private readonly channel = 0,
  ) {}

  now(): number {
    return performance.now() / 1000;
  }

  heardNow(): number {
    return this.now();
  }

  async start(): Promise<void> {
    await this.port.open?.();
  }

  strikeAt(time: number, pitch: number, velocity: number): void {
    this.struck.set(pitch, time);
    this.send([NOTE_ON | this.channel, pitch, velocity], time);
  }

  releaseAt(time: number, pitch: number): void {
    this.released.set(pitch, time);
    this.send([NOTE_OFF | this.channel, pitch, 0], time);
  }

  pedalAt(time: number, value: number): void {
    this.isPedalUsed = true;
    this.send([CONTROL | this.channel, SUSTAIN, value], time);
  }

  /** A pulse of MIDI clock, of which a quarter note has 24. */
  clockAt(time: number): void {
    this.send([CLOCK], time);
  }

  /** Tells what follows the clock to begin, from the beginning of the piece or from where it is. */
  startClock(isFromBeginning: boolean): void {
    this.send([isFromBeginning ? START : CONTINUE]);
  }

  stopClock(): void {
    this.send([STOP]);
  }

  silence(): void {
    this.port.clear?.();
    const now = this.now();
    for (const [pitch, struck] of this.struck) {
      // What was released before now is silent; all else is, at the latest after its last strike.
      const released = this.released.get(pitch) ?? Number.NEGATIVE_INFINITY;
      if (released > now || released < struck)
        this.send([NOTE_OFF | this.channel, pitch, 0], Math.max(now, struck + CALLED_BACK));
    }
    this.struck.clear();
    this.released.clear();
    if (this.isPedalUsed) this.send([CONTROL | this.channel, SUSTAIN, 0]);
    this.send([CONTROL | this.channel, ALL_NOTES_OFF, 0]);
  }

  get volume(): number {
    return this.loudness;
  }
  set volume(volume: number) {
    this.loudness = Math.min(1, Math.max(0, volume));
    this.send([CONTROL | this.channel, VOLUME, Math.round(127 * this.loudness)]);
  }

  strike(pitch: number, velocity: number): void {
    this.send([NOTE_ON | this.channel, pitch, velocity]);
  }

  release(pitch: number): void {
    this.send([NOTE_OFF | this.channel, pitch, 0]);
  }

  pedal(isDown: boolean): void {
    this.send([CONTROL | this.channel, SUSTAIN, isDown ? 127 : 0]);
  }

  /** @param time seconds of the page's clock; at once where undefined */
  private send(data: number[], time?: number): void {
    if (time === undefined) this.port.send(data);
    else this.port.send(data, 1000 * time);
  }
}
