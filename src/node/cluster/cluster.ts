/**
 * A cluster as whoever has work for it sees it: jobs go into a queue, and what they give comes back. Who does
 * them, and who takes over where a worker fails, is the queue's business (BullMQ).
 */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { FlowJob, FlowProducer, Queue } from 'bullmq';
import { CadenzaError } from '../../errors.js';
import { packageVersion } from '../files/package-info.js';
import { type Blobs, IS_GONE, isName, RecentBlobs, ServerBlobs } from './blobs.js';
import { dataOf, type JobRequest } from './jobs/jobs.js';
import { connect, loadPackage, PREFIX, type Server, serverError } from './server.js';
import { listWorkers, type WorkerInfo } from './workers.js';

/** Where jobs are done. */
export interface Jobs {
  readonly blobs: Blobs;
  /**
   * What each of the jobs gives.
   *
   * @param onDone told how many of them are done
   * @throws CadenzaError when one of them cannot be done
   */
  all<T>(jobs: readonly JobRequest<T>[], onDone?: (done: number) => void): Promise<T[]>;
  /** What the last job gives, which is done after all others and is given what they gave. */
  flow<T>(jobs: readonly JobRequest[], last: JobRequest<T>): Promise<T>;
  /** Takes back what nobody has begun to do. */
  close(): Promise<void>;
}

