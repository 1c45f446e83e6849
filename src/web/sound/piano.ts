/**
 * The piano that is heard: a SoundFont played by spessasynth_lib in an AudioWorklet. Cheap to make; context,
 * worklet and sound are loaded by `start`, which must first be called from a click or a key press.
 */
import type { WorkletSynthesizer } from 'spessasynth_lib';
import { SUSTAIN } from '../../midi/controllers.js';
import { pianoUrl, synthWorkletUrl } from '../assets.js';
import { closed, heardIn, openContext, resume } from './audio-context.js';
import { Clicks } from './clicks.js';
import { Emitter } from './emitter.js';
import type { Instrument } from './instrument.js';
import { Lanes } from './lanes.js';
import { Mixer } from './mixer.js';
import { fetchSoundFont, loadSynth } from './synth.js';

/**
 * `idle` has loaded nothing yet; `unavailable` says why in `failure`, and `start` may be tried again;
 * `interrupted` was ready and is held by browser or system, as by a call: it goes on by itself when it may,
 * also where its context was closed.
 */
export type PianoState = 'idle' | 'loading' | 'ready' | 'interrupted' | 'unavailable';

/** What a piano tells its listeners. */
export interface PianoEvents {
  state: PianoState;
}

export interface PianoOptions {
  /** URL of the SoundFont, relative to the page; the piano of the package by default. */
  readonly soundFont?: string | URL;
  /** URL of the worklet's script; the one of the package by default. */
  readonly worklet?: string | URL;
}

/**
 * The channels that take turns at what is played by time (10, the drums, is left out), and the one of live
 * playing.
 */
const LANES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14];
const LIVE = 15;
/** The controller that ends all notes of a channel at once. */
const ALL_SOUND_OFF = 120;
/** How much of the sound goes to the room, as in renderings to a file, and to a chorus. */
const ROOM_CONTROLLER = 91;
const ROOM = 26;
const CHORUS_CONTROLLER = 93;
/** Milliseconds between two tries to go on after an interruption. */
const TRY_EVERY = 500;

export class Piano extends Emitter<PianoEvents> implements Instrument {
  private current: PianoState = 'idle';
  private reason: string | undefined;
  private audio: AudioContext | undefined;
  private loading: Promise<void> | undefined;
  private bank: Promise<ArrayBuffer> | undefined;
  private synth: WorkletSynthesizer | undefined;
  private mixer: Mixer | undefined;
  private lanes: Lanes | undefined;
  private clicks: Clicks | undefined;
  private loudness = 1;
  private heard = 0;
  /** Where the clock stood when the last context was lost, seconds: the next one counts from 0. */
  private since = 0;
  /** Keys that were struck live before there was a sound, and are still down. */
  private readonly early = new Map<number, number>();

  constructor(readonly options: PianoOptions = {}) {
    super();
  }

  /** Where it stands. */
  get state(): PianoState {
    return this.current;
  }

  /** Why there is no sound, in words; undefined while nothing went wrong. */
  get failure(): string | undefined {
    return this.reason;
  }

  /** The audio context, once started; another one when that was closed. */
  get context(): AudioContext | undefined {
    return this.audio;
  }

  /** The node of this context that everything sounds through: to be tapped by a meter or a recorder. */
  get output(): AudioNode | undefined {
    return this.mixer?.output;
  }

  get volume(): number {
    return this.loudness;
  }
  set volume(volume: number) {
    this.loudness = Math.min(1, Math.max(0, volume));
    this.mixer?.setVolume(this.loudness);
  }

  now(): number {
    return this.since + (this.audio?.currentTime ?? 0);
  }

  heardNow(): number {
    if (this.audio !== undefined) this.heard = Math.max(this.heard, this.since + heardIn(this.audio));
    return this.heard;
  }

  /**
   * Fetches the sound while nobody has pressed anything yet, so that the first note comes sooner. It needs no
   * gesture; what goes wrong is said by `start`.
   */
  prefetch(): void {
    if (this.current !== 'idle' || this.bank !== undefined) return;
    const bank = fetchSoundFont(this.soundFont);
    this.bank = bank;
    import('./synthesizer.js').catch(() => {});
    bank.catch(() => {
      if (this.bank === bank) this.bank = undefined;
    });
  }

  async start(): Promise<void> {
    let audio: AudioContext | undefined;
    if (this.audio?.state === 'closed') this.lose();
    try {
      audio = this.audio ??= this.openContext();
      // Asked for before anything is awaited, while the click or key press still counts.
      const resumed = resume(audio);
      this.loading ??= this.load(audio);
      await Promise.all([this.loading, resumed]);
    } catch (error) {
      // Closed meanwhile, and not by `destroy`.
      if (audio !== this.audio && this.current !== 'idle') return this.start();
      this.reason = error instanceof Error ? error.message : String(error);
      if (this.current !== 'ready') this.change('unavailable');
      throw error;
    }
    this.reason = undefined;
    this.change('ready');
    for (const [pitch, velocity] of this.early) this.strike(pitch, velocity);
    this.early.clear();
  }

