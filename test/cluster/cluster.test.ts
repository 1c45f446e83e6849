/**
 * What many machines do together is what one does, whatever fails. Skipped where there is no Redis:
 * CADENZA_REDIS names one, Debian's package is redis-server.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { trainerBy } from '../../src/node/cluster/by-cluster.js';
import { openCluster, queueName } from '../../src/node/cluster/cluster.js';
import type { JobRequest } from '../../src/node/cluster/jobs/jobs.js';
import { jobsHere } from '../../src/node/cluster/jobs-here.js';
import { connect, PREFIX } from '../../src/node/cluster/server.js';
import { announce } from '../../src/node/cluster/workers.js';
import { packageVersion } from '../../src/node/files/package-info.js';
import { createOnnxEngine, trainRun } from '../../src/node/index.js';
import { pieceBytes } from '../helpers/pieces.js';
import { type RunResult, runCadenza } from '../helpers/run-cadenza.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { hasRedis, startRedis, startWorker, type TestWorker, until } from './redis.js';

const CORPUS = Object.fromEntries(
  Array.from({ length: 14 }, (_, i) => [`midi/${i}.mid`, pieceBytes(i, 120 + 24 * i)]),
);

/** Thirty-two steps in rounds of an epoch or ten steps, by three shards: arguments of the command line. */
const trainArgs = (folder: string, out: string) => [
  ...['train', join(folder, 'midi'), '--preset', 'performance', '--layers', '1', '--hidden-size', '16'],
  ...['--steps', '32', '--batch-size', '4', '--epochs', '20', '--seed', '4', '--no-cache', '--out', out],
];
const train = (folder: string, out: string, ...args: string[]) =>
  runCadenza([...trainArgs(folder, out), ...args]);

/** Everything that a run kept of its training but the seconds that it took. */
function keptOf(folder: string) {
  const read = (name: string) => decodeCheckpoint(readFileSync(join(folder, `${name}.safetensors`)), name);
  const { tensors, training } = read('last');
  const { seconds: _, ...state } = training?.state ?? {};
  return { best: read('best').tensors, tensors, state, training: training?.tensors };
}

/** The SHA-256 of the best weights. */
const digest = (folder: string) =>
  createHash('sha256')
    .update(readFileSync(join(folder, 'best.safetensors')))
    .digest('hex');

/** The same rounds without a cluster. */
async function trainHere(folder: string): Promise<string> {
  const out = join(folder, 'here');
  const engine = await createOnnxEngine({ threads: 1 });
  const options = {
    paths: [join(folder, 'midi')],
    preset: 'performance',
    layers: 1,
    hiddenSize: 16,
    steps: 32,
    batchSize: 4,
    epochs: 20,
    seed: 4,
    cache: false,
    out,
    rounds: { shards: 3, steps: 10, rate: 0.7, momentum: 0.9 },
  };
  for await (const _ of trainRun({ ...options, trainer: trainerBy(jobsHere(engine)) }));
  return out;
}

const TRAIN = ['--shards', '3', '--round-steps', '10'];

