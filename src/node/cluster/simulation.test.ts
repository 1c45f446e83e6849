import { describe, expect, it } from 'vitest';
import { simulate } from './simulation.js';

const CLUSTER = { shards: 4, rounds: 3, job: 10, overhead: 1, join: 2, between: 0.5, patience: 8 };
const workers = (count: number) => Array.from({ length: count }, () => ({}));

describe('the simulation of rounds', () => {
  it('has every worker do one shard after the other', () => {
    // Three rounds of 11 s a shard, two shards each, and 2 s to join; half a second between rounds.
    const { seconds, rounds, busy } = simulate({ ...CLUSTER, workers: workers(2) });
    expect(seconds).toBeCloseTo(3 * 24 + 1);
    expect(rounds.map((each) => Math.round(10 * each))).toEqual([240, 245, 245]);
    expect(busy).toBeCloseTo((3 * (4 * 11 + 2)) / (2 * 73));
    expect(simulate({ ...CLUSTER, workers: workers(4) }).seconds).toBeCloseTo(3 * 13 + 1);
    expect(simulate({ ...CLUSTER, workers: workers(9) }).seconds).toBeCloseTo(3 * 13 + 1);
  });

  it('waits for the slow, and shares cores', () => {
    const slow = [...workers(3), { speed: 0.5 }];
    expect(simulate({ ...CLUSTER, workers: slow }).seconds).toBeCloseTo(3 * 23 + 1);
    // While one joins, the others wait.
    expect(simulate({ ...CLUSTER, workers: workers(4), cores: 2 }).seconds).toBeCloseTo(3 * 24 + 1);
  });

  it('loses what a worker has that dies, until that is noticed', () => {
    const { seconds, lost } = simulate({ ...CLUSTER, rounds: 1, workers: [...workers(3), { dies: 5 }] });
    expect(lost).toBe(1);
    // 8 s of patience and a quarter of it, then 11 s for the job and 2 to join.
    expect(seconds).toBeCloseTo(5 + 10 + 11 + 2);
    const late = simulate({ ...CLUSTER, rounds: 1, workers: [{}, { joins: 20 }] });
    expect(late.seconds).toBeCloseTo(33 + 2);
    expect(() => simulate({ ...CLUSTER, workers: [{ dies: 3 }] })).toThrow('nobody is left');
  });
});
