/** Whether the options of a run are some: they come from its folder, and from programs without types. */
import type { Split } from '../../dataset/corpus.js';
import { checkTrainOptions } from '../../training/check-options.js';
import { choiceIn, fieldsOf, numberIn, optional, textIn, wholeIn } from '../../training/fields.js';
import type { SessionOptions } from './train-session.js';

/** Threads, shards of a corpus. */
const MOST_SIDE_BY_SIDE = 4096;
const SPLITS: readonly Split[] = ['train', 'validation', 'test'];

/** @throws CadenzaError which names what is none */
export function checkSessionOptions(value: unknown): SessionOptions {
  const fields = fieldsOf(value, 'options');
  const given = {
    split: optional(fields, 'split', (from, name) => choiceIn(from, name, SPLITS)),
    files: optional(fields, 'files', (from, name) => wholeIn(from, name, 1)),
    from: optional(fields, 'from', textIn),
    rounds: optional(fields, 'rounds', (from, name) => {
      const rounds = fieldsOf(from[name], name);
      return {
        shards: wholeIn(rounds, 'shards', 1, MOST_SIDE_BY_SIDE),
        steps: wholeIn(rounds, 'steps', 1),
        rate: numberIn(rounds, 'rate', 0),
        momentum: numberIn(rounds, 'momentum', 0, 1),
      };
    }),
  };
  return {
    ...checkTrainOptions(value),
    threads: wholeIn(fields, 'threads', 1, MOST_SIDE_BY_SIDE),
    ...Object.fromEntries(Object.entries(given).filter(([, option]) => option !== undefined)),
  };
}
