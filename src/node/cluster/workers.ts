/** Who works for a cluster: every worker says again and again that it is there. */
import type { Redis } from 'ioredis';
import { PREFIX } from './server.js';

export interface WorkerInfo {
  readonly id: string;
  readonly version: string;
  readonly host: string;
  readonly threads: number;
}

/** A worker that has said nothing for so long is gone. */
const GONE_SECONDS = 30;
const SAY_MS = 10_000;

const keyOf = (id: string) => `${PREFIX}:worker:${id}`;

/** Says that a worker is there until that is ended. */
export async function announce(client: Redis, info: WorkerInfo): Promise<() => Promise<void>> {
  const say = () => client.set(keyOf(info.id), JSON.stringify(info), 'EX', GONE_SECONDS);
  await say();
  const timer = setInterval(() => void say().catch(() => {}), SAY_MS);
  return async () => {
    clearInterval(timer);
    await client.del(keyOf(info.id)).catch(() => {});
  };
}

export async function listWorkers(client: Redis): Promise<WorkerInfo[]> {
  const keys: string[] = [];
  let cursor = '0';
  do {
    const [next, found] = await client.scan(cursor, 'MATCH', keyOf('*'), 'COUNT', 1000);
    keys.push(...found);
    cursor = next;
  } while (cursor !== '0');
  if (keys.length === 0) return [];
  const texts = await client.mget(keys);
  return texts.flatMap((text) => {
    try {
      const { id, version, host, threads } = JSON.parse(text ?? 'null');
      return [{ id: String(id), version: String(version), host: String(host), threads: Number(threads) }];
    } catch {
      return []; // gone in between, or written by somebody else
    }
  });
}
