/**
 * Notes → sound: a SoundFont piano played sample by sample, block by block, as fast as the machine can.
 * Nothing longer than a block is kept, so a piece of any length takes the same memory.
 */
import { SpessaSynthProcessor } from 'spessasynth_core';
import { CadenzaError } from '../errors.js';
import type { NoteTable } from '../notes/note-table.js';
import { Limiter } from './limiter.js';
import { Room } from './room.js';
import type { SoundFont } from './sound-font.js';
import { type Strikes, strikesOf } from './strikes.js';

export interface RenderOptions {
  /** Samples a second, a whole number from 8000 to 192000; 44100 by default. */
  readonly sampleRateHz?: number;
  /** Louder above 0, softer below; 0 by default. */
  readonly gainDb?: number;
  /** How much of the room is heard: 0 none, 1 (the default) a small hall, 2 twice as much. */
  readonly reverb?: number;
  /** Seconds that are left for the last note and the room to fade away; 2 by default. */
  readonly tailSeconds?: number;
}

/** A stretch of stereo sound, both sides equally long. */
export interface SoundBlock {
  readonly left: Float32Array;
  readonly right: Float32Array;
}

/** A piece that is about to sound. */
export interface Rendering {
  readonly sampleRateHz: number;
  /** Samples a side, in all. */
  readonly frames: number;
  /** `frames` as time. */
  readonly seconds: number;
  /**
   * The sound, from the beginning, in blocks of `BLOCK_FRAMES` (the last one may be shorter). Between two
   * blocks a page can draw, a worker can answer. A block's arrays are used again for the next: copy what is
   * to be kept.
   */
  blocks(): Generator<SoundBlock, void, void>;
}

/** Samples in a block of a rendering. */
export const BLOCK_FRAMES = 8192;

const DEFAULT_SAMPLE_RATE_HZ = 44100;
const DEFAULT_TAIL_SECONDS = 2;
/** The synthesiser renders at most so many samples between two looks at its envelopes. */
const STEP_FRAMES = 256;
/** Voices; a note takes two with the shipped piano. */
const VOICES = 256;
/** Brings what is played loudly close to full scale, so that the limiter seldom acts. */
const GAIN = 2.5;
/** Full scale less 0.3 dB. */
const CEILING = 0.966;
/** The last of the tail is faded, so that no SoundFont ends with a click. */
const FADE_SECONDS = 0.25;
/** How loud the room is. */
const ROOM_LEVEL = 0.022;
/** Any but 9, the drums. */
const CHANNEL = 0;

/**
 * Prepares to render notes; the work is done as the blocks are taken.
 *
 * @throws CadenzaError if there are no notes, or an option makes no sense
 */
export function renderNotes(notes: NoteTable, soundFont: SoundFont, options: RenderOptions = {}): Rendering {
  const { sampleRateHz = DEFAULT_SAMPLE_RATE_HZ, tailSeconds = DEFAULT_TAIL_SECONDS } = options;
  if (notes.length === 0) throw new CadenzaError('there are no notes to play');
  inRange('sampleRateHz', sampleRateHz, 8000, 192_000);
  if (!Number.isInteger(sampleRateHz))
    throw new CadenzaError(`sampleRateHz is ${sampleRateHz}; give a whole number`);
  inRange('tailSeconds', tailSeconds, 0, 60);
  inRange('gainDb', options.gainDb ?? 0, -120, 60);
  inRange('reverb', options.reverb ?? 1, 0, 3);
  const end = notes.end.reduce((latest, time) => Math.max(latest, time), 0);
  const frames = Math.ceil((end + tailSeconds) * sampleRateHz);
  return {
    sampleRateHz,
    frames,
    seconds: frames / sampleRateHz,
    blocks: () => render(strikesOf(notes, sampleRateHz), soundFont, frames, { ...options, sampleRateHz }),
  };
}

function inRange(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw new CadenzaError(`${name} is ${value}; give a number from ${least} to ${most}`);
}

function* render(
  strikes: Strikes,
  soundFont: SoundFont,
  frames: number,
  { sampleRateHz, gainDb = 0, reverb = 1 }: RenderOptions & { readonly sampleRateHz: number },
): Generator<SoundBlock, void, void> {
  const gain = GAIN * 10 ** (gainDb / 20);
  const player = new Synthesis(strikes, createSynth(soundFont, sampleRateHz, gain));
  const room = reverb > 0 ? new Room(sampleRateHz, reverb * ROOM_LEVEL) : undefined;
  const limiter = new Limiter(sampleRateHz, CEILING);
  const fill = (block: SoundBlock) => {
    player.play(block);
    room?.process(block.left, block.right);
    limiter.process(block.left, block.right);
  };
  // What comes out of the limiter first is the silence before the sound.
  const before = { left: new Float32Array(limiter.delay), right: new Float32Array(limiter.delay) };
  fill(before);
  const whole = { left: new Float32Array(BLOCK_FRAMES), right: new Float32Array(BLOCK_FRAMES) };
  for (let played = 0; played < frames; played += BLOCK_FRAMES) {
    const length = Math.min(BLOCK_FRAMES, frames - played);
    const block = { left: whole.left.subarray(0, length), right: whole.right.subarray(0, length) };
    fill(block);
    fadeOut(block, frames - played, FADE_SECONDS * sampleRateHz);
    yield block;
  }
}

/** Has a synthesiser play strikes, each on its very sample. */
class Synthesis {
  private frame = 0;
  private next = 0;

  constructor(
    private readonly strikes: Strikes,
    private readonly synth: SpessaSynthProcessor,
  ) {}

  /** Fills the block with what comes next. */
  play({ left, right }: SoundBlock): void {
    const { strikes, synth } = this;
    left.fill(0);
    right.fill(0);
    for (let done = 0; done < left.length; ) {
      for (; this.next < strikes.length && strikes.frame[this.next] <= this.frame; this.next++) {
        const [pitch, velocity] = [strikes.pitch[this.next], strikes.velocity[this.next]];
        if (velocity > 0) synth.noteOn(CHANNEL, pitch, velocity);
        else synth.noteOff(CHANNEL, pitch);
      }
      // Steps end on a grid that starts with the sound, so that the size of blocks changes nothing.
      let length = STEP_FRAMES - (this.frame % STEP_FRAMES);
      if (this.next < strikes.length) length = Math.min(length, strikes.frame[this.next] - this.frame);
      length = Math.min(length, left.length - done);
      synth.process(left, right, done, length);
      done += length;
      this.frame += length;
    }
  }
}

function createSynth({ bank }: SoundFont, sampleRateHz: number, gain: number): SpessaSynthProcessor {
  const synth = new SpessaSynthProcessor(sampleRateHz, {
    maxBufferSize: STEP_FRAMES,
    eventsEnabled: false,
    effectsEnabled: false,
  });
  synth.setSystemParameter('voiceCap', VOICES);
  synth.setSystemParameter('gain', gain);
  synth.soundBankManager.addSoundBank(bank, 'piano');
  synth.programChange(CHANNEL, 0);
  return synth;
}

/**
 * Fades what lies within the last `length` samples of the sound; `left` of them are to come, block included.
 */
function fadeOut({ left, right }: SoundBlock, toCome: number, length: number): void {
  for (let i = Math.max(0, Math.ceil(toCome - length)); i < left.length; i++) {
    const gain = 0.5 - 0.5 * Math.cos((Math.PI * (toCome - i - 1)) / length);
    left[i] *= gain;
    right[i] *= gain;
  }
}
