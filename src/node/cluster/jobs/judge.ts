/** Judges weights by some of the held-out pieces of a training. */
import type { ModelConfig } from '../../../checkpoint/checkpoint.js';
import { runToEnd } from '../../../generators.js';
import { kindOfConfig } from '../../../kinds/kinds.js';
import type { Losses } from '../../../model/losses.js';
import { checkLearnOptions, endless, type LearnOptions } from '../../../training/check-options.js';
import { fieldsOf } from '../../../training/fields.js';
import { fileIn } from '../fields.js';
import { unpackPrepared, unpackVectors } from '../packing.js';
import type { JobKind } from './job.js';

export interface JudgeData {
  readonly config: ModelConfig;
  readonly options: LearnOptions;
  /** File of the prepared pieces. */
  readonly pieces: string;
  /** File of the weights: `average` if it is there, else `parameters`. */
  readonly weights: string;
}

export interface JudgeResult {
  /** By how many notes. */
  readonly notes: number;
  /** Missing where there was nothing to judge by. */
  readonly losses?: Losses;
}

export const JUDGE: JobKind<JudgeData, JudgeResult> = {
  name: 'judge',
  check: (data) => ({
    config: fieldsOf(data.config, 'config') as unknown as ModelConfig,
    options: checkLearnOptions(data.options),
    pieces: fileIn(data, 'pieces'),
    weights: fileIn(data, 'weights'),
  }),
  async run({ config, options, pieces: file, weights }, { blobs, engine, shards, signal }) {
    const pieces = unpackPrepared(await blobs.get(file), 'the held-out pieces');
    const { average, parameters } = unpackVectors(await blobs.get(weights), 'the weights of a round');
    // A loader wants something to learn from, too.
    const sides = { train: pieces, validation: pieces };
    const loader = await kindOfConfig(config).dataLoader(config, sides, endless(options));
    const validator = await loader.validator(engine, shards);
    try {
      const judging = validator.validate(average ?? parameters);
      async function* watched() {
        for (;;) {
          const step = await judging.next();
          if (step.done) return step.value;
          signal.throwIfAborted();
          yield step.value;
        }
      }
      const losses = await runToEnd(watched());
      return { notes: validator.notes, ...(losses && { losses }) };
    } finally {
      await validator.release();
    }
  },
};
