/**
 * What sets of pieces are compared by: numbers and histograms of each piece, after Yang and Lerch, "On the
 * evaluation of generative models in music" (Neural Computing and Applications 32, 2020), for performances
 * without bars.
 */
import {
  type GridNotes,
  KEYS,
  LOWEST_PITCH,
  TICKS_PER_SECOND,
  VELOCITY_BINS,
  velocityOf,
} from '../../notes/grid.js';
import { TIME_BINS, timeBin } from '../../representation/time-bins.js';
import { sharesOf } from './statistics.js';

/**
 * The features with what they are called and measured in; the unit of a histogram is that of its bins'
 * number.
 */
export const FEATURES = [
  { name: 'usedPitches', label: 'used pitches', unit: 'keys' },
  { name: 'pitchRange', label: 'pitch range', unit: 'semitones' },
  { name: 'pitchClassHistogram', label: 'pitch-class histogram', unit: 'share' },
  { name: 'pitchClassTransition', label: 'pitch-class transitions', unit: 'share' },
  { name: 'meanInterOnset', label: 'mean inter-onset interval', unit: 's' },
  { name: 'interOnsetHistogram', label: 'inter-onset histogram', unit: 'share' },
  { name: 'meanDuration', label: 'mean duration', unit: 's' },
  { name: 'durationHistogram', label: 'duration histogram', unit: 'share' },
  { name: 'meanVelocity', label: 'mean velocity', unit: 'MIDI' },
  { name: 'velocityHistogram', label: 'velocity histogram', unit: 'share' },
  { name: 'polyphony', label: 'polyphony', unit: 'notes' },
  { name: 'notesPerSecond', label: 'notes a second', unit: '1/s' },
] as const;

export type FeatureName = (typeof FEATURES)[number]['name'];

/**
 * The features of one piece, each a vector: numbers have one element, histograms sum to 1.
 *
 * - usedPitches: different keys; pitchRange: semitones from the lowest to the highest note
 * - pitchClassHistogram (12), from C up; pitchClassTransition (144), row-major from a note's class to the
 *   next note's, chords read upward
 * - meanInterOnset: seconds from one note's onset to the next one's, 0 within a chord; interOnsetHistogram
 *   (TIME_BINS)
 * - meanDuration: seconds that a note sounds, pedal included; durationHistogram (TIME_BINS)
 * - meanVelocity: of the middles of the velocity bins; velocityHistogram (VELOCITY_BINS)
 * - polyphony: notes that sound at once, mean over the time in which any does (as in MusPy, Dong et al.,
 *   ISMIR 2020)
 * - notesPerSecond: notes per second from the first onset to the last release
 */
export type PieceFeatures = Readonly<Record<FeatureName, Float64Array>>;

/** The features of a piece of at least two notes. */
export function featuresOf(notes: GridNotes): PieceFeatures {
  const { length, key, velocity, onset, offset } = notes;
  const keys = keyCounts(notes);
  const classes = new Float64Array(12);
  const transitions = new Float64Array(144);
  const steps = new Float64Array(TIME_BINS);
  const durations = new Float64Array(TIME_BINS);
  const velocities = new Float64Array(VELOCITY_BINS);
  let sounding = 0;
  let loudness = 0;
  for (let i = 0; i < length; i++) {
    const pitchClass = pitchClassOf(key[i]);
    classes[pitchClass]++;
    velocities[velocity[i]]++;
    loudness += velocityOf(velocity[i]);
    sounding += offset[i] - onset[i];
    durations[timeBin(offset[i] - onset[i])]++;
    if (i === 0) continue;
    transitions[pitchClassOf(key[i - 1]) * 12 + pitchClass]++;
    steps[timeBin(onset[i] - onset[i - 1])]++;
  }
  const { covered, end } = timeCovered(notes);
  return {
    usedPitches: Float64Array.of(keys.reduce((used, count) => used + Number(count > 0), 0)),
    pitchRange: Float64Array.of(keys.findLastIndex(isAboveZero) - keys.findIndex(isAboveZero)),
    pitchClassHistogram: sharesOf(classes),
    pitchClassTransition: sharesOf(transitions),
    meanInterOnset: Float64Array.of((onset[length - 1] - onset[0]) / TICKS_PER_SECOND / (length - 1)),
    interOnsetHistogram: sharesOf(steps),
    meanDuration: Float64Array.of(sounding / TICKS_PER_SECOND / length),
    durationHistogram: sharesOf(durations),
    meanVelocity: Float64Array.of(loudness / length),
    velocityHistogram: sharesOf(velocities),
    polyphony: Float64Array.of(covered > 0 ? sounding / covered : 0),
    notesPerSecond: Float64Array.of((length * TICKS_PER_SECOND) / Math.max(1, end - onset[0])),
  };
}

/** (KEYS) how often each key is struck. */
export function keyCounts({ length, key }: GridNotes): Uint32Array {
  const counts = new Uint32Array(KEYS);
  for (let i = 0; i < length; i++) counts[key[i]]++;
  return counts;
}

/** 0 for C … 11 for B. */
export function pitchClassOf(key: number): number {
  return (key + LOWEST_PITCH) % 12;
}

/** Ticks in which at least one note sounds, and the last release. */
function timeCovered({ length, onset, offset }: GridNotes): { covered: number; end: number } {
  let covered = 0;
  let end = 0;
  for (let i = 0; i < length; i++) {
    covered += Math.max(0, offset[i] - Math.max(onset[i], end));
    end = Math.max(end, offset[i]);
  }
  return { covered, end };
}

function isAboveZero(count: number): boolean {
  return count > 0;
}
