/** How well a tutorial model knows pieces: the mean losses of their windows. */
import type { Piece } from '../../dataset/corpus.js';
import type { Engine } from '../../engine/engine.js';
import { type Loaded, type Measurement, type MeasureOptions, NothingToMeasure } from '../kind.js';
import { EVALUATION_BATCH, LossEvaluator } from './loss-evaluator.js';
import type { TutorialLstm } from './network.js';
import { encodeTutorial } from './representation.js';

/** @throws NothingToMeasure when no piece is longer than a window */
export async function measureWindows(
  { model, parameters }: Loaded<TutorialLstm>,
  engine: Engine,
  pieces: AsyncIterable<Piece>,
  { stride = 1, shards, onProgress }: MeasureOptions = {},
): Promise<Measurement> {
  const { windowLength, lossWeights } = model.config;
  const evaluator = await LossEvaluator.create(model, engine, parameters, EVALUATION_BATCH, shards);
  try {
    let files = 0;
    let notes = 0;
    for await (const piece of pieces) {
      await evaluator.addPiece(encodeTutorial(piece.notes), stride);
      files++;
      notes += piece.notes.length;
      onProgress?.(files, `${evaluator.windows} windows`);
    }
    const { windows } = evaluator;
    if (windows === 0) {
      throw new NothingToMeasure(
        `no piece has more than the ${windowLength} notes of a window; add longer ones`,
      );
    }
    const losses = await evaluator.means();
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
  } finally {
    await evaluator.release();
  }
}
