/**
 * Bits a note: how many bits a model needs to say a performance on the grid (10 ms, 32 velocities, sounding
 * notes), every piece whole and with the state carried along, divided by the number of notes. Comparable
 * between representations, because each says the same grid.
 */

import type { Engine, Program } from '../../engine/engine.js';
import { runToEnd } from '../../generators.js';
import { carriedOn } from '../../model/model.js';
import { compileEvaluation } from '../../model/sharding.js';
import type { GridNotes } from '../../notes/grid.js';
import { Random } from '../../random.js';
import { EventBatch, EventRow } from './event-batch.js';
import type { EventLstm } from './network.js';

/** Bits of a piece, or of many: in total and by attribute. */
export interface Bits {
  readonly notes: number;
  /** By name: `total` and every attribute. */
  readonly bits: Readonly<Record<string, number>>;
}

/** Events of a piece that were measured together. */
export interface MeasuredEvents {
  /** Index of the piece. */
  readonly piece: number;
  readonly from: number;
  readonly count: number;
  readonly bits: number;
}

/** Rows of a batch for evaluation: so many pieces side by side. */
export const BITS_BATCH = 32;

/** Measures pieces side by side, in the memory of one batch. */
export class BitsEvaluator {
  private readonly batch: EventBatch;

  private constructor(
    private readonly model: EventLstm,
    private readonly program: Program,
    readonly parameters: Float32Array,
    private readonly size: number,
  ) {
    this.batch = new EventBatch(model.representation, model.steps, size);
  }

  /**
   * @param parameters (P) the weights to evaluate; they may be changed in place between measurements
   * @param shards engines to spread every batch over
   */
  static async create(
    model: EventLstm,
    engine: Engine,
    parameters: Float32Array,
    shards: readonly Engine[] = [],
    size = BITS_BATCH,
  ): Promise<BitsEvaluator> {
    return new BitsEvaluator(model, await compileEvaluation(model, size, engine, shards), parameters, size);
  }

  /**
   * The bits of each piece, in their order.
   *
   * @param onPiece called after each piece, with its notes
   */
  async measure(
    pieces: Iterable<GridNotes> | AsyncIterable<GridNotes>,
    onPiece?: (notes: number) => void,
  ): Promise<Bits[]> {
    return runToEnd(this.walk(pieces, onPiece));
  }

  /**
   * As {@link measure}; yields after every batch about how many notes are measured, and can be left there.
   */
  async *walk(
    pieces: Iterable<GridNotes> | AsyncIterable<GridNotes>,
    onPiece?: (notes: number) => void,
    onEvents?: (part: MeasuredEvents) => void,
  ): AsyncGenerator<number, Bits[], undefined> {
    const { model, batch, size } = this;
    const source = longestFirst(pieces);
    const rows = Array.from({ length: size }, () => new EventRow(model.representation));
    const pieceOf = new Int32Array(size).fill(-1);
    const results: { notes: number; nats: Record<string, number> }[] = [];
    const width = model.config.hiddenSize;
    let carried = Object.fromEntries(model.carried.map((name) => [name, new Float32Array(size * width)]));
    let measured = 0;
    const parts = Array.from({ length: size }, () => ({ from: 0, count: 0 }));
    await this.program.bind({ parameters: this.parameters });
    for (;;) {
      let events = 0;
      for (const [i, row] of rows.entries()) {
        while (row.isOver) {
          if (pieceOf[i] >= 0) onPiece?.(results[pieceOf[i]].notes);
          pieceOf[i] = -1;
          const next = await source.next();
          if (next.done) break;
          const { index, piece } = next.value;
          pieceOf[i] = index;
          results[index] = { notes: piece.length, nats: {} };
          row.open(model.representation.encode(piece));
          for (const state of Object.values(carried)) state.fill(0, i * width, (i + 1) * width);
        }
        const before = row.length - row.left;
        const filled = row.fill(batch, i);
        parts[i] = { from: before, count: filled };
        events += filled;
        if (filled > 0) measured += (results[pieceOf[i]].notes * filled) / row.length;
      }
      if (events === 0) break;
      const losses = await this.program.run({ ...batch.feeds, ...carried });
      for (const [i, part] of parts.entries()) {
        const nats = losses.loss[i] * model.steps;
        if (pieceOf[i] >= 0 && part.count > 0)
          onEvents?.({ piece: pieceOf[i], ...part, bits: nats / Math.LN2 });
      }
      for (const name of model.lossNames) {
        for (let i = 0; i < size; i++) {
          if (pieceOf[i] < 0) continue;
          const { nats } = results[pieceOf[i]];
          nats[name] = (nats[name] ?? 0) + losses[name][i] * model.steps;
        }
      }
      carried = Object.fromEntries(
        model.carried.map((name) => [name, losses[carriedOn(name)] as Float32Array<ArrayBuffer>]),
      );
      yield Math.round(measured);
    }
    return results.map(({ notes, nats }) => ({
      notes,
      bits: Object.fromEntries(
        model.lossNames.map((name) => [
          name === 'loss' ? 'total' : name.replace(/_loss$/, ''),
          (nats[name] ?? 0) / Math.LN2,
        ]),
      ),
    }));
  }

  async release(): Promise<void> {
    await this.program.release();
  }
}

/** So many pieces are put in order at a time. */
const ORDERED = 256;

/**
 * Pieces with their places, long ones first: begun last, one of them would go on alone, in a batch of
 * otherwise empty rows.
 */
async function* longestFirst(pieces: Iterable<GridNotes> | AsyncIterable<GridNotes>) {
  let some: { index: number; piece: GridNotes }[] = [];
  const ordered = () => some.sort((a, b) => b.piece.length - a.piece.length);
  let index = 0;
  for await (const piece of pieces) {
    some.push({ index: index++, piece });
    if (some.length < ORDERED) continue;
    yield* ordered();
    some = [];
  }
  yield* ordered();
}

/** Bits a note over all pieces, by name: every note counts the same. */
export function bitsPerNote(pieces: readonly Bits[]): Record<string, number> {
  const notes = pieces.reduce((sum, piece) => sum + piece.notes, 0);
  const names = Object.keys(pieces[0]?.bits ?? {});
  return Object.fromEntries(
    names.map((name) => [name, pieces.reduce((sum, { bits }) => sum + bits[name], 0) / notes]),
  );
}

/**
 * An interval for the total bits a note that holds the true value of such pieces in 95 % of cases: the
 * bootstrap of Efron (1979), drawing whole pieces because notes of one piece are alike.
 */
export function bootstrapInterval(
  pieces: readonly Bits[],
  { draws = 1000, seed = 0 } = {},
): [lower: number, upper: number] {
  const random = new Random(seed);
  const means = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw++) {
    let bits = 0;
    let notes = 0;
    for (let n = 0; n < pieces.length; n++) {
      const piece = pieces[random.below(pieces.length)];
      bits += piece.bits.total;
      notes += piece.notes;
    }
    means[draw] = bits / notes;
  }
  means.sort();
  const at = (quantile: number) => means[Math.round(quantile * (draws - 1))];
  return [at(0.025), at(0.975)];
}
