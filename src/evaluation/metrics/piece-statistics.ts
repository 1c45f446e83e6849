/** The numbers that describe one piece by itself. */
import { type GridNotes, KEYS, TICKS_PER_SECOND } from '../../notes/grid.js';
import { endingLikeness } from './ending.js';
import { keyCounts, type PieceFeatures } from './features.js';
import { type BarLikeness, type CountedPiece, formOf, onBeatShare } from './form.js';
import { grooveSimilarity } from './groove.js';
import { minutesOf, strayOf } from './minutes.js';
import { PAIRS, pairsOf, stepBinOf } from './pairs.js';
import { pulseOf } from './pulse.js';
import { distinctShare, longestRun, lowestEntropy, repeatedShare } from './repetition.js';
import { scaleConsistency } from './scale.js';
import { entropyBits } from './statistics.js';
import { structurenessOf } from './structure.js';

/** The statistics with what they are called, measured in, and rounded to for people. */
export const PIECE_STATISTICS = [
  { name: 'notes', label: 'notes', unit: '', digits: 0 },
  { name: 'seconds', label: 'length', unit: 's', digits: 1 },
  { name: 'pitchClassEntropy', label: 'pitch-class entropy', unit: 'bits', digits: 2 },
  { name: 'pitchEntropy', label: 'pitch entropy', unit: 'bits', digits: 2 },
  { name: 'usedPitches', label: 'used pitches', unit: 'keys', digits: 1 },
  { name: 'pitchRange', label: 'pitch range', unit: 'semitones', digits: 1 },
  { name: 'meanInterOnset', label: 'inter-onset interval', unit: 's', digits: 3 },
  { name: 'meanDuration', label: 'duration', unit: 's', digits: 3 },
  { name: 'meanVelocity', label: 'velocity', unit: '', digits: 1 },
  { name: 'polyphony', label: 'polyphony', unit: 'notes', digits: 2 },
  { name: 'notesPerSecond', label: 'notes a second', unit: '1/s', digits: 1 },
  { name: 'scaleConsistency', label: 'scale consistency', unit: '', digits: 3 },
  { name: 'grooveSimilarity', label: 'groove similarity', unit: '', digits: 3 },
  { name: 'structureShort', label: 'structure, 3–8 s', unit: '', digits: 3 },
  { name: 'structureMiddle', label: 'structure, 8–15 s', unit: '', digits: 3 },
  { name: 'structureLong', label: 'structure, 15 s and more', unit: '', digits: 3 },
  { name: 'distinct2', label: 'distinct 2-grams', unit: '', digits: 3 },
  { name: 'distinct4', label: 'distinct 4-grams', unit: '', digits: 3 },
  { name: 'distinct8', label: 'distinct 8-grams', unit: '', digits: 3 },
  { name: 'longestPitchRun', label: 'longest run of one pitch', unit: 'notes', digits: 1 },
  { name: 'longestStepRun', label: 'longest run of one step', unit: 'steps', digits: 1 },
  { name: 'lowestPitchEntropy', label: 'lowest rolling pitch entropy', unit: 'bits', digits: 2 },
  { name: 'lowestPairEntropy', label: 'lowest rolling pair entropy', unit: 'bits', digits: 2 },
  { name: 'repeatedShare', label: 'repeated 6-grams of keys', unit: '', digits: 3 },
  { name: 'pulseClarity', label: 'pulse: clarity', unit: '', digits: 3 },
  { name: 'pulseStability', label: 'pulse: stability', unit: '', digits: 3 },
  { name: 'onBeatShare', label: 'onsets on its beats', unit: '', digits: 3 },
  { name: 'barForm', label: 'form of bars', unit: '', digits: 3 },
  { name: 'paceStray', label: 'straying of the pace', unit: '', digits: 3 },
  { name: 'endingLikeness', label: 'likeness of an ending', unit: '', digits: 3 },
] as const;

export type StatisticName = (typeof PIECE_STATISTICS)[number]['name'];

/**
 * The statistics of a piece; undefined where it is too short to have one.
 *
 * - seconds: from the first onset to the last release
 * - pitchClassEntropy, pitchEntropy: bits, of how often the 12 classes and the 88 keys are struck (log₂ 12 =
 *   3.58 and log₂ 88 = 6.46 at most)
 * - usedPitches … notesPerSecond: see `PieceFeatures`
 * - scaleConsistency, grooveSimilarity, structure…: 0 … 1, see scale.ts, groove.ts and structure.ts
 * - distinct2, 4, 8: different n-grams of (interval, step bin) pairs ÷ all of them
 * - longestPitchRun, longestStepRun: notes of one key, and steps of one bin, in a row
 * - repeatedShare, pulse…, onBeatShare, barForm, paceStray, endingLikeness: see repetition.ts, pulse.ts,
 *   form.ts (of pieces whose beats are known), minutes.ts and ending.ts (of whole pieces)
 * - lowestPitchEntropy, lowestPairEntropy: bits, of the keys and of the pairs in the least varied 256 in a
 *   row
 */
export type PieceStatistics = Readonly<Record<StatisticName, number | undefined>>;

/** What is known of a piece of at least two notes. */
export interface MeasuredPiece {
  readonly notes: GridNotes;
  readonly features: PieceFeatures;
  readonly counted?: Pick<CountedPiece, 'beats' | 'origin'>;
  /** Whether its end is that of the piece, and no cut. */
  readonly isWhole: boolean;
}

/** @param likeness of its bars, where it has beats and enough bars */
export function pieceStatistics(piece: MeasuredPiece, likeness?: BarLikeness): PieceStatistics {
  const { notes, features, counted, isWhole } = piece;
  const { length, key, onset, offset } = notes;
  const pairs = pairsOf(notes);
  const keys = keyCounts(notes);
  const structure = structurenessOf(notes);
  const pulse = pulseOf(notes);
  const end = offset.reduce((latest, tick) => Math.max(latest, tick), 0);
  return {
    notes: length,
    seconds: (end - onset[0]) / TICKS_PER_SECOND,
    pitchClassEntropy: entropyBits(features.pitchClassHistogram),
    pitchEntropy: entropyBits(keys),
    usedPitches: features.usedPitches[0],
    pitchRange: features.pitchRange[0],
    meanInterOnset: features.meanInterOnset[0],
    meanDuration: features.meanDuration[0],
    meanVelocity: features.meanVelocity[0],
    polyphony: features.polyphony[0],
    notesPerSecond: features.notesPerSecond[0],
    scaleConsistency: scaleConsistency(notes),
    grooveSimilarity: grooveSimilarity(notes),
    structureShort: structure.short,
    structureMiddle: structure.middle,
    structureLong: structure.long,
    distinct2: distinctIfAny(pairs, 2),
    distinct4: distinctIfAny(pairs, 4),
    distinct8: distinctIfAny(pairs, 8),
    longestPitchRun: longestRun(key),
    longestStepRun: longestRun(pairs.map(stepBinOf)),
    lowestPitchEntropy: lowestEntropy(key, KEYS),
    lowestPairEntropy: lowestEntropy(pairs, PAIRS),
    repeatedShare: repeatedShare(key),
    pulseClarity: pulse?.clarity,
    pulseStability: pulse?.stability,
    onBeatShare: counted && onBeatShare({ notes, ...counted }),
    barForm: likeness && formOf(likeness),
    paceStray: strayOf(minutesOf(notes)),
    endingLikeness: isWhole ? endingLikeness(notes) : undefined,
  };
}

function distinctIfAny(pairs: Uint16Array, n: number): number | undefined {
  return pairs.length >= n ? distinctShare(pairs, n) : undefined;
}
