/** Metrics as plain values for JSON: all numbers, null for what there is none of. */
import { FEATURES } from './features.js';
import { COPIED_RUNS } from './memorization.js';
import type { Comparison, Metrics } from './metrics.js';
import type { Closeness } from './overlap.js';
import { PIECE_STATISTICS } from './piece-statistics.js';
import {
  COPY_KINDS,
  type CopyKind,
  type PieceMetrics,
  type SetMemorization,
  type SetMetrics,
} from './set-metrics.js';
import type { Spread } from './statistics.js';

/** A value that JSON has. */
export type Json = null | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * `generated`, `reference` and `comparison`, the latter two null without a reference. Names as in
 * `PIECE_STATISTICS` and `FEATURES`; standard deviations are `sd`, divergences are in nats, shares of notes
 * in copied runs are by run length.
 */
export function metricsJson({ generated, reference, comparison }: Metrics): Record<string, Json> {
  return {
    generated: setJson(generated),
    reference: reference ? setJson(reference) : null,
    comparison: comparison ? comparisonJson(comparison) : null,
  };
}

function setJson(set: SetMetrics): Json {
  const { pieces, statistics, meanFeatures, memorization, minutes, likeness } = set;
  return {
    files: pieces.length,
    statistics: byName(PIECE_STATISTICS, (name) => spreadJson(statistics[name])),
    meanFeatures: byName(FEATURES, (name) => numbers(meanFeatures[name])),
    minutes: minutes.map((minute) => ({ ...minute })),
    barLikeness: likeness ? { byLag: Array.from(likeness.byLag), byChance: likeness.byChance } : null,
    memorization: memorization ? byKind((kind) => memorizationJson(memorization[kind])) : null,
    pieces: pieces.map((piece) => ({
      name: piece.name,
      ...byName(PIECE_STATISTICS, (name) => piece.statistics[name] ?? null),
      memorization: pieceMemorizationJson(piece),
    })),
  };
}

function memorizationJson({ longest, longestByPiece, shares }: SetMemorization): Json {
  return { longest, longestByPiece: spreadJson(longestByPiece), shares: sharesJson(shares) };
}

function pieceMemorizationJson({ memorization }: PieceMetrics): Json {
  if (!memorization) return null;
  return byKind((kind) => {
    const { longest, longestAt, copiedFrom, shares } = memorization[kind];
    return {
      longest,
      note: longestAt?.note ?? null,
      copiedFrom: copiedFrom ?? null,
      sourceNote: longestAt?.sourceNote ?? null,
      shares: sharesJson(shares),
    };
  });
}

function byKind(value: (kind: CopyKind) => Json): Json {
  return Object.fromEntries(COPY_KINDS.map((kind) => [kind, value(kind)]));
}

function sharesJson(shares: readonly number[]): Json {
  return Object.fromEntries(COPIED_RUNS.map((run, degree) => [String(run), shares[degree]]));
}

function comparisonJson({ features, meanOverlap, ceiling }: Comparison): Json {
  return {
    meanOverlap,
    features: byName(FEATURES, (name) => ({
      reference: closenessJson(features[name].reference),
      generated: features[name].generated ? closenessJson(features[name].generated) : null,
      ceiling: ceiling ? ceiling.overlaps[name] : null,
    })),
    ceiling: ceiling
      ? {
          pieces: ceiling.pieces,
          choices: ceiling.choices,
          meanOverlap: ceiling.meanOverlap,
          ratio: ceiling.ratio,
        }
      : null,
  };
}

function closenessJson({ overlap, divergence }: Closeness): Json {
  return { overlap, divergence };
}

function spreadJson(spread: Spread | undefined): Json {
  return spread ? { mean: spread.mean, sd: spread.deviation } : null;
}

/** A number is that, a histogram a list. */
function numbers(values: Float64Array): Json {
  return values.length === 1 ? values[0] : Array.from(values);
}

function byName<Name extends string>(
  list: readonly { readonly name: Name }[],
  value: (name: Name) => Json,
): { readonly [key: string]: Json } {
  return Object.fromEntries(list.map(({ name }) => [name, value(name)]));
}
