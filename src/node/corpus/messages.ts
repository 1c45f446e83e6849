import type { CorpusProblem } from '../../dataset/corpus.js';
import { CadenzaError } from '../../errors.js';

/** Names for a message of one line: all of them, or three and how many more. */
export function firstFew(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

/** What to say when a model finds nothing to read in a corpus, though there are MIDI files in it. */
export function noWindowError(
  paths: readonly string[],
  windowLength: number,
  problems: readonly CorpusProblem[],
): CadenzaError {
  const skipped =
    problems.length > 0 ? ` (left out: ${firstFew(problems.map(({ message }) => message))})` : '';
  return new CadenzaError(
    `${firstFew(paths)}: no piece has more than the ${windowLength} notes of a window; add longer ones${skipped}`,
  );
}
