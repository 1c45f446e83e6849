/**
 * The end of a round: the weights to which the shards came become the next round's. DiLoCo (Douillard et al.
 * 2023): the mean way that the shards went is a gradient, and Nesterov momentum follows it.
 */
import { CadenzaError } from '../../../errors.js';
import { fieldsOf, numberIn, wholeIn } from '../../../training/fields.js';
import { fileIn } from '../fields.js';
import { packVectors, unpackVectors, type Vectors } from '../packing.js';
import type { JobKind, JobTools } from './job.js';
import type { LearnResult } from './learn.js';

export interface JoinData {
  /** File of the weights with which the round began: `parameters`, `momentum`, perhaps `average`. */
  readonly from: string;
  readonly shards: number;
  readonly rate: number;
  readonly momentum: number;
}

export interface JoinResult {
  /** File of the weights for the next round, with the same vectors. */
  readonly joined: string;
  /** What every shard gave, in their order. */
  readonly shards: readonly LearnResult[];
}

export const JOIN: JobKind<JoinData, JoinResult> = {
  name: 'join',
  check: (data) => ({
    from: fileIn(data, 'from'),
    shards: wholeIn(data, 'shards', 1, 65_536),
    rate: numberIn(data, 'rate', 0, 10),
    momentum: numberIn(data, 'momentum', 0, 1),
  }),
  async run(data, tools) {
    const shards = shardsIn(data, tools);
    const from = unpackVectors(await tools.blobs.get(data.from), 'the weights of a round');
    const mean = new Mean();
    for (const { moved } of shards) {
      mean.add(unpackVectors(await tools.blobs.get(moved), 'the weights of a shard'), shards.length);
    }
    const joined = outerStep(from, mean.vectors(), data);
    return { joined: await tools.blobs.put(packVectors(joined)), shards };
  },
};

/** What the shards gave, each once, in their order: who was ready first must not matter. */
function shardsIn({ shards }: JoinData, { before }: JobTools): LearnResult[] {
  const results = before.map((result) => {
    const fields = fieldsOf(result, 'result');
    fileIn(fields, 'moved');
    fileIn(fields, 'kept');
    wholeIn(fields, 'shard');
    return result as LearnResult;
  });
  results.sort((a, b) => a.shard - b.shard);
  if (results.length === shards && results.every(({ shard }, i) => shard === i)) return results;
  throw new CadenzaError(`a round of ${shards} shards ended with ${results.length}; run the command again`);
}

/** The mean of vectors, in double precision. */
class Mean {
  private readonly sums = new Map<string, Float64Array>();

  add(vectors: Vectors, of: number): void {
    for (const [name, vector] of Object.entries(vectors)) {
      const sum = this.sums.get(name) ?? new Float64Array(vector.length);
      if (sum.length !== vector.length) throw new CadenzaError(`shards differ in the size of ${name}`);
      for (let i = 0; i < sum.length; i++) sum[i] += vector[i] / of;
      this.sums.set(name, sum);
    }
  }

  vectors(): Readonly<Record<string, Float64Array>> {
    return Object.fromEntries(this.sums);
  }
}

/**
 * A step of stochastic gradient descent with Nesterov momentum, as PyTorch's `SGD(nesterov=True)` takes it,
 * along the mean way of the shards. A running mean of weights is the mean of theirs.
 *
 * @param from `parameters`, and of earlier rounds `momentum`
 * @param to the means of the shards' `parameters` and `average`
 */
export function outerStep(
  from: Vectors,
  to: Readonly<Record<string, Float64Array>>,
  { rate, momentum }: Pick<JoinData, 'rate' | 'momentum'>,
): Record<string, Float32Array> {
  const { parameters } = from;
  if (to.parameters?.length !== parameters?.length || parameters === undefined) {
    throw new CadenzaError('the shards came to weights of another model; start a new run');
  }
  const next = new Float32Array(parameters.length);
  const velocity = from.momentum?.slice() ?? new Float32Array(parameters.length);
  for (let i = 0; i < next.length; i++) {
    const gradient = parameters[i] - to.parameters[i];
    velocity[i] = momentum * velocity[i] + gradient;
    next[i] = parameters[i] - rate * (gradient + momentum * velocity[i]);
  }
  return {
    parameters: next,
    momentum: velocity,
    ...(to.average && { average: Float32Array.from(to.average) }),
  };
}
