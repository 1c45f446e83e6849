/**
 * An epoch over pieces as events: every piece is played once, from beginning to end, in one row of a batch or
 * another. Which piece follows which, and how each is varied, depends on the seed and the epoch alone.
 */
import type { GridNotes } from '../../notes/grid.js';
import { Random, seededPermutation } from '../../random.js';
import { type EventRepresentation, type EventTable, NONE, roundingOf } from '../../representation/events.js';
import type { Augmentation } from '../../training/options.js';
import { EventBatch, EventRow } from './event-batch.js';
import { type LearnedPiece, TELLING } from './learned-piece.js';
import { medleyOf, piecesByStyle } from './medley.js';

export interface EpochOptions {
  readonly steps: number;
  readonly batch: number;
  readonly seed: number;
  readonly augmentation: Augmentation;
  /** Whether as many medleys of the pieces are heard instead of them (medley.ts). */
  readonly asMedleys?: boolean;
  /** Whether a model is told nothing of the pieces. */
  readonly isUntold?: boolean;
}

/** The pieces of one epoch, in batches. */
export class EventEpoch {
  readonly batch: EventBatch;
  /** Rows of the last batch that began a piece: a state carried along has to begin anew there. */
  readonly began: number[] = [];
  /** Events in the last batch. */
  events = 0;
  private readonly rows: EventRow[];
  private readonly order: Uint32Array;
  private readonly byStyle: readonly (readonly LearnedPiece[])[];
  private next = 0;

  constructor(
    private readonly pieces: readonly LearnedPiece[],
    private readonly representation: EventRepresentation,
    private readonly epoch: number,
    private readonly options: EpochOptions,
  ) {
    this.batch = new EventBatch(representation, options.steps, options.batch);
    this.rows = Array.from({ length: options.batch }, () => new EventRow(representation));
    this.byStyle = options.asMedleys ? piecesByStyle(pieces) : [];
    this.order = seededPermutation(pieces.length, options.seed, epoch);
  }

  /** Makes the next batch; false when the epoch is over. */
  advance(): boolean {
    this.began.length = 0;
    this.events = 0;
    for (const [i, row] of this.rows.entries()) {
      // Empty pieces have no event to begin with.
      while (row.isOver && this.next < this.order.length) {
        row.open(this.piece(this.order[this.next++]));
        if (this.began.at(-1) !== i) this.began.push(i);
      }
      this.events += row.fill(this.batch, i);
    }
    return this.events > 0;
  }

  /**
   * How many batches, events and notes on the grid the epoch has: goes through its pieces without making
   * batches.
   */
  count(): { batches: number; events: number; notes: number } {
    const lengths: number[] = [];
    let notes = 0;
    for (const index of this.order) {
      const grid = this.options.asMedleys ? undefined : this.gridOf(index);
      const { length } = grid === undefined ? this.piece(index) : this.representation.encode(grid);
      // A note of a medley is a strike and a release.
      notes += grid?.length ?? length / 2;
      if (length > 0) lengths.push(length);
    }
    const ends = new Float64Array(this.options.batch);
    for (const length of lengths) {
      // The row that is free first, the first of equals: as in `advance`.
      let free = 0;
      for (let i = 1; i < ends.length; i++) if (ends[i] < ends[free]) free = i;
      ends[free] += Math.ceil(length / this.options.steps);
    }
    return {
      batches: ends.reduce((most, end) => Math.max(most, end), 0),
      events: lengths.reduce((sum, length) => sum + length, 0),
      notes,
    };
  }

  private piece(index: number): EventTable {
    const random = this.chanceOf(index);
    if (this.options.asMedleys)
      return medleyOf(this.byStyle, this.representation, this.options.augmentation, random.fork('medley'));
    if (this.options.isUntold) return this.representation.encode(this.gridOf(index));
    const tellsEnd = random.fork('end').next() < TELLING;
    const style = random.fork('style').next() < TELLING ? this.pieces[index].style : NONE;
    return this.representation.encode(this.gridOf(index), { tellsEnd, style });
  }

  private chanceOf(index: number): Random {
    return new Random(this.options.seed).fork(`epoch ${this.epoch}`).fork(`piece ${index}`);
  }

  private gridOf(index: number): GridNotes {
    const { augmentation } = this.options;
    const random = this.chanceOf(index);
    const transpose = random.below(2 * augmentation.transpose + 1) - augmentation.transpose;
    const stretch = 1 + augmentation.stretch * (2 * random.next() - 1);
    return roundingOf(this.representation).gridOf(this.pieces[index], { transpose, stretch });
  }
}
