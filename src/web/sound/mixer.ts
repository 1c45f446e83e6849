/**
 * From the synthesiser to the loudspeaker: every channel and the room have a fader of their own, so that what
 * is stopped fades within a blink and without a click; then a limiter, for many loud notes at once; then the
 * volume.
 */
import type { WorkletSynthesizer } from 'spessasynth_lib';

/** The synthesiser's outputs are one of its effects, the room, and one for each of so many channels. */
const CHANNELS = 16;
/** Brings what is played loudly close to full scale, as it is in renderings to a file. */
const GAIN = 2.5;
/** Decibels from which the limiter acts. */
const THRESHOLD = -3;
const RATIO = 20;
/**
 * A limiter of Web Audio raises everything by 0.6 of what it would take from full scale; this takes that
 * back.
 */
const WITHOUT_MAKEUP = 10 ** ((0.6 * (THRESHOLD - THRESHOLD / RATIO)) / 20);
/** Seconds, time constants. */
const FADE_OUT = 0.006;
const FADE_IN = 0.001;
const ROOM_OUT = 0.03;

export class Mixer {
  /** What everything sounds through. */
  readonly output: GainNode;
  private readonly faders: readonly GainNode[];
  private readonly room: GainNode;
  private isRoomOpen = true;

  constructor(
    private readonly context: BaseAudioContext,
    synth: WorkletSynthesizer,
    volume: number,
  ) {
    const mix = new GainNode(context, { gain: GAIN });
    const limiter = new DynamicsCompressorNode(context, {
      threshold: THRESHOLD,
      ratio: RATIO,
      knee: 0,
      attack: 0.002,
      release: 0.12,
    });
    this.output = new GainNode(context, { gain: outputGain(volume) });
    this.room = new GainNode(context);
    synth.connect(this.room);
    this.faders = Array.from({ length: CHANNELS }, (_, channel) => {
      synth.disconnectChannel(this.room, channel);
      const fader = new GainNode(context);
      synth.connectChannel(fader, channel);
      fader.connect(mix);
      return fader;
    });
    this.room.connect(mix);
    mix.connect(limiter).connect(this.output).connect(context.destination);
  }

  /** How loud everything is, 0 … 1. */
  setVolume(volume: number): void {
    this.output.gain.setTargetAtTime(outputGain(volume), this.context.currentTime, FADE_OUT);
  }

  /** Brings a channel to nothing, or back. */
  fade(channel: number, gain: 0 | 1): void {
    this.faders[channel].gain.setTargetAtTime(
      gain,
      this.context.currentTime,
      gain === 0 ? FADE_OUT : FADE_IN,
    );
  }

  /** Lets the echo of what was stopped die, until something is struck. */
  closeRoom(): void {
    this.room.gain.setTargetAtTime(0, this.context.currentTime, ROOM_OUT);
    this.isRoomOpen = false;
  }

  /** From this time of the clock on there is an echo again. */
  openRoom(time = this.context.currentTime): void {
    if (this.isRoomOpen) return;
    this.room.gain.setTargetAtTime(1, time, FADE_IN);
    this.isRoomOpen = true;
  }
}

/** Twice as far is about twice as loud. */
function outputGain(volume: number): number {
  return volume ** 2 * WITHOUT_MAKEUP;
}
