/** Jobs done by this process, one after the other: for tests, and to see what a cluster would give. */
import type { Engine } from '../../engine/engine.js';
import { RecentBlobs } from './blobs.js';
import type { Jobs } from './cluster.js';
import { dataOf, doJob, type JobRequest } from './jobs/jobs.js';

/** What a cluster gives, computed here. Data and results travel through JSON, as they do there. */
export function jobsHere(engine: Engine, shards: readonly Engine[] = []): Jobs {
  const blobs = new RecentBlobs();
  const { signal } = new AbortController();
  const tools = { blobs, engine, shards, signal, tell: () => {} };
  const through = <T>(value: T): T => JSON.parse(JSON.stringify(value));
  const one = async <T>(job: JobRequest<T>, before: readonly unknown[] = []) =>
    through(await doJob(job.kind.name, through(dataOf(job)), { ...tools, before })) as T;
  return {
    blobs,
    async all(jobs, onDone) {
      const results = [];
      for (const job of jobs) {
        results.push(await one(job));
        onDone?.(results.length);
      }
      return results;
    },
    async flow(jobs, last) {
      const before = [];
      for (const job of jobs) before.push(await one(job));
      return one(last, before);
    },
    async close() {},
  };
}
