/**
 * What is measured of a set of pieces without comparing it with another: statistics, mean features, and
 * copies.
 */
import type { GridNotes } from '../../notes/grid.js';
import { FEATURES, type PieceFeatures } from './features.js';
import { type BarLikeness, barLikeness, type CountedPiece } from './form.js';
import { type Memorization, memorizationOf } from './memorization.js';
import { type Minute, minutesOf } from './minutes.js';
import { intervalsOf, pairsOf } from './pairs.js';
import {
  PIECE_STATISTICS,
  type PieceStatistics,
  pieceStatistics,
  type StatisticName,
} from './piece-statistics.js';
import { type Spread, spreadOf } from './statistics.js';

/** A piece of at least two notes, under the name that reports give it. */
export interface NamedPiece {
  readonly name: string;
  readonly notes: GridNotes;
  /** Its beats, where it has any, and when its first note is in their seconds. */
  readonly counted?: Pick<CountedPiece, 'beats' | 'origin'>;
}

export interface FeaturedPiece extends NamedPiece {
  readonly features: PieceFeatures;
  /** Whether its end is that of the piece, and no cut. */
  readonly isWhole: boolean;
}

export interface SetMetrics {
  readonly pieces: readonly PieceMetrics[];
  /** Over the pieces; undefined where no piece is long enough to have the statistic. */
  readonly statistics: Readonly<Record<StatisticName, Spread | undefined>>;
  /** Means of the features over the pieces. */
  readonly meanFeatures: PieceFeatures;
  /** Means over the pieces that last so long. */
  readonly minutes: readonly Minute[];
  /** Mean over the pieces with beats; undefined where there are none. */
  readonly likeness?: BarLikeness;
  /** Undefined without a train corpus. */
  readonly memorization?: Readonly<Record<CopyKind, SetMemorization>>;
}

export interface PieceMetrics {
  readonly name: string;
  readonly statistics: PieceStatistics;
  readonly memorization?: Readonly<Record<CopyKind, PieceMemorization>>;
}

/** What copies are looked for in: runs of (interval, step bin) pairs, and of intervals alone. */
export const COPY_KINDS = ['pairs', 'intervals'] as const;
export type CopyKind = (typeof COPY_KINDS)[number];

export interface PieceMemorization extends Memorization {
  /** The train piece that the longest copied run is from. */
  readonly copiedFrom?: string;
}

export interface SetMemorization {
  /** Symbols in the longest copied run of any piece, and over the pieces. */
  readonly longest: number;
  readonly longestByPiece: Spread;
  /** Share of all notes that lie in copied runs of at least COPIED_RUNS symbols. */
  readonly shares: readonly number[];
}

/**
 * Measures a set of at least one piece.
 *
 * @param train where to look for copies
 * @param onPiece called after each piece
 */
export function setMetrics(
  set: readonly FeaturedPiece[],
  train?: readonly NamedPiece[],
  onPiece?: () => void,
): SetMetrics {
  const copies = train && {
    pairs: copiesOf(set, train, pairsOf),
    intervals: copiesOf(set, train, intervalsOf),
  };
  const likenesses: BarLikeness[] = [];
  const pieces = set.map((piece, i) => {
    const memorization = copies && { pairs: copies.pairs[i], intervals: copies.intervals[i] };
    const likeness = piece.counted && barLikeness({ notes: piece.notes, ...piece.counted });
    if (likeness) likenesses.push(likeness);
    const statistics = pieceStatistics(piece, likeness);
    onPiece?.();
    return { name: piece.name, statistics, memorization };
  });
  const statistics = PIECE_STATISTICS.map(({ name }) => {
    const values = pieces.flatMap((piece) => piece.statistics[name] ?? []);
    return [name, values.length > 0 ? spreadOf(values) : undefined];
  });
  const lengths = set.map(({ notes }) => notes.length);
  return {
    pieces,
    statistics: Object.fromEntries(statistics) as SetMetrics['statistics'],
    meanFeatures: meanFeatures(set),
    minutes: meanMinutes(set.map(({ notes }) => minutesOf(notes))),
    likeness: meanLikeness(likenesses),
    memorization: copies && {
      pairs: setMemorization(copies.pairs, lengths),
      intervals: setMemorization(copies.intervals, lengths),
    },
  };
}

/** Minute by minute, over the pieces that have it. */
function meanMinutes(all: readonly (readonly Minute[])[]): Minute[] {
  const most = all.reduce((longest, minutes) => Math.max(longest, minutes.length), 0);
  return Array.from({ length: most }, (_, m) => {
    const some = all.flatMap((minutes) => minutes[m] ?? []);
    const mean = (of: (minute: Minute) => number) =>
      some.reduce((sum, minute) => sum + of(minute), 0) / some.length;
    return {
      notesPerSecond: mean(({ notesPerSecond }) => notesPerSecond),
      duration: mean(({ duration }) => duration),
      polyphony: mean(({ polyphony }) => polyphony),
    };
  });
}

function meanLikeness(all: readonly BarLikeness[]): BarLikeness | undefined {
  if (all.length === 0) return undefined;
  const mean = (of: (likeness: BarLikeness) => number) =>
    all.reduce((sum, likeness) => sum + of(likeness), 0) / all.length;
  return {
    byLag: all[0].byLag.map((_, lag) => mean(({ byLag }) => byLag[lag])),
    byChance: mean(({ byChance }) => byChance),
  };
}

function copiesOf(
  pieces: readonly NamedPiece[],
  train: readonly NamedPiece[],
  symbolsOf: (notes: GridNotes) => Uint16Array,
): PieceMemorization[] {
  const symbols = (set: readonly NamedPiece[]) => set.map(({ notes }) => symbolsOf(notes));
  return memorizationOf(symbols(pieces), symbols(train)).map((found) => {
    return { ...found, copiedFrom: found.longestAt && train[found.longestAt.sourcePiece].name };
  });
}

function setMemorization(copies: readonly Memorization[], lengths: readonly number[]): SetMemorization {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const shareOf = (_: number, degree: number) =>
    copies.reduce((sum, { shares }, piece) => sum + shares[degree] * lengths[piece], 0) / total;
  const longest = copies.map((copy) => copy.longest);
  return {
    longest: Math.max(...longest),
    longestByPiece: spreadOf(longest),
    shares: copies[0].shares.map(shareOf),
  };
}

function meanFeatures(set: readonly FeaturedPiece[]): PieceFeatures {
  const means = FEATURES.map(({ name }) => {
    const sum = new Float64Array(set[0].features[name].length);
    for (const { features } of set) for (let i = 0; i < sum.length; i++) sum[i] += features[name][i];
    return [name, sum.map((value) => value / set.length)];
  });
  return Object.fromEntries(means) as PieceFeatures;
}
