/**
 * How well a model of events knows pieces: bits a note, of whole pieces, their sounding notes on the grid.
 */
import type { Piece } from '../../dataset/corpus.js';
import type { Engine } from '../../engine/engine.js';
import { roundingOf } from '../../representation/events.js';
import {
  type Loaded,
  type Measurement,
  type MeasureOptions,
  NothingToMeasure,
  type PieceMeasure,
} from '../kind.js';
import { BitsEvaluator, bitsPerNote, bootstrapInterval } from './bits.js';
import type { EventLstm } from './network.js';

/** Bits of every piece: in total and by attribute. */
export async function measureBits(
  { model, parameters }: Loaded<EventLstm>,
  engine: Engine,
  pieces: AsyncIterable<Piece>,
  { shards, onProgress }: MeasureOptions = {},
): Promise<PieceMeasure[]> {
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
    onProgress?.(done, `${notes} notes`);
    return step.value.map((piece, i) => ({ name: names[i], notes: piece.notes, sums: piece.bits }));
  } finally {
    await evaluator.release();
  }
}

/** @throws NothingToMeasure when no piece has a note */
export function summaryOfBits(
  measures: readonly PieceMeasure[],
  { seed }: Pick<MeasureOptions, 'seed'> = {},
): Measurement {
  const files = measures.length;
  const notes = measures.reduce((sum, piece) => sum + piece.notes, 0);
  if (notes === 0) throw new NothingToMeasure('there are no notes to evaluate; name files that hold some');
  const measured = measures.map(({ notes, sums }) => ({ notes, bits: sums }));
  const { total, ...attributes } = bitsPerNote(measured);
  const interval = bootstrapInterval(measured, { seed });
  return {
    files,
    notes,
    figures: {
      files,
      notes,
      bitsPerNote: { total, interval, attributes },
      pieces: measures.map(({ name, notes, sums }) => ({ name, notes, bitsPerNote: sums.total / notes })),
    },
    rows: [
      ['files', String(files)],
      ['notes', String(notes)],
      ...Object.entries(attributes).map(([name, bits]) => [name, bits.toFixed(3)] as const),
      ['bits per note', total.toFixed(3)],
    ],
    footnote: `95 % interval, by pieces: ${interval.map((bits) => bits.toFixed(3)).join(' … ')}`,
  };
}
