/**
 * The Redis server in which a cluster meets: connecting to it, with every failure in words. BullMQ and the
 * client are loaded with the first connection, because most people have neither.
 */
import type { Redis } from 'ioredis';
import { CadenzaError, quoted } from '../../errors.js';

/** All keys of clusters begin with it. */
export const PREFIX = 'cadenza';
/** An address that does not answer for so long is not going to. */
const PATIENCE_MS = 10_000;
/** Most milliseconds between two tries to get back to a server that was there. */
const RETRY_MS = 2_000;

/** An open connection to a server. */
export interface Server {
  readonly client: Redis;
  /** Its address without user and password, for messages. */
  readonly name: string;
  readonly close: () => Promise<void>;
}

/**
 * Connects to a Redis server.
 *
 * @param url `redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]`, or `rediss://` for TLS
 * @param onWait told when the connection is lost, which is tried again until it is back
 * @throws CadenzaError when the address is none, nobody answers there, the password is wrong, or what answers
 *   is no Redis
 */
export async function connect(url: string, onWait?: (message: string) => void): Promise<Server> {
  const name = addressOf(url);
  const { Redis } = await loadPackage(() => import('ioredis'));
  let isOpen = false;
  const client = new Redis(url, {
    maxRetriesPerRequest: null,
    connectTimeout: PATIENCE_MS,
    retryStrategy: (times) => (isOpen ? Math.min(RETRY_MS, 50 * 2 ** times) : null),
    // A server that reads its files again after a restart answers LOADING.
    enableReadyCheck: true,
  });
  let isLost = false;
  const lost = () => {
    if (!isLost) onWait?.(`${name} does not answer; waiting for it`);
    isLost = true;
  };
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error('connect ETIMEDOUT')), PATIENCE_MS);
      client.once('ready', resolve);
      // The first time nothing is tried again; later on the queue is told of what was asked meanwhile.
      client.on('error', reject);
      client.once('end', () => reject(new Error('the connection was closed')));
    });
    await client.ping();
    isOpen = true;
    client.on('close', lost);
    client.on('ready', () => {
      isLost = false;
    });
    return {
      client,
      name,
      async close() {
        client.off('close', lost);
        client.disconnect();
      },
    };
  } catch (error) {
    client.disconnect();
    throw serverError(error, name);
  } finally {
    clearTimeout(timer);
  }
}

/** @throws CadenzaError when it is no address of a Redis server */
export function addressOf(url: string): string {
  let parsed: URL | undefined;
  try {
    parsed = new URL(url);
  } catch {
    // said below
  }
  if (parsed === undefined || !/^rediss?:$/.test(parsed.protocol) || parsed.hostname === '') {
    throw new CadenzaError(
      `${quoted(url.replace(/\/\/[^@/]*@/, '//…@'))} is no address of a cluster; it looks like redis://host:6379, ` +
        'or rediss://user:password@host:6379 with TLS',
    );
  }
  const { protocol, host, pathname } = parsed;
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

/** What a package that is not installed is to be asked for. */
export async function loadPackage<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new CadenzaError('clusters need two packages that are not installed; npm install bullmq ioredis');
  }
}

/** What a server is to blame for, not the job: tried again, it may go well. */
export class ServerError extends CadenzaError {}

const REASONS: readonly (readonly [pattern: RegExp, message: string])[] = [
  [/NOAUTH|DENIED/, 'asks for a password; name it in the address: redis://:PASSWORD@HOST'],
  [/WRONGPASS|invalid password|ERR AUTH/, 'refuses this user and password; correct the address'],
  [/NOPERM/, 'lets this user do too little; allow it all commands on keys of cadenza:*'],
  [
    /\bOOM\b/,
    'has no memory left for the job; raise its maxmemory, and do not let it evict keys (noeviction)',
  ],
  [/ECONNREFUSED/, 'has no server; start Redis there, or name another address'],
  [/ENOTFOUND|EAI_AGAIN/, 'is no known host; check its name'],
  [
    /ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/,
    'does not answer; check host, port and firewall, and that rediss:// is for servers with TLS',
  ],
  [/Protocol error|RESP type/, 'is no Redis server, or one with TLS; try rediss://, or name another address'],
  [/self.signed|CERT|certificate/i, 'has a certificate that is not trusted; NODE_EXTRA_CA_CERTS names it'],
  [/WRONG_VERSION|SSL|TLS/, 'has no TLS; redis:// is for servers without'],
  [/ECONNRESET|EPIPE|closed/, 'closed the connection; rediss:// is for servers with TLS'],
  [/READONLY/, 'is a replica that takes no jobs; name the primary server'],
  [/MISCONF/, 'cannot write to its disk and so takes no jobs; make room there'],
];

/** An error of a server in words; any other as it is. */
export function serverError(error: unknown, name: string): unknown {
  if (error instanceof CadenzaError || !(error instanceof Error)) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  const text = `${code} ${error.message}`;
  const reason = REASONS.find(([pattern]) => pattern.test(text));
  if (reason === undefined) return error;
  return new ServerError(`${name}: ${reason[1]} (${error.message.trim()})`);
}