describe.skipIf(!hasRedis)(
  'a cluster (skipped where there is no redis-server; CADENZA_REDIS names one)',
  // Workers, their server and what they do, several at once: a slow machine takes a while.
  { timeout: 180_000 },
  () => {
    const folder = tempFolder(CORPUS, afterAll);
    /** The folder of the same rounds without a cluster. */
    let alone: string;
    beforeAll(async () => {
      alone = await trainHere(folder);
    });

    it('comes to the same weights when workers are killed and hang, and the server is killed', async () => {
      const redis = await startRedis();
      const [first, second] = await Promise.all([1, 2, 3].map(() => startWorker(redis.url, 2)));
      const learned = ({ said }: TestWorker) => said.filter(({ job }) => job === 'learn');
      const out = join(folder, 'run-1');
      let isOver = false;
      const training = train(folder, out, '--cluster', redis.url, ...TRAIN).finally(() => {
        isOver = true;
      });
      await until(() => learned(first).some(({ type }) => type === 'begun'), 'the first job');
      first.process.kill('SIGKILL');
      await until(() => learned(second).at(-1)?.type === 'begun', 'another job');
      second.process.kill('SIGSTOP');
      const third = await startWorker(redis.url, 2);
      // Its job is somebody else's before it goes on.
      await new Promise((resolve) => setTimeout(resolve, 5000));
      second.process.kill('SIGCONT');
      await until(() => learned(third).at(-1)?.type === 'begun', 'a job after it');
      expect(isOver).toBe(false);
      await redis.kill();
      await redis.restart();
      expect(isOver).toBe(false);
      const { code, stderr } = await training;
      expect(stderr).toContain('does not answer; waiting for it');
      expect(stderr).toContain('All steps done');
      expect(code).toBe(0);
      expect(digest(out)).toBe(digest(alone));
      expect(keptOf(out)).toEqual(keptOf(alone));
    });

    it('goes on where it was interrupted, even while the server is gone, and only where it may', async () => {
      const redis = await startRedis();
      const url = ['--cluster', redis.url];
      await startWorker(redis.url);
      const out = join(folder, 'run-2');
      const signal = {
        name: 'SIGINT',
        when({ stdout }: RunResult) {
          const isTime = stdout.split('"type":"step"').length > 2;
          if (isTime) void redis.kill();
          return isTime;
        },
      } as const;
      const begun = await runCadenza([...trainArgs(folder, out), ...url, ...TRAIN, '--json'], { signal });
      expect(begun.code).toBe(130);
      expect(begun.stdout).toContain('"reason":"interrupted"');
      const local = await runCadenza(['train', '--resume', out]);
      expect(local.stderr).toContain('was trained by a cluster; name that it is to go on in, --cluster');
      await redis.kill();
      await redis.restart();
      const went = await runCadenza(['train', '--resume', out, ...url]);
      expect(went.stderr).toContain('All steps done');
      expect(digest(out)).toBe(digest(alone));
    });

    it('reads, measures and plays what one process does, to the last digit', async () => {
      const model = join(alone, 'best.safetensors');
      const redis = await startRedis();
      const workers = await Promise.all([1, 2].map(() => startWorker(redis.url)));
      const midi = join(folder, 'midi');
      const both = async (...args: string[]) => {
        const [here, there] = await Promise.all([
          runCadenza(args),
          runCadenza([...args, '--cluster'], { env: { CADENZA_CLUSTER: redis.url } }),
        ]);
        expect(there.code, there.stderr).toBe(0);
        return [here.stdout, there.stdout].map((text) => text.replace(/"seconds": [\d.]+/, ''));
      };
      for (const args of [
        ['evaluate', model, midi, '--json', '--no-cache'],
        ['evaluate', 'tutorial', midi, '--json', '--no-cache', '--stride', '20'],
        ['metrics', midi, '--json', '--model', model],
      ]) {
        const [here, there] = await both(...args);
        expect(there).toBe(here);
      }
      const play = [
        '--model',
        model,
        '--variations',
        '2',
        '--seed',
        '3',
        '--notes',
        '40',
        '--primer',
        join(midi, '1.mid'),
      ];
      const [here, there] = ['here.mid', 'there.mid'].map((name) => join(folder, name));
      await runCadenza(['generate', ...play, '-o', here]);
      await runCadenza(['generate', ...play, '-o', there, '--cluster', redis.url]);
      for (const place of ['-1.mid', '-2.mid'])
        expect(readFileSync(there.replace('.mid', place))).toEqual(readFileSync(here.replace('.mid', place)));
      const kinds = new Set(workers.flatMap(({ said }) => said.map(({ job }) => job)));
      expect([...kinds].sort()).toEqual(['measure', 'minutes', 'play', 'read', undefined]);
    });

    it('says what is wrong with a server, in words', async () => {
      const redis = await startRedis('--requirepass', 'secret');
      const ask = async (url: string, command = 'worker') =>
        (await runCadenza(command === 'worker' ? ['worker', url] : ['generate', '--cluster', url])).stderr;
      expect(await ask(redis.url)).toContain('asks for a password; name it in the address');
      expect(await ask(redis.url.replace('//', '//:wrong@'), 'generate')).toContain(
        'refuses this user and password',
      );
      expect(await ask('redis://localhost:1')).toContain('has no server; start Redis there');
      expect(await ask('music.local')).toContain('is no address of a cluster');
      const nowhere = await runCadenza(['worker'], { env: { CADENZA_CLUSTER: '' } });
      expect(nowhere.stderr).toContain('where is the cluster?');
      const worker = await startWorker(redis.url.replace('//', '//:secret@'));
      expect(worker.stderr()).toBe('');
    });

    it('says that the memory of the server is full', async () => {
      const redis = await startRedis('--maxmemory', '2500kb');
      await startWorker(redis.url);
      const out = join(folder, 'run-3');
      const { code, stderr } = await train(
        folder,
        out,
        '--cluster',
        redis.url,
        ...TRAIN,
        '--hidden-size',
        '256',
      );
      expect(code).toBe(1);
      expect(stderr).toMatch(/has no memory left for the job; raise its maxmemory/);
    });

    it('does nothing that is no job of its version, and goes on', async () => {
      const redis = await startRedis();
      const worker = await startWorker(redis.url);
      const connection = new Redis(redis.url, { maxRetriesPerRequest: null });
      const queue = new Queue(queueName(), { connection, prefix: PREFIX });
      const version = packageVersion();
      const file = 'a'.repeat(64);
      const foreign: readonly (readonly [name: string, data: unknown, message: RegExp])[] = [
        ['shell', { version, command: 'id' }, /there is no job of the name "shell"/],
        ['read', { version: '9.0.0' }, /the job is of Cadenza "9.0.0", this worker of/],
        ['read', 'text', /the data of the job is "\\"text\\"", expected named fields/],
        ['read', { version, reading: 'timed', files: [{ file: '/etc/passwd', location: 'x' }] }, /SHA-256/],
        ['measure', { version, model: file, pieces: file }, /is not in the cluster any more/],
        ['learn', { version, shard: 0, config: { kind: 'x' } }, /position is/],
        ['join', { version, from: file, shards: 1e9, rate: 1, momentum: 0 }, /shards is/],
      ];
      for (const [name, data] of foreign) await queue.add(name, data);
      await until(() => worker.said.filter(({ type }) => type === 'failed').length === foreign.length, 'all');
      const reasons = worker.said.flatMap(({ type, reason }) => (type === 'failed' ? [reason] : []));
      for (const [i, [, , message]] of foreign.entries()) expect(reasons[i]).toMatch(message);
      // Files whose content is not what their name says are not used.
      await connection.set(`${PREFIX}:file:${file}`, 1);
      await connection.set(`${PREFIX}:file:${file}:0`, 'something else');
      await queue.add('measure', { version, model: file, pieces: file });
      await until(() => worker.said.some(({ reason }) => reason?.includes('is damaged')), 'the last');
      await queue.close();
      connection.disconnect();
      const played = await runCadenza([
        'generate',
        '--cluster',
        redis.url,
        '-o',
        join(tempFolder(), 'x.mid'),
      ]);
      expect(played.code, played.stderr).toBe(0);
    });

    it('keeps the files of a job for as long as it is asked for', async () => {
      const redis = await startRedis();
      const controller = new AbortController();
      const cluster = await openCluster(redis.url, { signal: controller.signal });
      const { client, close } = await connect(redis.url);
      const pieces = await cluster.blobs.put(Uint8Array.of(1, 2, 3));
      const keys = [`${PREFIX}:file:${pieces}`, `${PREFIX}:file:${pieces}:0`];
      for (const key of keys) await client.expire(key, 60);
      const kind = { name: 'measure' } as JobRequest['kind'];
      const asked = cluster.all([{ kind, data: { pieces } }]);
      asked.catch(() => {});
      await expect.poll(() => client.llen(`${PREFIX}:${queueName()}:wait`)).toBe(1);
      for (const key of keys) expect(await client.ttl(key)).toBeGreaterThan(3600);
      controller.abort(new Error('enough'));
      await expect(asked).rejects.toThrow('enough');
      await cluster.close();
      await close();
    });

    it('says who is missing', async () => {
      const redis = await startRedis();
      const said: string[] = [];
      const controller = new AbortController();
      const ask = async (signal: AbortSignal) => {
        const cluster = await openCluster(redis.url, { onWait: (message) => said.push(message), signal });
        const kind = { name: 'read' } as JobRequest['kind'];
        const asked = cluster.all([{ kind, data: {} }]);
        return asked.finally(() => cluster.close());
      };
      const first = ask(controller.signal);
      await until(() => said.length > 0, 'a word');
      expect(said[0]).toBe(`${redis.url} has no workers; start one: cadenza worker ${redis.url}`);
      controller.abort(new Error('enough'));
      await expect(first).rejects.toThrow('enough');
      // What nobody had begun is not left behind.
      const { client, close } = await connect(redis.url);
      expect(await client.llen(`${PREFIX}:${queueName()}:wait`)).toBe(0);
      await announce(client, { id: 'x', version: '0.0.1', host: 'old', threads: 1 });
      const again = new AbortController();
      const second = ask(again.signal);
      await until(() => said.length > 1, 'another word');
      expect(said[1]).toContain('has workers of version 0.0.1 only, and this is');
      again.abort(new Error('enough'));
      await expect(second).rejects.toThrow('enough');
      await close();
    });
  },
);
