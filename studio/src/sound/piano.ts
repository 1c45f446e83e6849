/**
 * The piano that is heard: a SoundFont played by spessasynth_lib in an AudioWorklet. Cheap to make; context, worklet and
 * sound are loaded by `start`, which must first be called from a click or a key press.
 */
import { Emitter } from './emitter.js';
import type { Instrument } from './instrument.js';

/** `idle` has loaded nothing yet; `unavailable` says why in `failure`. */
export type PianoState = 'idle' | 'loading' | 'ready' | 'unavailable';

/** What a piano tells its listeners. */
export interface PianoEvents {
  state: PianoState;
}

export interface PianoOptions {
  /** URL of the SoundFont, relative to the page; `sounds/piano.sf3` by default. */
  readonly soundFont?: string | URL;
  /** URL of the worklet's script; the bundled one by default. */
  readonly worklet?: string | URL;
}

export class Piano extends Emitter<PianoEvents> implements Instrument {
  /** Where it stands. */
  state: PianoState = 'idle';
  /** Why there is no sound, in words; undefined while nothing went wrong. */
  failure: string | undefined;
  /** The audio context, once started. */
  context: AudioContext | undefined;
  volume = 1;

  constructor(readonly options: PianoOptions = {}) {
    super();
  }

  /** Starts at the first click, touch or key press in `target`, so that the first sound comes at once. */
  startOnGesture(_target: EventTarget = document): () => void {
    return () => {};
  }

  now(): number {
    return this.context?.currentTime ?? 0;
  }

  get latency(): number {
    return this.context?.outputLatency || this.context?.baseLatency || 0;
  }

  async start(): Promise<void> {
    this.context ??= new AudioContext();
    await this.context.resume();
  }

  /** The node that everything sounds through, once started: to be tapped by a meter or a recorder. */
  get output(): AudioNode | undefined {
    return undefined;
  }

  strikeAt(_time: number, _pitch: number, _velocity: number): void {}
  releaseAt(_time: number, _pitch: number): void {}
  pedalAt(_time: number, _value: number): void {}
  silence(): void {}
  strike(_pitch: number, _velocity = 80): void {}
  release(_pitch: number): void {}
  pedal(_isDown: boolean): void {}
}
