import type { LossRecord } from '../../../../src/index.js';

type Column = (number | null)[];

/**
 * Steps, and at each a loss in training, the same smoothed, and on the held-out pieces; null where not
 * measured.
 */
export type ChartData = [steps: number[], training: Column, smoothed: Column, heldOut: Column];

/** Points that are drawn at most; more cannot be told apart. */
const MOST_POINTS = 600;
/** Points to either side over which the line is smoothed. */
const SMOOTHED_OVER = 4;

/** The columns of a chart of one loss. */
export function chartData(losses: readonly LossRecord[], name: string): ChartData {
  const all = losses.filter(({ split }) => split === 'train');
  // Means over whole epochs say of all their steps what the points within them say of a few.
  const within = all.filter(({ epoch }) => !Number.isInteger(epoch));
  const training = thinned(within.length > 0 ? within : all);
  const heldOut = losses.filter(({ split }) => split === 'validation');
  const steps = [...new Set([...training, ...heldOut].map(stepOf))].sort((a, b) => a - b);
  const place = new Map(steps.map((step, i) => [step, i]));
  const column = (records: readonly LossRecord[], values: readonly (number | undefined)[]) => {
    const filled: Column = steps.map(() => null);
    for (const [i, record] of records.entries()) filled[place.get(stepOf(record)) ?? 0] = values[i] ?? null;
    return filled;
  };
  const valuesOf = (records: readonly LossRecord[]) => records.map((record) => record.losses[name]);
  const raw = valuesOf(training);
  return [steps, column(training, raw), column(training, smooth(raw)), column(heldOut, valuesOf(heldOut))];
}

function stepOf({ updates, epoch }: LossRecord): number {
  return updates ?? epoch;
}

/** The mean around each point; at the ends of what there is on one side. */
function smooth(values: readonly number[]): number[] {
  return values.map((_, i) => {
    const around = values.slice(Math.max(0, i - SMOOTHED_OVER), i + SMOOTHED_OVER + 1);
    return around.reduce((sum, value) => sum + value, 0) / around.length;
  });
}

/** Not too many, the first and the last among them. */
function thinned(records: readonly LossRecord[]): readonly LossRecord[] {
  const every = Math.ceil(records.length / MOST_POINTS);
  return every <= 1 ? records : records.filter((_, i) => i % every === 0 || i === records.length - 1);
}
