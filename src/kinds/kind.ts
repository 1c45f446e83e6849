/**
 * What a kind of model is: one contract for whoever trains, measures or plays with it. Command line, studio
 * and runs know no more of a model than this; what differs between kinds stands in their own folders.
 */
import type { ModelConfig } from '../checkpoint/checkpoint.js';
import type { Piece } from '../dataset/corpus.js';
import type { Engine } from '../engine/engine.js';
import { CadenzaError } from '../errors.js';
import type { Model } from '../model/model.js';
import type { KeyEvent } from '../notes/cut.js';
import type { NoteTable } from '../notes/note-table.js';
import type { Reading } from '../notes/reading.js';
import type { PianoPiece } from '../notes/transform.js';
import type { Wish, Wishes } from '../playing/wishes.js';
import type { DataLoader } from '../training/data-loader.js';
import type { TrainOptions } from '../training/options.js';
import type { ModelSizes, SizeRow } from './sizes.js';

/** A model and its weights. */
export interface Loaded<M extends Model = Model> {
  readonly model: M;
  /** (P) */
  readonly parameters: Float32Array;
}

/** What a checkpoint holds: a model, its weights, and of what kind it is. */
export type LoadedModel = Loaded & { readonly kind: Kind };

/** A piece as it is kept in memory for training. */
export interface PreparedPiece {
  readonly notes: number;
  /** What it consists of: equal bytes, equal batches. */
  readonly arrays: readonly (Float32Array | Float64Array | Uint8Array)[];
  /** Who composed it, where that is known. */
  readonly composer?: string;
}

/** Pieces on either side, as data loaders take them. */
export interface PreparedPieces {
  readonly train: readonly PreparedPiece[];
  readonly validation: readonly PreparedPiece[];
}

export interface Kind {
  /** What it is called in files and on the command line. */
  readonly name: string;
  /** What it is called on the page. */
  readonly title: string;
  /** What it plays, in a few words. */
  readonly plays: string;
  /** What it is for, in sentences. */
  readonly about: string;
  /**
   * Whether there are controls for it: kinds that are there for comparison can only be trained and measured.
   */
  readonly canPlay: boolean;
  /** Whether what it plays can lead into given notes: its players have `fill`. */
  readonly canFill: boolean;
  /** What it hears of a file: the one answer, wherever files are read for it. */
  readonly reading: Reading;
  /** How much it plays unless told otherwise. */
  readonly usualLength: Pick<PlayRequest, 'notes' | 'seconds'>;
  /** How it learns unless told otherwise. */
  readonly options: TrainOptions;
  /** What lies side by side in a batch: windows, taken from anywhere, or whole pieces. */
  readonly batchOf: 'windows' | 'pieces';
  /** The sizes that people choose for a new model; none where its size is fixed. */
  readonly sizes: readonly SizeRow[];
  /** Units of the losses, by name; `loss` is the unit of all that have none of their own. */
  readonly lossUnits: Readonly<Record<string, string>>;
  /** Whether a configuration is of this kind. */
  owns(config: ModelConfig): boolean;
  /** How many styles a new model can tell apart; none where not given. */
  readonly mostStyles?: number;
  /** What may be wished of a model of this configuration when it plays. */
  wishesOf(config: ModelConfig): ReadonlySet<Wish>;
  /** In whose styles it may be asked to play, by name. */
  stylesOf?(config: ModelConfig): readonly string[];
  /** The configuration of a new model. */
  configure(sizes: ModelSizes): ModelConfig;
  /** The sizes that a configuration chose. */
  sizesOf(config: ModelConfig): ModelSizes;
  /**
   * The model of a configuration.
   *
   * @param name what to call its file in messages
   * @throws CadenzaError when it is of another version, or has impossible sizes
   */
  network(config: ModelConfig, name?: string): Model;
  /** Pieces with no more notes than this teach nothing. */
  tooShort(config: ModelConfig): number;
  prepare(notes: NoteTable, composer?: string): PreparedPiece;
  /** @throws CadenzaError when there is nothing to learn from, or the configuration is no good */
  dataLoader(config: ModelConfig, pieces: PreparedPieces, options: TrainOptions): Promise<DataLoader>;
  /**
   * Measures a model by pieces, in memory that does not grow with them. What is measured of a piece does not
   * depend on the others: measured in parts, elsewhere, they give the same numbers, to the last digit.
   */
  measure(
    loaded: Loaded,
    engine: Engine,
    pieces: AsyncIterable<Piece>,
    options?: MeasureOptions,
  ): Promise<PieceMeasure[]>;
  /**
   * The figures of all pieces together.
   *
   * @throws NothingToMeasure when there was nothing in them for it
   */
  summary(
    config: ModelConfig,
    measures: readonly PieceMeasure[],
    options?: Pick<MeasureOptions, 'stride' | 'seed'>,
  ): Promise<Measurement>;
  /**
   * Bits a note of every minute, over all pieces, notes as they sound, that have notes in it. Not for kinds
   * whose losses are no bits a note.
   */
  bitsByMinute?(loaded: Loaded, engine: Engine, pieces: readonly NoteTable[]): Promise<number[]>;
  /**
   * @param shards engines to spread the large batches of fills over
   * @throws CadenzaError when models of this kind cannot play
   */
  player(loaded: Loaded, engine: Engine, shards?: readonly Engine[]): Promise<Player>;
}

export interface MeasureOptions {
  /**
   * Notes from one window's first note to the next one's, where a model hears windows; 1, every window, by
   * default.
   */
  readonly stride?: number;
  /** Of what is drawn by chance, such as an interval; 0 by default. */
  readonly seed?: number;
  /** Engines to spread every batch over. */
  readonly shards?: readonly Engine[];
  /**
   * Called again and again with pieces done, and what was measured in words. Side by side, pieces are done
   * late.
   */
  readonly onProgress?: (pieces: number, measured: string) => void;
}

