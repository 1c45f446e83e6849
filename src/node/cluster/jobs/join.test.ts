import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RecentBlobs } from '../blobs.js';
import { packVectors, unpackVectors } from '../packing.js';
import type { JobTools } from './job.js';
import { JOIN } from './join.js';

interface Golden {
  readonly cases: readonly { rate: number; momentum: number; after: number[][] }[];
}
const GOLDEN: Golden = JSON.parse(
  readFileSync(new URL('../../../../test/golden/outer-step.json', import.meta.url), 'utf8'),
);
const SHARDS = 3;

const blobs = new RecentBlobs();
const tools = (before: readonly unknown[]) => ({ blobs, before }) as unknown as JobTools;

/** Where a worker comes to, as in test/oracle/outer_step.py. */
function moved(round: number, shard: number, weights: Float32Array): Float32Array {
  return weights.map((weight, i) => weight + (((round * 31 + shard * 17 + i * 7) % 23) - 11) / 16);
}

async function shardsFrom(round: number, weights: Float32Array) {
  const results = [];
  for (let shard = 0; shard < SHARDS; shard++) {
    const parameters = moved(round, shard, weights);
    const file = await blobs.put(packVectors({ parameters, average: parameters }));
    results.push({ shard, moved: file, kept: file });
  }
  return results;
}

describe('joining shards', () => {
  it.each(GOLDEN.cases)('is a step of PyTorch with rate $rate and momentum $momentum', async (golden) => {
    const { rate, momentum, after } = golden;
    let from = await blobs.put(packVectors({ parameters: Float32Array.of(-0.5, -0.25, 0, 0.25, 0.5) }));
    for (const [round, expected] of after.entries()) {
      const { parameters } = unpackVectors(await blobs.get(from), 'weights');
      // In whatever order they were done.
      const results = (await shardsFrom(round, parameters)).reverse();
      const { joined, shards } = await JOIN.run({ from, shards: SHARDS, rate, momentum }, tools(results));
      from = joined;
      expect(shards.map(({ shard }) => shard)).toEqual([0, 1, 2]);
      const next = unpackVectors(await blobs.get(from), 'weights');
      for (const [i, weight] of expected.entries()) expect(next.parameters[i]).toBeCloseTo(weight, 6);
      const mean = results.map((_, shard) => moved(round, shard, parameters)[0]);
      expect(next.average[0]).toBeCloseTo((mean[0] + mean[1] + mean[2]) / 3, 6);
    }
  });

  it('refuses a round of which a shard is missing, or there twice', async () => {
    const weights = Float32Array.of(1, 2);
    const from = await blobs.put(packVectors({ parameters: weights }));
    const [first, second, third] = await shardsFrom(0, weights);
    const data = { from, shards: SHARDS, rate: 1, momentum: 0 };
    for (const some of [
      [first, second],
      [first, second, second],
      [first, second, third, third],
    ])
      await expect(JOIN.run(data, tools(some))).rejects.toThrow(/a round of 3 shards ended with/);
  });
});
