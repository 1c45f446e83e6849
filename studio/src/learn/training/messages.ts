/** What the page and its training worker say to each other. */
import type { CorpusProblem, LossRecord } from '../../../../src/index.js';
import type { DroppedFile } from '../../../../src/web/index.js';
import type { CorpusStatistics } from '../corpus/statistics.js';
import type { TrainingPlan } from './plan.js';
import type { RunRecord, Sample } from './run-record.js';

/** A corpus as it was read. */
export interface CorpusSummary {
  /** What to call it: the folder's name, or the file's. */
  readonly name: string;
  readonly statistics: CorpusStatistics;
  readonly problems: readonly CorpusProblem[];
}

/** A model file to learn on from. */
export interface ModelFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export type ToTraining =
  /** A part of what was dropped; of two drops only the later one counts. */
  | { readonly type: 'files'; readonly drop: number; readonly files: readonly DroppedFile[] }
  | { readonly type: 'read'; readonly drop: number; readonly name: string }
  | { readonly type: 'start'; readonly plan: TrainingPlan; readonly from?: ModelFile }
  | { readonly type: 'resume'; readonly id: string }
  | { readonly type: 'pause' }
  | { readonly type: 'go on' }
  | { readonly type: 'stop' }
  | { readonly type: 'save'; readonly request: number };

/** What it is busy with. */
export type TrainingPhase =
  | 'reading'
  | 'preparing'
  | 'measuring'
  | 'training'
  | 'judging'
  | 'playing'
  | 'paused';

/** Where a training stands. */
export interface Standing {
  readonly phase: TrainingPhase;
  readonly epoch: number;
  readonly updates: number;
  readonly totalUpdates: number;
  readonly seconds: number;
  readonly notesPerSecond?: number;
  readonly secondsLeft?: number;
}

export type FromTraining =
  | { readonly type: 'reading'; readonly done: number; readonly total: number }
  | { readonly type: 'corpus'; readonly corpus: CorpusSummary }
  | { readonly type: 'begun'; readonly record: RunRecord }
  | { readonly type: 'standing'; readonly standing: Standing }
  | { readonly type: 'losses'; readonly records: readonly LossRecord[] }
  | { readonly type: 'sample'; readonly sample: Sample }
  | { readonly type: 'saved'; readonly record: RunRecord; readonly request?: number }
  | { readonly type: 'unsaved'; readonly message: string; readonly request?: number }
  | { readonly type: 'ended'; readonly record: RunRecord; readonly reason: EndReason }
  | { readonly type: 'failed'; readonly message: string; readonly isBug: boolean };

export type EndReason = 'epochs' | 'steps' | 'early stopping' | 'stopped';
