/**
 * A discrete simulation of training in rounds: shards are jobs in a queue, workers take them one at a time,
 * some are slower, some die, some come later; a round is over when all its shards are done and joined. It
 * knows of a cluster what this folder does, and nothing of music. Times are seconds.
 */

export interface SimulatedWorker {
  /** How many times as fast as the job times say; 1 by default. */
  readonly speed?: number;
  /** When it comes; from the beginning on by default. */
  readonly joins?: number;
  /** When it goes without a word; never by default. */
  readonly dies?: number;
}

export interface SimulatedCluster {
  readonly workers: readonly SimulatedWorker[];
  /** Jobs of a round. */
  readonly shards: number;
  readonly rounds: number;
  /** Of a shard's steps at speed 1. */
  readonly job: number;
  /** Of a job beside its steps: files that travel, compiling. */
  readonly overhead: number;
  /** Of joining a round. */
  readonly join: number;
  /** From a round's end to the next one's first job. */
  readonly between: number;
  /** After which a worker that shows no sign of life has lost its job. */
  readonly patience: number;
  /** All workers share so many cores, if they are on one machine. */
  readonly cores?: number;
}

export interface SimulatedRun {
  /** When all is over. */
  readonly seconds: number;
  /** The length of every round. */
  readonly rounds: readonly number[];
  /** Jobs that were lost. */
  readonly lost: number;
  /** The part of the workers' time in which they had something to do. */
  readonly busy: number;
}

interface State {
  readonly speed: number;
  readonly joins: number;
  readonly dies: number;
  task: 'learn' | 'join' | undefined;
  left: number;
  busy: number;
}

/** @throws Error when all workers have died */
export function simulate({
  workers,
  cores = Number.POSITIVE_INFINITY,
  ...cluster
}: SimulatedCluster): SimulatedRun {
  const { shards, rounds, job, overhead, join, between, patience } = cluster;
  const states = workers.map(({ speed = 1, joins = 0, dies = Number.POSITIVE_INFINITY }): State => {
    return { speed, joins, dies, task: undefined, left: 0, busy: 0 };
  });
  /** Jobs that a dead worker has, and when somebody notices. */
  const stalled: { readonly task: 'learn' | 'join'; readonly at: number }[] = [];
  let queue: ('learn' | 'join')[] = [];
  let now = 0;
  let lost = 0;
  const lengths: number[] = [];
  const isHere = (worker: State) => worker.joins <= now && now < worker.dies;
  for (let round = 0; round < rounds; round++) {
    const began = now;
    now += round === 0 ? 0 : between;
    let open = shards;
    queue = Array.from({ length: shards }, () => 'learn' as const);
    while (open > 0 || queue.length > 0 || states.some(({ task }) => task === 'join')) {
      for (const worker of states.filter((each) => isHere(each) && each.task === undefined)) {
        if (queue.length === 0) break;
        worker.task = queue.shift();
        worker.left = worker.task === 'join' ? join : overhead + job / worker.speed;
      }
      const atWork = states.filter((worker) => worker.task !== undefined && isHere(worker));
      // Who shares cores with others is slower by as much as there are too few of them.
      const share = Math.min(1, cores / Math.max(1, atWork.length));
      const times = [
        ...atWork.map((worker) => now + worker.left / share),
        ...states.flatMap(({ joins, dies }) => [joins, dies]),
        ...stalled.map(({ at }) => at),
      ].filter((time) => time > now);
      if (times.length === 0 || !Number.isFinite(Math.min(...times)))
        throw new Error('nobody is left to do the work');
      const next = Math.min(...times);
      for (const worker of atWork) {
        worker.left -= (next - now) * share;
        worker.busy += next - now;
      }
      now = next;
      for (const worker of states) {
        if (worker.task === undefined) continue;
        if (worker.dies <= now) {
          // The lock ends after the patience, and it is looked for twice in that time.
          stalled.push({ task: worker.task, at: worker.dies + patience + patience / 4 });
          worker.task = undefined;
          lost++;
        } else if (worker.left <= 1e-9) {
          if (worker.task === 'learn' && --open === 0) queue.push('join');
          worker.task = undefined;
        }
      }
      for (const one of stalled.filter(({ at }) => at <= now)) {
        stalled.splice(stalled.indexOf(one), 1);
        queue.push(one.task);
      }
    }
    lengths.push(now - began);
  }
  const presence = states.reduce((sum, { joins, dies }) => sum + Math.max(0, Math.min(dies, now) - joins), 0);
  return {
    seconds: now,
    rounds: lengths,
    lost,
    busy: states.reduce((sum, { busy }) => sum + busy, 0) / presence,
  };
}
