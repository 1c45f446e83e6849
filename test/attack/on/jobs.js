/** Jobs of a cluster, as a queue might hold them. */
import { plainEngine } from '../../../dist/index.js';
import { RecentBlobs } from '../../../dist/node/cluster/blobs.js';
import { doJob } from '../../../dist/node/cluster/jobs/jobs.js';
import { packageVersion } from '../../../dist/node/files/package-info.js';

/** JSON that might stand in a queue: right names with wrong things in them. */
function madeUpData(random, depth = 0) {
  const pick = (...choices) => choices[random.below(choices.length)];
  const leaf = () =>
    pick(
      0,
      1,
      -1,
      1.5,
      1e308,
      2 ** 53,
      '',
      'train',
      '../../etc/passwd',
      'a'.repeat(64),
      '0'.repeat(64),
      null,
      true,
      packageVersion(),
    );
  if (depth > 3 || random.below(3) === 0) return leaf();
  if (random.below(5) === 0)
    return Array.from({ length: random.below(4) }, () => madeUpData(random, depth + 1));
  const names = [
    'version',
    'config',
    'options',
    'pieces',
    'from',
    'kept',
    'position',
    'until',
    'shard',
    'model',
    'request',
  ];
  names.push(
    'files',
    'reading',
    'file',
    'location',
    'kind',
    'epoch',
    'step',
    'updates',
    'batchSize',
    'seed',
    '__proto__',
  );
  const entries = Array.from({ length: random.below(12) }, () => [
    pick(...names),
    madeUpData(random, depth + 1),
  ]);
  return JSON.parse(
    `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value) ?? 'null'}`).join(',')}}`,
  );
}

export function make(random) {
  const name = ['learn', 'join', 'judge', 'measure', 'minutes', 'play', 'read', 'x'][random.below(8)];
  const data = madeUpData(random);
  const isObject = typeof data === 'object' && data !== null && !Array.isArray(data);
  const own = isObject && random.below(5) > 0 ? { ...data, version: packageVersion() } : data;
  return new TextEncoder().encode(JSON.stringify({ name, data: own }));
}

export async function use(bytes) {
  const { name, data } = JSON.parse(new TextDecoder().decode(bytes));
  const { signal } = new AbortController();
  const tools = {
    blobs: new RecentBlobs(),
    engine: plainEngine(),
    shards: [],
    signal,
    tell() {},
    before: [],
  };
  await doJob(name, data, tools);
}
