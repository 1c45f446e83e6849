/** A worker of a cluster: takes jobs from the queue, one at a time, until it is told to leave. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Job, Worker } from 'bullmq';
import { CadenzaError } from '../../errors.js';
import type { Device } from '../engine/devices.js';
import { type Engines, openEngines } from '../engine/engines.js';
import { packageVersion } from '../files/package-info.js';
import { RecentBlobs, ServerBlobs } from './blobs.js';
import { queueName } from './cluster.js';
import { doJob } from './jobs/jobs.js';
import { connect, loadPackage, PREFIX, ServerError, serverError } from './server.js';
import { announce } from './workers.js';

/** What a worker tells of a job. */
export interface WorkerProgress {
  readonly type: 'begun' | 'done' | 'failed' | 'lost';
  readonly job: string;
  readonly id: string;
  readonly seconds: number;
  /** Why it failed. */
  readonly reason?: string;
}

export interface WorkerOptions {
  readonly threads: number;
  /** What computes; the processor by default. */
  readonly device?: Device;
  /**
   * Seconds without a sign of life after which what a worker is at is given to another one; 60 by default.
   */
  readonly patience?: number;
  /** Ends it: what it is at is given back. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: WorkerProgress) => void;
  /** Told in words when the server is lost, or another device computes than was asked for. */
  readonly onWait?: (message: string) => void;
  /** Told once it is ready, with the server's address without password. */
  readonly onReady?: (server: string) => void;
}

/** However often workers die or hang with a job, it is the workers' fault, not the job's. */
const MOST_LOST = 1000;
/** Milliseconds between two reports of how far a job is. */
const TELL_MS = 1000;

/**
 * Works until the signal is aborted.
 *
 * @throws CadenzaError when the server cannot be reached
 */
export async function runWorker(url: string, options: WorkerOptions): Promise<void> {
  const { threads, device, patience = 60, signal, onWait = () => {}, onReady } = options;
  const server = await connect(url, onWait);
  let engines: Engines | undefined;
  let worker: Worker | undefined;
  let leave: (() => Promise<void>) | undefined;
  try {
    const bull = await loadPackage(() => import('bullmq'));
    engines = await openEngines(threads, device, onWait);
    const blobs = new RecentBlobs(new ServerBlobs(server));
    const tools = { blobs, engine: engines.engine, shards: engines.shards };
    const processor = async (job: Job, token?: string, lost?: AbortSignal) => {
      const ends = AbortSignal.any([signal, lost].filter((each) => each !== undefined));
      try {
        const before = Object.values(await job.getChildrenValues());
        const tell = throttled((part) => void job.updateProgress(part).catch(() => {}));
        return await doJob(job.name, job.data, { ...tools, signal: ends, tell, before });
      } catch (error) {
        if (signal?.aborted) {
          await job.moveToWait(token); // the next worker's, at once
          throw new bull.WaitingError();
        }
        // Tried again it would fail again.
        const isFinal = error instanceof CadenzaError && !(error instanceof ServerError);
        if (isFinal) throw new bull.UnrecoverableError(error.message);
        throw error;
      }
    };
    worker = new bull.Worker(queueName(), processor, {
      connection: server.client,
      prefix: PREFIX,
      lockDuration: 1000 * patience,
      stalledInterval: 500 * patience,
      maxStalledCount: MOST_LOST,
      autorun: false,
    });
    report(worker, options);
    const info = { id: randomUUID(), version: packageVersion(), host: hostname(), threads };
    leave = await announce(server.client, info);
    const running = worker.run();
    onReady?.(server.name);
    await new Promise<void>((resolve, reject) => {
      running.catch(reject);
      if (signal?.aborted) resolve();
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
  } catch (error) {
    throw serverError(error, server.name);
  } finally {
    worker?.cancelAllJobs('the worker was stopped');
    await worker?.close();
    await leave?.();
    await engines?.close();
    await server.close();
  }
}

function report(worker: Worker, { onProgress }: WorkerOptions): void {
  const begun = new Map<string, number>();
  const seconds = (id: string) => (performance.now() - (begun.get(id) ?? performance.now())) / 1000;
  const tell = (type: WorkerProgress['type'], { id = '', name }: Partial<Job>, reason?: string) =>
    onProgress?.({ type, job: name ?? '', id, seconds: seconds(id), ...(reason && { reason }) });
  worker.on('active', (job) => {
    begun.set(job.id ?? '', performance.now());
    tell('begun', job);
  });
  worker.on('completed', (job) => tell('done', job));
  worker.on('failed', (job, error) => tell('failed', job ?? {}, error.message));
  // Somebody else has it by now: what comes of it here is not waited for.
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) {
      worker.cancelJob(id, 'somebody else has the job');
      tell('lost', { id });
    }
  });
  worker.on('error', () => {}); // of the connection, which tells for itself
}

function throttled(tell: (part: number) => void): (part: number) => void {
  let last = performance.now();
  return (part) => {
    if (performance.now() - last < TELL_MS) return;
    last = performance.now();
    tell(part);
  };
}
