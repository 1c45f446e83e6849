/** The keys of an instrument's 16 channels: what is down, what pedals hold, what sounds. */
import {
  ALL_NOTES_OFF,
  ALL_SOUND_OFF,
  RESET_ALL_CONTROLLERS,
  SOSTENUTO,
  SUSTAIN,
} from '../midi/controllers.js';
import type { MidiFile } from '../midi/midi-file.js';
import { CHANNELS, KEYS, NEVER, PITCHES, type Strikes } from './key-releases.js';
import { PEDAL_DOWN } from './pedal.js';

/** Later than any tick: nothing ends a sound. */
const ENDLESS = 2 ** 32;

class SoundingKeys {
  /** (S) ticks at which each key was let go, and its sound stopped. */
  readonly released: Uint32Array;
  readonly end: Uint32Array;
  /** Movements of all sustain pedals: ticks, channels and positions. */
  moved = 0;
  readonly movedAt: Uint32Array;
  readonly movedChannel: Uint8Array;
  readonly movedTo: Uint8Array;
  now = 0;
  /** The strike that sounds on each key, whether the key is down, and whether sostenuto holds it. */
  readonly sounding = new Int32Array(KEYS).fill(NEVER);
  readonly isDown = new Uint8Array(KEYS);
  private readonly isHeld = new Uint8Array(KEYS);
  private readonly sustain = new Uint8Array(CHANNELS);
  private readonly sostenuto = new Uint8Array(CHANNELS);

  constructor(strikes: number, movements: number) {
    this.released = new Uint32Array(strikes);
    this.end = new Uint32Array(strikes);
    this.movedAt = new Uint32Array(movements);
    this.movedChannel = new Uint8Array(movements);
    this.movedTo = new Uint8Array(movements);
  }

  /** @param latest when a sound on this key ends, if not before */
  strike(key: number, strike: number, latest: number): void {
    if (this.sounding[key] !== NEVER) this.stop(key, Math.min(this.now, latest));
    this.sounding[key] = strike;
    this.isDown[key] = 1;
    this.isHeld[key] = 0;
  }

  release(key: number): void {
    this.isDown[key] = 0;
    this.released[this.sounding[key]] = this.now;
    if (!this.sustain[(key / PITCHES) | 0] && !this.isHeld[key]) this.stop(key, this.now);
  }

  releaseAll(channel: number): void {
    for (let key = channel * PITCHES; key < (channel + 1) * PITCHES; key++) {
      if (this.sounding[key] !== NEVER && this.isDown[key]) this.release(key);
    }
  }

  stop(key: number, tick: number): void {
    const strike = this.sounding[key];
    this.end[strike] = tick;
    if (this.isDown[key]) this.released[strike] = tick;
    this.sounding[key] = NEVER;
  }

  silence(channel: number): void {
    for (let key = channel * PITCHES; key < (channel + 1) * PITCHES; key++) {
      if (this.sounding[key] !== NEVER) this.stop(key, this.now);
    }
  }

  moveSustain(channel: number, value: number): void {
    this.movedAt[this.moved] = this.now;
    this.movedChannel[this.moved] = channel;
    this.movedTo[this.moved++] = value;
    const wasDown = this.sustain[channel];
    this.sustain[channel] = Number(value >= PEDAL_DOWN);
    if (wasDown) this.damp(channel);
  }

  /** Holds the keys that are down when it is pressed, and no others. */
  moveSostenuto(channel: number, value: number): void {
    const down = Number(value >= PEDAL_DOWN);
    if (down === this.sostenuto[channel]) return;
    this.sostenuto[channel] = down;
    for (let key = channel * PITCHES; key < (channel + 1) * PITCHES; key++) {
      this.isHeld[key] = Number(down === 1 && this.sounding[key] !== NEVER && this.isDown[key] === 1);
    }
    if (!down) this.damp(channel);
  }

  resetControllers(channel: number): void {
    if (this.sustain[channel]) this.moveSustain(channel, 0);
    this.moveSostenuto(channel, 0);
  }

  /** Silences all channels. */
  reset(tick: number): void {
    this.now = tick;
    for (let channel = 0; channel < CHANNELS; channel++) {
      this.silence(channel);
      this.resetControllers(channel);
    }
  }

  /** Stops the sounds of a channel that nothing holds any more. */
  private damp(channel: number): void {
    if (this.sustain[channel]) return;
    for (let key = channel * PITCHES; key < (channel + 1) * PITCHES; key++) {
      if (this.sounding[key] !== NEVER && !this.isDown[key] && !this.isHeld[key]) this.stop(key, this.now);
    }
  }
}

/**
 * Walks through a file in time order: when every struck key is let go, and when its sound stops; in ticks.
 */
export function soundOf(midi: MidiFile, order: Uint32Array, strikes: Strikes) {
  const { tick, status, data1, data2, track } = midi.events;
  const { event: struck, releasedAt, isDrum, resets } = strikes;
  const keys = new SoundingKeys(strikes.length, order.length + CHANNELS * resets.length);
  /** A key that nobody releases sounds until its track ends. */
  const latest = (strike: number) =>
    releasedAt[strike] === NEVER
      ? Math.max(tick[struck[strike]], midi.tracks[track[struck[strike]]].endTick)
      : ENDLESS;

  let strike = 0;
  let nextReset = 0;
  for (let at = 0; at < order.length; at++) {
    const event = order[at];
    while (resets[nextReset]?.at === at) keys.reset(resets[nextReset++].tick);
    keys.now = tick[event];
    const message = status[event] >> 4;
    const channel = status[event] & 0x0f;
    const key = channel * PITCHES + data1[event];
    const sounding = keys.sounding[key];
    if (message === 0x9 && data2[event] > 0) {
      keys.strike(key, strike++, sounding !== NEVER && keys.isDown[key] ? latest(sounding) : ENDLESS);
    } else if (message === 0x8 || message === 0x9) {
      if (sounding !== NEVER && releasedAt[sounding] === at) keys.release(key);
    } else if (message === 0xb) {
      control(keys, channel, data1[event], data2[event]);
    }
  }

  while (nextReset < resets.length) keys.reset(resets[nextReset++].tick);

  let unreleased = 0;
  const fileEnd = midi.tracks.reduce((last, { endTick }) => Math.max(last, endTick), keys.now);
  for (let key = 0; key < KEYS; key++) {
    const last = keys.sounding[key];
    if (last === NEVER) continue;
    unreleased += Number(keys.isDown[key] === 1 && isDrum[last] === 0);
    keys.stop(key, keys.isDown[key] ? latest(last) : fileEnd);
  }
  const { released, end, moved, movedAt, movedChannel, movedTo } = keys;
  const movements = {
    length: moved,
    tick: movedAt.slice(0, moved),
    channel: movedChannel.slice(0, moved),
    value: movedTo.slice(0, moved),
  };
  return { released, end, movements, unreleased };
}

function control(keys: SoundingKeys, channel: number, controller: number, value: number): void {
  if (controller === SUSTAIN) keys.moveSustain(channel, value);
  else if (controller === SOSTENUTO) keys.moveSostenuto(channel, value);
  else if (controller === RESET_ALL_CONTROLLERS) keys.resetControllers(channel);
  else if (controller === ALL_SOUND_OFF) keys.silence(channel);
  else if (controller >= ALL_NOTES_OFF) keys.releaseAll(channel);
}
