/**
 * What a corpus looks like: how much there is, and how its notes are spread over pitch, step, duration and
 * velocity.
 */
import { durationsOf, type NoteTable, noteName, stepsOf } from '../../../../src/index.js';

export const ATTRIBUTES = ['pitch', 'step', 'duration', 'velocity'] as const;
export type Attribute = (typeof ATTRIBUTES)[number];

/** How values are sorted into bars. */
interface Scale {
  readonly bars: number;
  /** The bar of a value; what lies beyond the ends is counted in the first or last. */
  place(value: number): number;
  /** Where a bar begins; a fraction for a place within. */
  value(bar: number): number;
  /** A value in words. */
  format(value: number): string;
  /** Values marked below the bars. */
  readonly marks: readonly number[];
}

const LOWEST = 21;
const SHORTEST = 0.01;
const LONGEST = 10;
const TIME_BARS = 36;
/** Bars a unit of natural logarithm; times below the shortest share the first bar. */
const TIME_SCALE = (TIME_BARS - 1) / Math.log(LONGEST / SHORTEST);

function even(
  bars: number,
  from: number,
  width: number,
  marks: readonly number[],
  format: Scale['format'],
): Scale {
  return {
    bars,
    place: (value) => (value - from) / width,
    value: (bar) => from + bar * width,
    format,
    marks,
  };
}

const times: Scale = {
  bars: TIME_BARS,
  place: (seconds) => (seconds < SHORTEST ? 0 : 1 + Math.log(seconds / SHORTEST) * TIME_SCALE),
  value: (bar) => (bar < 1 ? 0 : SHORTEST * Math.exp((bar - 1) / TIME_SCALE)),
  format: formatSeconds,
  marks: [SHORTEST, 0.1, 1, LONGEST],
};

export const SCALES: Readonly<Record<Attribute, Scale>> = {
  pitch: even(44, LOWEST, 2, [24, 48, 72, 96], (pitch) => noteName(Math.round(pitch))),
  step: times,
  duration: times,
  velocity: even(32, 0, 4, [0, 32, 64, 96, 127], (velocity) => String(Math.round(velocity))),
};

export interface CorpusStatistics {
  readonly pieces: number;
  readonly notes: number;
  /** Of all pieces together. */
  readonly seconds: number;
  /** Notes in each bar. */
  readonly histograms: Readonly<Record<Attribute, Uint32Array>>;
}

/** Adds pieces up. */
export class StatisticsBuilder {
  private pieces = 0;
  private notes = 0;
  private seconds = 0;
  private readonly histograms = Object.fromEntries(
    ATTRIBUTES.map((name) => [name, new Uint32Array(SCALES[name].bars)]),
  ) as Record<Attribute, Uint32Array>;

  add(notes: NoteTable): void {
    this.pieces++;
    this.notes += notes.length;
    let end = 0;
    for (let i = 0; i < notes.length; i++) end = Math.max(end, notes.end[i]);
    this.seconds += end;
    this.count('pitch', notes.pitch);
    this.count('velocity', notes.velocity);
    // The first note has none before it.
    this.count('step', stepsOf(notes).subarray(1));
    this.count('duration', durationsOf(notes));
  }

  get result(): CorpusStatistics {
    const { pieces, notes, seconds, histograms } = this;
    return { pieces, notes, seconds, histograms };
  }

  private count(name: Attribute, values: ArrayLike<number>): void {
    const counts = this.histograms[name];
    const { place } = SCALES[name];
    for (let i = 0; i < values.length; i++) {
      counts[Math.min(counts.length - 1, Math.max(0, Math.floor(place(values[i]))))]++;
    }
  }
}

/** About the value below which so large a part of the notes lies, 0 … 1; undefined where there are none. */
export function quantile(name: Attribute, counts: Uint32Array, part: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let left = part * total;
  for (const [bar, count] of counts.entries()) {
    if (count > 0 && left <= count) return SCALES[name].value(bar + left / count);
    left -= count;
  }
  return SCALES[name].value(counts.length);
}

/** A histogram in one sentence. */
export function describeHistogram(name: Attribute, counts: Uint32Array): string {
  const at = (part: number) => {
    const value = quantile(name, counts, part);
    return value === undefined ? '' : SCALES[name].format(value);
  };
  return at(0.5) === '' ? 'no notes' : `half of the notes from ${at(0.25)} to ${at(0.75)}, middle ${at(0.5)}`;
}

function formatSeconds(seconds: number): string {
  if (seconds < SHORTEST) return '0';
  return seconds < 0.995 ? `${Math.round(seconds * 1000)} ms` : `${Number(seconds.toPrecision(2))} s`;
}
