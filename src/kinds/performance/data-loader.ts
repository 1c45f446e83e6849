import type { Engine, TensorData } from '../../engine/engine.js';
import { CadenzaError, quoted } from '../../errors.js';
import { carriedOn } from '../../model/model.js';
import type { GridNotes } from '../../notes/grid.js';
import { Random } from '../../random.js';
import { type EventTable, NONE, placeOfGiven, roundingOf } from '../../representation/events.js';
import {
  ANOTHER_TRAINING,
  type CarriedStates,
  type DataLoader,
  expectWithin,
  type Validator,
} from '../../training/data-loader.js';
import type { TrainOptions } from '../../training/options.js';
import { BITS_BATCH, BitsEvaluator, bitsPerNote } from './bits.js';
import { EventEpoch } from './event-epoch.js';
import type { LearnedPiece } from './learned-piece.js';
import { Masks } from './masks.js';
import { medleyOf, piecesByStyle } from './medley.js';
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
  private readonly masks: Masks;
  private epoch = 0;
  private step = 0;
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
    this.masks = new Masks(model, options.batchSize);
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
    const { asMedleys } = this;
    const isUntold = this.options.only === 'untold';
    const options = { steps: this.model.steps, batch: batchSize, seed, augmentation, asMedleys, isUntold };
    this.pieces = new EventEpoch(this.data.train, this.model.representation, epoch, options);
    const { batches, events, notes } = this.pieces.count();
    this.eventsPerNote = events / notes;
    expectWithin(step, batches);
    for (let done = 0; done < step; done++) this.pieces.advance();
    Object.assign(this, { epoch, step });
    this.states = this.silence();
    for (const [name, state] of Object.entries(carried)) {
      if (this.states[name]?.length !== state.length) {
        throw new CadenzaError(
          `the training state carries ${state.length} numbers of ${quoted(name)}; ${ANOTHER_TRAINING}`,
        );
      }
      this.states[name] = state;
    }
    return batches;
  }

  next(): Record<string, TensorData> {
    const pieces = this.pieces as EventEpoch;
    pieces.advance();
    const { hiddenSize } = this.model.config;
    for (const row of pieces.began) {
      for (const state of Object.values(this.states)) state.fill(0, row * hiddenSize, (row + 1) * hiddenSize);
    }
    // By the step, so that a training that is resumed leaves out the same.
    this.masks.draw(new Random(this.options.seed).fork(`masks ${this.epoch}`).fork(`step ${this.step++}`));
    return { ...pieces.batch.feeds, ...this.states, ...this.masks.feeds };
  }

  carryOn(results: Readonly<Record<string, TensorData>>): void {
    for (const name of this.model.carried) this.states[name] = Float32Array.from(results[carriedOn(name)]);
  }

  carried(): CarriedStates {
    return Object.fromEntries(Object.entries(this.states).map(([name, state]) => [name, state.slice()]));
  }

  /** Whether what is told is all that is learned, from medleys. */
  private get asMedleys(): boolean {
    const hearsStyle = placeOfGiven(this.model.representation, 'style') !== NONE;
    return this.options.only === 'told' && hearsStyle;
  }

  /**
   * Judges in bits a note, by attribute; `loss` is the total. Untold, unless what is told is all that is
   * learned: then told, and medleys where those are learned from.
   */
  async validator(engine: Engine, shards: readonly Engine[]): Promise<Validator> {
    const { config, representation, steps } = this.model;
    // Judged, it hears everything.
    const whole = new EventLstm(config, representation, steps);
    const model = this.options.only === 'told' ? tellingModel(whole) : whole;
    const weights = new Float32Array(model.parameterCount);
    const pieces = this.asMedleys ? this.heldOutMedleys() : this.data.validation;
    // Rows without a piece would cost as much as those with one.
    const rows = Math.min(BITS_BATCH, Math.max(1, pieces.length));
    const evaluator = await BitsEvaluator.create(model, engine, weights, shards, rows);
    const notes = pieces.reduce((sum, { length }) => sum + length, 0);
    const { gridOf } = roundingOf(model.representation);
    return {
      notes,
      async *validate(parameters) {
        if (notes === 0) return undefined;
        weights.set(parameters);
        function* judged(): Generator<Judged> {
          for (const piece of pieces)
            yield 'events' in piece ? piece : { ...gridOf(piece), style: piece.style };
        }
        const { total, ...attributes } = bitsPerNote(yield* evaluator.walk(judged()));
        const named = Object.entries(attributes).map(([name, bits]) => [`${name}_loss`, bits]);
        return { loss: total, ...Object.fromEntries(named) };
      },
      release: () => evaluator.release(),
    };
  }

  /** As many medleys as there are held-out pieces, always the same. */
  private heldOutMedleys() {
    const { representation } = this.model;
    const groups = piecesByStyle(this.data.validation);
    return this.data.validation.flatMap((_, n) => {
      if (groups.length === 0) return [];
      const events = medleyOf(groups, representation, STILL, new Random(n).fork('medley'));
      return [{ ...representation.decode(events), events }];
    });
  }

  private silence(): Record<string, Float32Array> {
    const size = this.options.batchSize * this.model.config.hiddenSize;
    return Object.fromEntries(this.model.carried.map((name) => [name, new Float32Array(size)]));
  }
}

/** Notes that are judged told: their style, or their events where those tell it themselves. */
type Judged = GridNotes & { readonly style?: number; readonly events?: EventTable };

const STILL = { transpose: 0, stretch: 0 };

/** The same model, told of every piece how far the end is, and its style. */
function tellingModel({ config, representation, steps }: EventLstm): EventLstm {
  const encode = ({ style, events, ...notes }: Judged) =>
    events ?? representation.encode(notes, { tellsEnd: true, style });
  return new EventLstm(config, { ...representation, encode }, steps);
}
