/**
 * How well a model of events knows pieces: bits a note, of whole pieces, their sounding notes on the grid.
 */
import type { Piece } from '../../dataset/corpus.js';
import type { Engine } from '../../engine/engine.js';
import { roundingOf } from '../../representation/events.js';
import { type Loaded, type Measurement, type MeasureOptions, NothingToMeasure } from '../kind.js';
import { BitsEvaluator, bitsPerNote, bootstrapInterval } from './bits.js';
import type { EventLstm } from './network.js';

/** @throws NothingToMeasure when no piece has a note */
export async function measureBits(
  { model, parameters }: Loaded<EventLstm>,
  engine: Engine,
  pieces: AsyncIterable<Piece>,
  { seed, shards, onProgress }: MeasureOptions = {},
): Promise<Measurement> {
  const evaluator = await BitsEvaluator.create(model, engine, parameters, shards);
  const { gridOf } = roundingOf(model.representation);
  const names: string[] = [];
  async function* grids() {
    for await (const piece of pieces) {
      names.push(piece.name);
      yield gridOf(piece.notes);
    }
  }
  let done = 0;
  let notes = 0;
  try {
    const walk = evaluator.walk(grids(), (more) => {
      notes += more;
      done++;
    });
    let step = await walk.next();
    for (; !step.done; step = await walk.next()) onProgress?.(done, `${step.value} notes`);
    const measured = step.value;
    onProgress?.(done, `${notes} notes`);
    if (notes === 0) throw new NothingToMeasure('there are no notes to evaluate; name files that hold some');
    const files = measured.length;
    const { total, ...attributes } = bitsPerNote(measured);
    const interval = bootstrapInterval(measured, { seed });
    return {
      files,
      notes,
      figures: {
        files,
        notes,
        bitsPerNote: { total, interval, attributes },
        pieces: measured.map((piece, i) => ({
          name: names[i],
          notes: piece.notes,
          bitsPerNote: piece.bits.total / piece.notes,
        })),
      },
      rows: [
        ['files', String(files)],
        ['notes', String(notes)],
        ...Object.entries(attributes).map(([name, bits]) => [name, bits.toFixed(3)] as const),
        ['bits per note', total.toFixed(3)],
      ],
      footnote: `95 % interval, by pieces: ${interval.map((bits) => bits.toFixed(3)).join(' … ')}`,
    };
  } finally {
    await evaluator.release();
  }
}