/** There is nothing in the pieces by which a model could be measured. */
export class NothingToMeasure extends CadenzaError {}

/** What was measured of one piece; it survives JSON exactly. */
export interface PieceMeasure {
  readonly name: string;
  readonly notes: number;
  /** Over the piece, by name. */
  readonly sums: Readonly<Record<string, number>>;
}

/** What came of measuring. */
export interface Measurement {
  readonly files: number;
  readonly notes: number;
  /** All figures, for programs, by name. */
  readonly figures: Readonly<Record<string, unknown>>;
  /** The figures for people: what, and how much. */
  readonly rows: readonly (readonly [name: string, value: string])[];
  /** What is to be said below them. */
  readonly footnote: string;
}

/** What to play on from. */
export interface Start {
  readonly piece: PianoPiece;
  /** The notes of it as the model's kind reads them; as they sound, where not given. */
  readonly heard?: NoteTable;
  /** Seconds of the piece at which to go on; what comes after is not heard. */
  readonly cut: number;
  /**
   * Whether nothing has sounded from the piece's end to the cut, as when somebody paused: otherwise it goes
   * on at once.
   */
  readonly isSilentToCut?: boolean;
}

/** What a player is asked for: the wishes, how many ways to go on, and by which chances. */
export interface PlayOptions extends Wishes {
  /** How many variations; 1 by default. */
  readonly variations?: number;
  /** The same seed, model, start and wishes give the same notes; 0 by default. */
  readonly seed?: number;
}

export interface PlayRequest extends Start {
  /** To be played from the cut on, seconds; to its own end or the last note where not given. */
  readonly seconds?: number;
  /** Most notes to strike in a variation; with `seconds` whichever comes first. */
  readonly notes?: number;
  /** Whether what still sounds at the end is released there, not when its time has come. */
  readonly isCutOff?: boolean;
  /**
   * Whether it may begin before the cut, while what it heard last still sounds: for what is written by
   * itself.
   */
  readonly mayOverlap?: boolean;
  readonly options: PlayOptions;
}

/** An event of one variation, and the time before which nothing more will come in it. */
export interface Played {
  readonly variation: number;
  /** In seconds of the piece. */
  readonly event: KeyEvent;
  readonly knownTo: number;
}

/** A piece of which a span is to be filled: all of it is given but what begins in the span. */
export interface GivenPiece {
  /** The notes of the piece as the model's kind reads them. */
  readonly notes: NoteTable;
  /** The span, seconds of the piece. */
  readonly from: number;
  readonly to: number;
  /** Whether a note that begins in the span is given too, by its index: a melody, say. */
  readonly isKept?: (note: number) => boolean;
}

/** How many ways to fill a span are tried unless told otherwise. */
export const USUAL_PARTICLES = 32;

/** What is wished of a fill, and what it may cost. */
export interface FillOptions extends Wishes {
  /** Ways to fill it that are tried side by side: more fit better and take longer; 32 by default. */
  readonly particles?: number;
  /** Events after the span by which they are weighed; 64 by default. */
  readonly ahead?: number;
  /** The same seed, model and piece give the same fills; 0 by default. */
  readonly seed?: number;
  /** Calls it off: the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /**
   * Told again and again how much of the span is filled, 0 to 1, and what the likeliest way plays up to
   * there, which may change.
   */
  readonly onProgress?: (part: number, best: () => NoteTable) => void;
}

/** One way to fill a span. */
export interface Fill {
  /** What is played in it, seconds of the piece. */
  readonly notes: NoteTable;
  /** Bits that the model needs for what is given within and after the span: fewer fit better. */
  readonly bits: number;
  /** Of these, those for what comes after the span. */
  readonly bitsAfter: number;
  /** How likely this one is among all that were tried, 0 to 1. */
  readonly weight: number;
}

/** A model that is ready to play, again and again. */
export interface Player {
  /** What is to be said of how it hears a piece, in words; nothing where it hears it as it is. */
  remarks(start: Start): readonly string[];
  /**
   * From where it counts its time, seconds of the piece: the last note or event that it heard, or the silence
   * after it.
   */
  countsFrom(start: Start): number;
  /** Does in advance what can be done before somebody waits. */
  prepare(start: Start, variations: number): Promise<void>;
  /**
   * Plays on. Keys that sound over the cut are released among what it plays.
   *
   * @param onHeard called with how much of the piece is heard, 0 to 1; what it throws ends the playing
   * @throws CadenzaError when wishes clash, there is nothing to go on from, or the weights are of no use
   */
  play(request: PlayRequest, onHeard?: (part: number) => void): AsyncGenerator<Played, void, undefined>;
  /**
   * Fills a span so that it leads from what is before it to what comes after it; the different ways that were
   * found, those that fit best first. Not for kinds that cannot weigh what is given.
   *
   * @throws CadenzaError when wishes clash, nothing is before the span, or what is given cannot be reached
   */
  fill?(given: GivenPiece, options?: FillOptions): Promise<readonly Fill[]>;
  /** Gives the memory back. */
  release(): Promise<void>;
}

/**
 * How many pieces or windows lie side by side in a batch: as many as are asked for, of pieces no more than
 * half of those that there are. A row that has no piece to play costs as much as one that has.
 */
export function fittingBatch({ batchOf }: Kind, asked: number, pieces: number): number {
  return batchOf === 'pieces' ? Math.min(asked, Math.ceil(pieces / 2)) : asked;
}