  /**
   * Starts at the first click, touch or key press in `target`, so that the first sound comes at once. Whether
   * that went well is in `state`. The function that is returned calls it off.
   */
  startOnGesture(target: EventTarget = document): () => void {
    const gestures = ['pointerdown', 'pointerup', 'keydown'];
    const cancel = () => {
      for (const gesture of gestures) target.removeEventListener(gesture, start, true);
    };
    const start = () => {
      // A touch counts when it ends, a mouse when it is pressed: only one of them may come through.
      this.start().then(cancel, () => {});
    };
    for (const gesture of gestures) target.addEventListener(gesture, start, { capture: true, passive: true });
    return cancel;
  }

  strikeAt(time: number, pitch: number, velocity: number): void {
    const at = time - this.since;
    this.mixer?.openRoom(at);
    this.synth?.noteOn(this.lanes!.at(at), pitch, velocity, { time: at });
  }

  releaseAt(time: number, pitch: number): void {
    const at = time - this.since;
    this.synth?.noteOff(this.lanes!.at(at), pitch, { time: at });
  }

  pedalAt(time: number, value: number): void {
    const at = time - this.since;
    this.synth?.controllerChange(this.lanes!.at(at), SUSTAIN, value, { time: at });
  }

  clickAt(time: number, isStrong: boolean): void {
    this.clicks?.at(time - this.since, isStrong);
  }

  silence(): void {
    this.lanes?.silence();
    this.clicks?.silence();
    this.mixer?.closeRoom();
  }

  strike(pitch: number, velocity = 80): void {
    if (this.current === 'ready') {
      this.mixer!.openRoom();
      this.synth!.noteOn(LIVE, pitch, velocity);
    } else {
      this.early.set(pitch, velocity);
      this.start().catch(() => {});
    }
  }

  release(pitch: number): void {
    this.early.delete(pitch);
    this.synth?.noteOff(LIVE, pitch);
  }

  pedal(isDown: boolean): void {
    this.synth?.controllerChange(LIVE, SUSTAIN, isDown ? 127 : 0);
  }

  /** Gives back all that sound takes; `start` takes it again. */
  async destroy(): Promise<void> {
    const { audio } = this;
    this.lose();
    this.change('idle');
    if (audio?.state !== 'closed') await audio?.close();
  }

  private openContext(): AudioContext {
    const context = openContext();
    context.addEventListener('statechange', () => {
      // One that is no longer the piano's may do as it likes.
      if (context === this.audio) this.follow(context);
    });
    return context;
  }

  /** What browser or system does to the context is said, and undone as soon as they allow it. */
  private follow(context: AudioContext): void {
    const isRunning = context.state === 'running';
    if (isRunning && this.current === 'interrupted') {
      this.reason = undefined;
      this.change('ready');
    } else if (context.state === 'closed') {
      this.lose();
      if (this.current === 'ready' || this.current === 'interrupted') this.interrupt();
    } else if (!isRunning && this.current === 'ready') {
      this.interrupt();
      const attempts = setInterval(() => {
        if (this.current === 'interrupted' && context === this.audio) context.resume().catch(() => {});
        else clearInterval(attempts);
      }, TRY_EVERY);
      context.resume().catch(() => {});
    }
  }

  private interrupt(): void {
    this.reason = 'the browser has stopped the sound; it goes on when it may, or after a click';
    this.change('interrupted');
    if (this.audio === undefined) this.start().catch(() => {});
    this.startOnGesture();
  }

  /** What was made for a context goes with it; the clock stands where it stood until there is another. */
  private lose(): void {
    this.since = this.now();
    this.audio = undefined;
    this.loading = undefined;
    this.bank = undefined;
    this.synth = undefined;
    this.mixer = undefined;
    this.lanes = undefined;
    this.clicks = undefined;
  }

  private get soundFont(): string | URL {
    return this.options.soundFont ?? pianoUrl();
  }

  private async load(context: AudioContext): Promise<void> {
    if (this.current !== 'interrupted') this.change('loading');
    try {
      this.bank ??= fetchSoundFont(this.soundFont);
      const sources = {
        soundFont: this.soundFont,
        worklet: this.options.worklet ?? synthWorkletUrl(),
        bank: this.bank,
      };
      const loaded = loadSynth(context, sources, (made) => this.connect(context, made));
      const synth = await Promise.race([loaded, closed(context)]);
      for (const channel of [...LANES, LIVE]) {
        synth.controllerChange(channel, ROOM_CONTROLLER, ROOM);
        synth.controllerChange(channel, CHORUS_CONTROLLER, 0);
      }
      this.synth = synth;
    } catch (error) {
      if (context === this.audio) {
        this.loading = undefined;
        this.bank = undefined;
      }
      throw error;
    }
  }

  private connect(context: AudioContext, synth: WorkletSynthesizer): void {
    if (context !== this.audio) return;
    const mixer = new Mixer(context, synth, this.loudness);
    this.mixer = mixer;
    this.clicks = new Clicks(context, mixer.output);
    this.lanes = new Lanes(
      {
        now: () => context.currentTime,
        fade: (channel, gain) => mixer.fade(channel, gain),
        mute: (channel, isMuted) => synth.midiChannels[channel].setSystemParameter('isMuted', isMuted),
        reset: (channel) => {
          synth.controllerChange(channel, ALL_SOUND_OFF, 0);
          synth.controllerChange(channel, SUSTAIN, 0);
        },
        after: (seconds, callback) => setTimeout(callback, 1000 * seconds),
      },
      LANES,
    );
  }

  private change(state: PianoState): void {
    if (state === this.current) return;
    this.current = state;
    this.emit('state', state);
  }
}
