/** The numbers of metrics as tables of text, for a terminal and for a page alike. */
import type { Calibration } from '../metrics/calibration.js';
import { FEATURES } from '../metrics/features.js';
import { COPIED_RUNS } from '../metrics/memorization.js';
import type { Comparison, Metrics } from '../metrics/metrics.js';
import type { Closeness } from '../metrics/overlap.js';
import { PIECE_STATISTICS } from '../metrics/piece-statistics.js';
import { COPY_KINDS, type SetMetrics } from '../metrics/set-metrics.js';
import type { Spread } from '../metrics/statistics.js';

export interface MetricsTable {
  readonly title: string;
  /** What the columns are; the first is that of the rows' names. */
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How to read it. */
  readonly explanation: string;
}

const NOTHING = '–';

/** The tables that the metrics give. */
export function metricsTables(metrics: Metrics): MetricsTable[] {
  const tables = [statisticsTable(metrics), overlapTable(metrics), memorizationTable(metrics)];
  return tables.filter((table) => table !== undefined);
}

function setsOf({ generated, reference }: Metrics): { names: string[]; sets: SetMetrics[] } {
  return reference
    ? { names: ['generated', 'reference'], sets: [generated, reference] }
    : { names: ['generated'], sets: [generated] };
}

/** The statistics of the pieces. */
export function statisticsTable(metrics: Metrics): MetricsTable {
  const { names, sets } = setsOf(metrics);
  const rows = PIECE_STATISTICS.map(({ name, label, unit, digits }) => {
    return [label, ...sets.map(({ statistics }) => formatSpread(statistics[name], digits)), unit];
  });
  return {
    title: 'Pieces',
    header: ['', ...names, 'unit'],
    rows: [['pieces', ...sets.map(({ pieces }) => String(pieces.length)), ''], ...rows],
    explanation: 'Mean ± standard deviation over the pieces.',
  };
}

/** What a model makes of the pieces, minute by minute. */
export function calibrationTable({ model, generated, reference }: Calibration): MetricsTable {
  // What comes after the generated ones has nothing to be compared with.
  const most = generated.length;
  const cell = (minutes: readonly number[] | undefined, m: number) => minutes?.[m]?.toFixed(2) ?? NOTHING;
  return {
    title: `Bits a note of ${model}`,
    header: ['minute', 'generated', ...(reference ? ['reference'] : [])],
    rows: Array.from({ length: most }, (_, m) => [
      String(m + 1),
      cell(generated, m),
      ...(reference ? [cell(reference, m)] : []),
    ]),
    explanation:
      'A model that knows itself is as surprised by what it played as by real pieces; one in a loop is less and less so.',
  };
}

/** How the features overlap with the reference's; undefined without one. */
export function overlapTable({ comparison }: Metrics): MetricsTable | undefined {
  return comparison && tableOfOverlaps(comparison);
}

function tableOfOverlaps({ features, ceiling, meanOverlap }: Comparison): MetricsTable {
  const rows = FEATURES.map(({ name, label }) => {
    const { reference, generated } = features[name];
    const reached = ceiling && [ceiling.overlaps[name], reference.overlap / ceiling.overlaps[name]];
    return [label, ...formatCloseness(reference), ...formatCloseness(generated), ...formatCeiling(reached)];
  });
  const total = ceiling && [ceiling.meanOverlap, ceiling.ratio];
  const empty = [NOTHING, NOTHING, NOTHING];
  const drawn = ceiling
    ? ` The ceiling is what real pieces reach: the mean of ${ceiling.choices} random choices of ${ceiling.pieces} from the train corpus.`
    : '';
  return {
    title: 'Overlap with the reference',
    header: ['feature', 'overlap', 'KL', 'own overlap', 'own KL', ...(ceiling ? ['ceiling', 'reached'] : [])],
    rows: [...rows, ['mean', meanOverlap.toFixed(3), ...empty, ...formatCeiling(total)]],
    explanation:
      'The area shared by the distances from generated to reference pieces with those among reference pieces (overlap) ' +
      `and among generated ones (own), and KL(among ‖ between) in nats.${drawn}`,
  };
}

/** What was copied; undefined without a train corpus. */
export function memorizationTable(metrics: Metrics): MetricsTable | undefined {
  const { names, sets } = setsOf(metrics);
  if (!metrics.generated.memorization) return undefined;
  const rows = COPY_KINDS.flatMap((kind) => {
    const found = sets.map(({ memorization }) => memorization![kind]);
    const shares = COPIED_RUNS.map((run, degree) => {
      return [
        `${kind}: notes in runs of ${run} and more`,
        ...found.map((set) => formatShare(set.shares[degree])),
      ];
    });
    return [
      [`${kind}: longest copied run`, ...found.map(({ longest }) => String(longest))],
      [`${kind}: longest of a piece`, ...found.map(({ longestByPiece }) => formatSpread(longestByPiece, 1))],
      ...shares,
    ];
  });
  return {
    title: 'Copied from the train corpus',
    header: ['', ...names],
    rows,
    explanation:
      'Runs that a train piece has too, in any key: of (interval, step bin) pairs, and of intervals alone, in any rhythm. ' +
      'What the reference shares with the train corpus is chance: more than that is memory.',
  };
}

function formatSpread(spread: Spread | undefined, digits: number): string {
  return spread ? `${spread.mean.toFixed(digits)} ± ${spread.deviation.toFixed(digits)}` : NOTHING;
}

function formatCloseness(closeness: Closeness | undefined): string[] {
  return closeness ? [closeness.overlap.toFixed(3), closeness.divergence.toFixed(3)] : [NOTHING, NOTHING];
}

function formatCeiling(reached: readonly number[] | undefined): string[] {
  return reached ? [reached[0].toFixed(3), formatShare(reached[1])] : [];
}

function formatShare(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.01 ? 2 : 1)} %`;
}
