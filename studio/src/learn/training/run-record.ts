/** A training as the page remembers it. */
import type { LossRecord, ModelConfig, NoteTable, TrainOptions } from '../../../../src/index.js';

/** Ten seconds that the model played at some moment of its training. */
export interface Sample {
  readonly updates: number;
  /** Epochs so far, with a fraction within one. */
  readonly epoch: number;
  readonly notes: NoteTable;
  /** Seconds from the beginning to where it was cut off. */
  readonly seconds: number;
}

/** What it learns from. */
export interface RunCorpus {
  readonly pieces: number;
  readonly notes: number;
  readonly heldOutPieces: number;
  readonly heldOutNotes: number;
  /** What was left out, in words. */
  readonly remarks: readonly string[];
}

export interface RunRecord {
  readonly id: string;
  /** What to call it: the preset and the folder. */
  readonly title: string;
  /** The name of the kind of model. */
  readonly preset: string;
  readonly config: ModelConfig;
  readonly options: TrainOptions;
  readonly corpus: RunCorpus;
  /** Milliseconds since 1970. */
  readonly begun: number;
  readonly changed: number;
  /** Whether all of it is done. */
  readonly isFinished: boolean;
  /** Steps done, and in all as far as known. */
  readonly updates: number;
  readonly totalUpdates: number;
  readonly seconds: number;
  readonly losses: readonly LossRecord[];
  readonly samples: readonly Sample[];
  /** The model that it began with, where it was not a new one. */
  readonly startedFrom?: string;
}
