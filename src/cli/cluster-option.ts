/** `--cluster`: has a command's work done by the workers that meet at a server. */
import { Option } from 'commander';
import type { Cluster } from '../node/cluster/cluster.js';
import { warn } from './warnings.js';

/** What names the server where no address is given. */
export const CLUSTER_VARIABLE = 'CADENZA_CLUSTER';

export function clusterOption(): Option {
  return new Option(
    '--cluster [url]',
    `have it done by the workers at a Redis server, redis://host:6379 (default: ${CLUSTER_VARIABLE})`,
  ).conflicts('device'); // each worker has its own
}

/**
 * Runs something with the cluster that is named, or with none.
 *
 * @throws CadenzaError when it cannot be reached
 */
export async function withCluster<T>(
  named: string | true | undefined,
  action: (cluster: Cluster | undefined) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  if (named === undefined) return action(undefined);
  const [{ openCluster }, url] = await Promise.all([
    import('../node/cluster/cluster.js'),
    clusterAddress(named === true ? undefined : named),
  ]);
  const cluster = await openCluster(url, { onWait: warn, signal });
  try {
    return await action(cluster);
  } finally {
    await cluster.close();
  }
}

/** @throws CadenzaError when neither an address nor the variable says where it is */
export async function clusterAddress(given?: string): Promise<string> {
  const url = given ?? process.env[CLUSTER_VARIABLE];
  if (url) return url;
  const { CadenzaError } = await import('../errors.js');
  throw new CadenzaError(
    `where is the cluster? name its Redis server, redis://host:6379, here or in ${CLUSTER_VARIABLE}`,
  );
}
