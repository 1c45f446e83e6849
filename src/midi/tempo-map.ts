import { lastAtMost } from '../search.js';
import type { MidiFile, MidiTempo } from './midi-file.js';

const DEFAULT_BEATS_PER_MINUTE = 120;

/**
 * Ticks to seconds and back, equal to pretty_midi's times to the last bit. For that the order of operations
 * is part of the contract: seconds per tick = 60 / ((60e6 / microsecondsPerBeat) × ticksPerBeat), and a
 * tick's time = the end of the previous tempo's stretch + seconds per tick × ticks since.
 */
export class TempoMap {
  // One entry a stretch of constant tempo.
  private readonly startTick: number[] = [0];
  private readonly startSeconds: number[] = [0];
  private readonly secondsPerTick: number[];

  /** `secondsPerTick` holds until the first change. */
  private constructor(secondsPerTick: number) {
    this.secondsPerTick = [secondsPerTick];
  }

  /**
   * Tempo events in beats: 120 beats a minute until the first of `tempos`, which ascend by tick. The last one
   * at tick 0 wins; one equal to its predecessor changes nothing.
   */
  static ofBeats(ticksPerBeat: number, tempos: readonly Pick<MidiTempo, 'tick' | 'microsecondsPerBeat'>[]) {
    const map = new TempoMap(60 / (DEFAULT_BEATS_PER_MINUTE * ticksPerBeat));
    for (const { tick, microsecondsPerBeat } of tempos) {
      map.change(tick, 60 / ((6e7 / microsecondsPerBeat) * ticksPerBeat));
    }
    return map;
  }

  /** A constant rate, as in files timed in SMPTE frames. */
  static ofRate(ticksPerSecond: number): TempoMap {
    return new TempoMap(1 / ticksPerSecond);
  }

  private change(tick: number, secondsPerTick: number): void {
    const last = this.startTick.length - 1;
    if (tick === 0) {
      this.secondsPerTick[0] = secondsPerTick;
    } else if (secondsPerTick !== this.secondsPerTick[last]) {
      this.startSeconds.push(this.secondsIn(last, tick));
      this.startTick.push(tick);
      this.secondsPerTick.push(secondsPerTick);
    }
  }

  private secondsIn(stretch: number, tick: number): number {
    return this.startSeconds[stretch] + this.secondsPerTick[stretch] * (tick - this.startTick[stretch]);
  }

  /** Seconds from the start at which a tick falls. */
  secondsAt(tick: number): number {
    return this.secondsIn(lastAtMost(this.startTick, tick), tick);
  }

  /** (N) seconds of (N) ticks; fastest where they ascend. */
  secondsOf(ticks: Uint32Array): Float64Array {
    const { length } = ticks;
    const seconds = new Float64Array(length);
    for (let i = 0; i < length; ) {
      const stretch = lastAtMost(this.startTick, ticks[i]);
      const from = this.startTick[stretch];
      const to = this.startTick[stretch + 1] ?? Number.POSITIVE_INFINITY;
      const origin = this.startSeconds[stretch];
      const scale = this.secondsPerTick[stretch];
      for (; i < length && ticks[i] >= from && ticks[i] < to; i++) {
        seconds[i] = origin + scale * (ticks[i] - from);
      }
    }
    return seconds;
  }

  /** The tick nearest to a time of at least 0, the even one of two equally near. */
  tickAt(seconds: number): number {
    const stretch = Math.max(0, lastAtMost(this.startSeconds, seconds));
    const ticks = (seconds - this.startSeconds[stretch]) / this.secondsPerTick[stretch];
    return this.startTick[stretch] + roundHalfEven(ticks);
  }
}

/**
 * The tempo map of a file as pretty_midi has it: the tempo events of track 0. Those of other tracks do not
 * count, and in files timed in SMPTE frames none does.
 */
export function tempoMapOf(midi: MidiFile): TempoMap {
  if (midi.ticksPerSecond !== undefined) return TempoMap.ofRate(midi.ticksPerSecond);
  return TempoMap.ofBeats(
    midi.ticksPerBeat,
    midi.tempos.filter((tempo) => tempo.track === 0),
  );
}

/** The tempo map of a file as it is heard: a tempo event holds for all tracks, whichever it stands in. */
export function heardTempoMapOf(midi: MidiFile): TempoMap {
  if (midi.ticksPerSecond !== undefined) return TempoMap.ofRate(midi.ticksPerSecond);
  const inTime = [...midi.tempos].sort((a, b) => a.tick - b.tick || a.track - b.track);
  return TempoMap.ofBeats(midi.ticksPerBeat, inTime);
}

/** Nearest integer, halves to the even one, as Python and IEEE 754 do; `Math.round` takes halves up. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
