import type { LossRecord } from '../../../../src/index.js';

/** Epochs, and at each the loss in training and on the held-out pieces, null where it was not measured. */
export type ChartData = [epochs: number[], training: (number | null)[], heldOut: (number | null)[]];

/** Points that are drawn at most; more cannot be told apart. */
const MOST_POINTS = 600;

/** The columns of a chart of one loss. */
export function chartData(losses: readonly LossRecord[], name: string): ChartData {
  const training = thinned(losses.filter(({ split }) => split === 'train'));
  const heldOut = losses.filter(({ split }) => split === 'validation');
  const epochs = [...new Set([...training, ...heldOut].map(({ epoch }) => epoch))].sort((a, b) => a - b);
  const place = new Map(epochs.map((epoch, i) => [epoch, i]));
  const column = (records: readonly LossRecord[]) => {
    const values: (number | null)[] = epochs.map(() => null);
    for (const { epoch, losses: at } of records) values[place.get(epoch) ?? 0] = at[name] ?? null;
    return values;
  };
  return [epochs, column(training), column(heldOut)];
}

/** Not too many, the first and the last among them. */
function thinned(records: readonly LossRecord[]): readonly LossRecord[] {
  const every = Math.ceil(records.length / MOST_POINTS);
  return every <= 1 ? records : records.filter((_, i) => i % every === 0 || i === records.length - 1);
}
