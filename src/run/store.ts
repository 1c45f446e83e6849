/** Where a run is kept: in a folder, in a browser's storage, or in memory. */
import type { LossRecord } from '../charts/loss-plot.js';

/** What is kept of a run at a moment. */
export interface SavedRun {
  /** The checkpoint file to go on from. */
  readonly checkpoint: Uint8Array<ArrayBuffer>;
  /** The model file with the best weights so far, where they are others than were saved last. */
  readonly model?: Uint8Array<ArrayBuffer>;
  readonly updates: number;
  /** Seconds trained in all. */
  readonly seconds: number;
  /** Whether all of it is done. */
  readonly isFinished: boolean;
}

export interface RunStore {
  /** How many records the log holds. */
  readonly logged: number;
  /** Whether nothing is kept yet, so that the first step is to be saved at once. */
  readonly isNew?: boolean;
  /** Adds records to the log of losses. */
  log(records: readonly LossRecord[]): void;
  /**
   * Keeps all of it, or nothing; records that were logged are kept first.
   *
   * @returns whether it was kept, where a run may go on without that
   * @throws CadenzaError when it was not, and that ends the run
   */
  save(run: SavedRun): Promise<boolean>;
}
