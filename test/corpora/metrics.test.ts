import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { featuresOf, keyCounts } from '../../src/evaluation/metrics/features.js';
import { memorizationOf } from '../../src/evaluation/metrics/memorization.js';
import { pairsOf } from '../../src/evaluation/metrics/pairs.js';
import { entropyBits, spreadOf } from '../../src/evaluation/metrics/statistics.js';
import { readMetricsCorpus } from '../../src/node/corpus/metrics-corpus.js';

const MAESTRO =
  process.env.CADENZA_MAESTRO ??
  fileURLToPath(new URL('../../../shared/data/maestro-v2.0.0', import.meta.url));

describe.skipIf(!existsSync(MAESTRO))(
  'metrics of MAESTRO v2.0.0 (skipped where CADENZA_MAESTRO has no copy)',
  () => {
    it('describe the validation pieces as others have', async () => {
      const { pieces, problems } = await readMetricsCorpus([MAESTRO], { split: 'validation' });
      expect([pieces.length, problems]).toEqual([137, []]);
      const described = pieces.map(({ notes }) => {
        const features = featuresOf(notes);
        return [
          entropyBits(features.pitchClassHistogram),
          entropyBits(keyCounts(notes)),
          features.usedPitches[0],
          features.pitchRange[0],
          features.meanInterOnset[0],
          features.meanVelocity[0],
          features.notesPerSecond[0],
        ];
      });
      // Mean and deviation on 69 of the 137 pieces, from another program. The middle of a velocity bin is
      // half a step above the mean of the velocities in it.
      const known = [
        [3.32, 0.16],
        [5.33, 0.35],
        [64.5, 12.7],
        [68.5, 11.4],
        [0.118, 0.043],
        [63.1 + 0.5, 6.5],
        [9.7, 3.7],
      ];
      for (const [i, [mean, deviation]] of known.entries()) {
        const found = spreadOf(described.map((values) => values[i]));
        // Half of the pieces differ from all by a part of the deviation: 1/√69 is 0.12.
        expect(Math.abs(found.mean - mean)).toBeLessThan(0.12 * deviation);
        expect(found.deviation / deviation).toBeGreaterThan(0.85);
        expect(found.deviation / deviation).toBeLessThan(1.15);
      }
    });

    it('find nothing of a validation piece in the train corpus, and all of a train piece', {
      timeout: 240_000,
    }, async () => {
      const [validation, train] = await Promise.all(
        (['validation', 'train'] as const).map((split) => readMetricsCorpus([MAESTRO], { split })),
      );
      const corpus = train.pieces.map(({ notes }) => pairsOf(notes));
      const real = validation.pieces.slice(0, 20).map(({ notes }) => pairsOf(notes));
      const found = memorizationOf([...real, corpus[500]], corpus);
      for (const { longest, shares } of found.slice(0, -1)) {
        expect(longest).toBeLessThan(16);
        expect(shares[1]).toBe(0);
      }
      expect(found[20].longest).toBe(corpus[500].length);
      expect(found[20].longestAt?.sourcePiece).toBe(500);
    });
  },
);
