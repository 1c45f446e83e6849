import type { Engine, TensorData } from '../../engine/engine.js';
import { CadenzaError } from '../../errors.js';
import { carriedOn } from '../../model/model.js';
import type { GridNotes } from '../../notes/grid.js';
import { NONE, placeOfGiven, roundingOf } from '../../representation/events.js';
import type { CarriedStates, DataLoader, Validator } from '../../training/data-loader.js';
import type { TrainOptions } from '../../training/options.js';
import { BITS_BATCH, BitsEvaluator, bitsPerNote } from './bits.js';
import { EventEpoch, type LearnedPiece } from './event-epoch.js';
import { EventLstm } from './network.js';

/** Sounding notes of whole pieces. */
export interface EventData {
  readonly train: readonly LearnedPiece[];
  readonly validation: readonly LearnedPiece[];
}

/**
 * Data loader of the performance model: every piece once an epoch, from beginning to end, transposed and
 * stretched by chance. Its state is carried along, and learns from the last T events (truncated
 * backpropagation, Williams & Peng 1990).
 */
export class EventDataLoader implements DataLoader {
  private states: Record<string, Float32Array>;
  private pieces: EventEpoch | undefined;
  private readonly notes: number;
  private eventsPerNote = 1;

  /** @throws CadenzaError when there is no note to learn from */
  constructor(
    readonly model: EventLstm,
    private readonly data: EventData,
    private readonly options: Pick<TrainOptions, 'batchSize' | 'seed' | 'augmentation' | 'only'>,
  ) {
    this.notes = data.train.reduce((sum, { length }) => sum + length, 0);
    if (this.notes === 0) {
      throw new CadenzaError('nothing to train on: there are no notes; add pieces');
    }
    this.states = this.silence();
  }

  get batch(): number {
    return this.options.batchSize;
  }

  get notesPerStep(): number {
    return Math.round((this.batch * this.model.steps) / this.eventsPerNote);
  }

  /**
   * From nats an event, taken over all places of a batch, the empty ones too, to bits a note of those that
   * were filled.
   */
  get lossScale(): number {
    const places = this.batch * this.model.steps;
    return (places / (this.pieces?.events || places)) * (this.eventsPerNote / Math.LN2);
  }

  begin(epoch: number, step: number, carried: CarriedStates): number {
    const { seed, batchSize, augmentation = { transpose: 0, stretch: 0 } } = this.options;
    const asMedleys =
      this.options.only === 'told' && placeOfGiven(this.model.representation, 'style') !== NONE;
    const options = { steps: this.model.steps, batch: batchSize, seed, augmentation, asMedleys };
    this.pieces = new EventEpoch(this.data.train, this.model.representation, epoch, options);
    const { batches, events, notes } = this.pieces.count();
    this.eventsPerNote = events / notes;
    for (let done = 0; done < step; done++) this.pieces.advance();
    this.states = { ...this.silence(), ...carried };
    return batches;
  }

  next(): Record<string, TensorData> {
    const pieces = this.pieces as EventEpoch;
    pieces.advance();
    const { hiddenSize } = this.model.config;
    for (const row of pieces.began) {
      for (const state of Object.values(this.states)) state.fill(0, row * hiddenSize, (row + 1) * hiddenSize);
    }
    return { ...pieces.batch.feeds, ...this.states };
  }

  carryOn(results: Readonly<Record<string, TensorData>>): void {
    for (const name of this.model.carried) this.states[name] = Float32Array.from(results[carriedOn(name)]);
  }

  carried(): CarriedStates {
    return Object.fromEntries(Object.entries(this.states).map(([name, state]) => [name, state.slice()]));
  }

  /**
   * Judges in bits a note, by attribute; `loss` is the total. Untold, unless what is told is all that is
   * learned.
   */
  async validator(engine: Engine, shards: readonly Engine[]): Promise<Validator> {
    const { data, options } = this;
    const model = options.only === 'told' ? tellingModel(this.model) : this.model;
    const weights = new Float32Array(model.parameterCount);
    // Rows without a piece would cost as much as those with one.
    const rows = Math.min(BITS_BATCH, Math.max(1, data.validation.length));
    const evaluator = await BitsEvaluator.create(model, engine, weights, shards, rows);
    const notes = data.validation.reduce((sum, { length }) => sum + length, 0);
    return {
      notes,
      async *validate(parameters) {
        if (notes === 0) return undefined;
        weights.set(parameters);
        const pieces = data.validation.values();
        function* grids() {
          for (const piece of pieces)
            yield { ...roundingOf(model.representation).gridOf(piece), style: piece.style };
        }
        const { total, ...attributes } = bitsPerNote(yield* evaluator.walk(grids()));
        const named = Object.entries(attributes).map(([name, bits]) => [`${name}_loss`, bits]);
        return { loss: total, ...Object.fromEntries(named) };
      },
      release: () => evaluator.release(),
    };
  }

  private silence(): Record<string, Float32Array> {
    const size = this.options.batchSize * this.model.config.hiddenSize;
    return Object.fromEntries(this.model.carried.map((name) => [name, new Float32Array(size)]));
  }
}

/** The same model, told of every piece how far the end is, and its style. */
function tellingModel({ config, representation, steps }: EventLstm): EventLstm {
  const encode = (notes: GridNotes & { readonly style?: number }) =>
    representation.encode(notes, { tellsEnd: true, style: notes.style });
  return new EventLstm(config, { ...representation, encode }, steps);
}
