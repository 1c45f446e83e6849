/** What a job is: data in, data out, and files by their content. A worker does nothing else. */
import type { Engine } from '../../../engine/engine.js';
import type { Fields } from '../../../training/fields.js';
import type { Blobs } from '../blobs.js';

/** With what a worker does a job. */
export interface JobTools {
  readonly blobs: Blobs;
  readonly engine: Engine;
  /** Engines to spread every batch over. */
  readonly shards: readonly Engine[];
  /** Aborted when the job is not this worker's any more. */
  readonly signal: AbortSignal;
  /** Told how much of it is done, 0 to 1. */
  readonly tell: (part: number) => void;
  /** What the jobs gave that had to be done before, in their order. */
  readonly before: readonly unknown[];
}

/** A kind of job. What it is given and gives survives JSON; the same data always give the same. */
export interface JobKind<Data, Result> {
  readonly name: string;
  /** @throws CadenzaError when it is not what this job takes */
  check(data: Fields): Data;
  run(data: Data, tools: JobTools): Promise<Result>;
}
