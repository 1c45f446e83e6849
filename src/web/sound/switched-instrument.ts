/** An instrument in whose place another can be played, while nothing is. */
import type { Instrument } from './instrument.js';

export class SwitchedInstrument implements Instrument {
  constructor(private current: Instrument) {}

  /** What is played on. Only to be changed while the transport is paused: each has a clock of its own. */
  get target(): Instrument {
    return this.current;
  }
  set target(instrument: Instrument) {
    if (instrument === this.current) return;
    this.current.silence();
    this.current = instrument;
  }

  now = () => this.current.now();
  heardNow = () => this.current.heardNow();
  start = () => this.current.start();
  strikeAt = (time: number, pitch: number, velocity: number) => this.current.strikeAt(time, pitch, velocity);
  releaseAt = (time: number, pitch: number) => this.current.releaseAt(time, pitch);
  pedalAt = (time: number, value: number) => this.current.pedalAt(time, value);
  clickAt = (time: number, isStrong: boolean) => this.current.clickAt?.(time, isStrong);
  clockAt = (time: number) => this.current.clockAt?.(time);
  silence = () => this.current.silence();
  strike = (pitch: number, velocity: number) => this.current.strike(pitch, velocity);
  release = (pitch: number) => this.current.release(pitch);
  pedal = (isDown: boolean) => this.current.pedal(isDown);
  get volume(): number {
    return this.current.volume;
  }
  set volume(volume: number) {
    this.current.volume = volume;
  }
}