export interface ClusterOptions {
  /** Told of what delays the jobs, in words. */
  readonly onWait?: (message: string) => void;
  /** Calls off what is waited for: it fails with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Jobs of another version are in a queue of their own: its workers do them, and no others. */
export const queueName = (version = packageVersion()) => `jobs-${version}`;

/** Jobs that wait or are done at a time: more would only fill the server's memory. */
const UNDER_WAY = 64;
/** Milliseconds between two looks at what is under way: short after something happened. */
const [SOON, LATE] = [20, 200];
/** Milliseconds without a worker after which that is said. */
const ALONE_MS = 3_000;
/** Tries of a job that failed by no fault of its own, over a minute. */
const TRIES = 8;
/** Seconds for which the queue remembers what was done, and what failed. */
const [DONE_SECONDS, FAILED_SECONDS] = [3600, 24 * 3600];
/** How often files that the server lost are given to it anew. */
const RESTORES = 3;

const JOB_OPTIONS = {
  attempts: TRIES,
  backoff: { type: 'exponential', delay: 500, jitter: 0.5 },
  removeOnComplete: { age: DONE_SECONDS },
  removeOnFail: { age: FAILED_SECONDS },
  stackTraceLimit: 1,
} as const;

/** @throws CadenzaError when the server cannot be reached, or clusters are not installed */
export async function openCluster(url: string, options: ClusterOptions = {}): Promise<Cluster> {
  const server = await connect(url, options.onWait);
  try {
    const bull = await loadPackage(() => import('bullmq'));
    const connection = { connection: server.client, prefix: PREFIX };
    const queue = new bull.Queue(queueName(), connection);
    const flows = new bull.FlowProducer(connection);
    // Of the connection, which tells for itself.
    queue.on('error', () => {});
    flows.on('error', () => {});
    return new Cluster(server, queue, flows, options);
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** A job in the queue. */
interface Asked {
  readonly id: string;
  readonly request: JobRequest;
}

export class Cluster implements Jobs {
  readonly blobs: RecentBlobs;
  private readonly kept: ServerBlobs;
  private readonly session = randomUUID();
  private asked = 0;
  private readonly underWay = new Set<string>();
  /** When it was looked for workers last. */
  private lookedAt = performance.now();
  private isAlone = false;

  constructor(
    private readonly server: Server,
    private readonly queue: Queue,
    private readonly flows: FlowProducer,
    private readonly options: ClusterOptions,
  ) {
    this.kept = new ServerBlobs(server);
    this.blobs = new RecentBlobs(this.kept);
  }

  /** The workers that are there. */
  workers(): Promise<WorkerInfo[]> {
    return listWorkers(this.server.client);
  }

  all<T>(requests: readonly JobRequest<T>[], onDone?: (done: number) => void): Promise<T[]> {
    return this.persistently(() => this.allOnce(requests, onDone));
  }

  flow<T>(requests: readonly JobRequest[], last: JobRequest<T>): Promise<T> {
    return this.persistently(() => this.flowOnce(requests, last));
  }

  private async allOnce<T>(
    requests: readonly JobRequest<T>[],
    onDone?: (done: number) => void,
  ): Promise<T[]> {
    const results = new Map<number, T>();
    const waiting = new Map<number, Asked>();
    let next = 0;
    let done = 0;
    const add = async () => {
      const asked = this.ask(requests[next]);
      await this.talk(() => this.add(asked));
      waiting.set(next++, asked);
    };
    while (next < requests.length && waiting.size < UNDER_WAY) await add();
    await this.poll(
      async () => {
        for (const [i, asked] of [...waiting]) {
          const result = await this.resultOf(asked.id, () => this.add(asked));
          if (result === undefined) continue;
          results.set(i, result.value as T);
          waiting.delete(i);
          onDone?.(++done);
          if (next < requests.length) await add();
        }
        return waiting.size === 0;
      },
      () => done,
    );
    return requests.map((_, i) => results.get(i) as T);
  }

  private async flowOnce<T>(requests: readonly JobRequest[], last: JobRequest<T>): Promise<T> {
    const children = requests.map((request) => this.ask(request));
    const parent = this.ask(last);
    const flow: FlowJob = {
      ...this.flowJob(parent),
      children: children.map((child) => {
        const { opts, ...job } = this.flowJob(child);
        return { ...job, opts: { ...opts, failParentOnFailure: true } };
      }),
    };
    const add = async () => {
      for (const { request } of [...children, parent]) await this.keepFiles(request);
      await this.flows.add(flow);
    };
    await this.talk(add);
    let result: { readonly value: unknown } | undefined;
    let steps = '';
    await this.poll(
      async () => {
        // A child that fails says why; its parent only that it did.
        const states = await Promise.all(children.map(({ id }) => this.queue.getJobState(id)));
        for (const [i, state] of states.entries()) if (state === 'failed') await this.refuse(children[i].id);
        result = await this.resultOf(parent.id, add);
        steps = states.join();
        return result !== undefined;
      },
      () => steps,
    );
    for (const { id } of children) this.underWay.delete(id);
    return result?.value as T;
  }

  async close(): Promise<void> {
    // A server that is gone cannot be told; it forgets what nobody asks for.
    const left = this.server.client.status === 'ready' ? [...this.underWay] : [];
    this.underWay.clear();
    // What a worker is at cannot be taken back; nobody will ask for what it gives.
    for (const id of left) await this.queue.remove(id).catch(() => {});
    await this.server.close();
    await Promise.allSettled([this.queue.close(), this.flows.close()]);
  }

  private ask(request: JobRequest): Asked {
    const id = `${this.session}-${++this.asked}`;
    this.underWay.add(id);
    return { id, request };
  }

  private flowJob({ id, request }: Asked) {
    const opts = { ...JOB_OPTIONS, jobId: id };
    return { name: request.kind.name, queueName: queueName(), data: dataOf(request), opts };
  }

  /** Adds a job; one that is there already is not added again. */
  private async add(asked: Asked): Promise<void> {
    const { name, data, opts } = this.flowJob(asked);
    await this.keepFiles(asked.request);
    await this.queue.add(name, data, opts);
  }

  /**
   * Has the server keep what a job is about. Of a training that takes days the workers have the pieces, and
   * nobody asks for them until another worker comes.
   */
  private async keepFiles({ data }: JobRequest): Promise<void> {
    const files = Object.values(data).filter((value) => isName(value));
    await Promise.all(files.map((file) => this.kept.touch(file)));
  }

  /** @throws CadenzaError always: why a job failed */
  private async refuse(id: string): Promise<never> {
    const job = await this.queue.getJob(id);
    this.underWay.delete(id);
    throw new CadenzaError(job?.failedReason ?? 'a job of the cluster failed, and nobody knows why');
  }

  /**
   * What a job gave; undefined where it is not done. A server that was killed may have forgotten what it was
   * told last: then it is told again.
   */
  private async resultOf(id: string, again: () => Promise<void>): Promise<{ value: unknown } | undefined> {
    const state = await this.queue.getJobState(id);
    if (state === 'failed') await this.refuse(id);
    if (state === 'unknown') {
      await again();
      return undefined;
    }
    if (state !== 'completed') return undefined;
    const job = await this.queue.getJob(id);
    if (job === undefined) return undefined;
    this.underWay.delete(id);
    return { value: job.returnvalue };
  }

  /**
   * Looks again and again, soon after something has changed.
   *
   * @param look whether there is no more to wait for
   */
  private async poll(look: () => Promise<boolean>, change: () => unknown): Promise<void> {
    let wait = SOON;
    let before = change();
    while (!(await this.talk(look))) {
      wait = change() === before ? Math.min(LATE, wait * 1.5) : SOON;
      before = change();
      await this.sayIfAlone();
      await setTimeout(wait, undefined, { signal: this.options.signal }).catch(() =>
        this.options.signal?.throwIfAborted(),
      );
    }
  }

  private async sayIfAlone(): Promise<void> {
    if (performance.now() - this.lookedAt < ALONE_MS) return;
    const version = packageVersion();
    const workers = await this.workers();
    const own = workers.filter((worker) => worker.version === version);
    this.lookedAt = performance.now();
    if (own.length === 0 && !this.isAlone) {
      const others = [...new Set(workers.map((worker) => worker.version))].join(', ');
      this.options.onWait?.(
        others === ''
          ? `${this.server.name} has no workers; start one: cadenza worker ${this.server.name}`
          : `${this.server.name} has workers of version ${others} only, and this is ${version}; start some of it`,
      );
    }
    this.isAlone = own.length === 0;
  }

  /** What the server answers, unless that is called off: one that is gone does not until it is back. */
  private async talk<T>(action: () => Promise<T>): Promise<T> {
    const { signal } = this.options;
    let callOff = () => {};
    try {
      const answer = action();
      if (signal === undefined) return await answer;
      answer.catch(() => {}); // nobody may be waiting for it any more
      const called = new Promise<never>((_, reject) => {
        callOff = () => reject(signal.reason);
        if (signal.aborted) callOff();
        signal.addEventListener('abort', callOff);
      });
      return await Promise.race([answer, called]);
    } catch (error) {
      throw serverError(error, this.server.name);
    } finally {
      signal?.removeEventListener('abort', callOff);
    }
  }

  /**
   * Runs something, and once more where it fails because the server has lost files that are here still.
   */
  private async persistently<T>(action: () => Promise<T>): Promise<T> {
    for (let restored = 0; ; restored++) {
      try {
        return await action();
      } catch (error) {
        const isGone = error instanceof CadenzaError && error.message.includes(IS_GONE);
        if (!isGone || restored === RESTORES) throw error;
        await this.blobs.restore();
      }
    }
  }
}
