/** How well a tutorial model knows pieces: the mean losses of their windows. */
import type { Piece } from '../../dataset/corpus.js';
import type { Engine } from '../../engine/engine.js';
import {
  type Loaded,
  type Measurement,
  type MeasureOptions,
  NothingToMeasure,
  type PieceMeasure,
} from '../kind.js';
import { EVALUATION_BATCH, LossEvaluator, meanLosses } from './loss-evaluator.js';
import type { TutorialConfig, TutorialLstm } from './network.js';
import { encodeTutorial } from './representation.js';

/** Of every piece the number of its windows, and the sums of their losses. */
export async function measureWindows(
  { model, parameters }: Loaded<TutorialLstm>,
  engine: Engine,
  pieces: AsyncIterable<Piece>,
  { stride = 1, shards, onProgress }: MeasureOptions = {},
): Promise<PieceMeasure[]> {
  const evaluator = await LossEvaluator.create(model, engine, parameters, EVALUATION_BATCH, shards);
  try {
    const named: { name: string; notes: number }[] = [];
    for await (const { name, notes } of pieces) {
      await evaluator.addPiece(encodeTutorial(notes), stride);
      named.push({ name, notes: notes.length });
      onProgress?.(named.length, `${evaluator.windows} windows`);
    }
    const measured = await evaluator.pieces();
    return named.map((piece, i) => {
      const { windows, losses } = measured[i];
      return { ...piece, sums: { windows, ...losses } };
    });
  } finally {
    await evaluator.release();
  }
}

/** @throws NothingToMeasure when no piece is longer than a window */
export function summaryOfWindows(
  { windowLength, lossWeights }: TutorialConfig,
  measures: readonly PieceMeasure[],
  { stride = 1 }: Pick<MeasureOptions, 'stride'> = {},
): Measurement {
  const files = measures.length;
  const notes = measures.reduce((sum, piece) => sum + piece.notes, 0);
  const measured = measures.map(({ sums: { windows, ...losses } }) => ({ windows, losses }));
  const windows = measured.reduce((sum, piece) => sum + piece.windows, 0);
  if (windows === 0) {
    throw new NothingToMeasure(
      `no piece has more than the ${windowLength} notes of a window; add longer ones`,
    );
  }
  const losses = meanLosses(measured, Object.keys(measured[0].losses));
  const counts = { files, notes, windows, stride };
  return {
    files,
    notes,
    figures: { ...counts, ...losses, lossWeights },
    rows: [
      ...Object.entries(counts).map(([name, count]) => [name, String(count)] as const),
      ...Object.entries(losses).map(([name, loss]) => [name, loss.toFixed(6)] as const),
    ],
    footnote: `loss = ${Object.entries(lossWeights)
      .map(([name, weight]) => `${weight} × ${name}_loss`)
      .join(' + ')}`,
  };
}
