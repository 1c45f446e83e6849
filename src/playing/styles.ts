/** Styles by name, as people write them. */
import { CadenzaError } from '../errors.js';

/** Without accents, in small letters. */
const plainly = (name: string) => name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Whether words of the name begin as asked: "chopin" and "fr chop" are both Frédéric Chopin. */
function isMeant(name: string, asked: string): boolean {
  const words = plainly(name).split(/[^\p{L}]+/u);
  const wanted = plainly(asked)
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
  return wanted.length > 0 && wanted.every((word) => words.some((each) => each.startsWith(word)));
}

/**
 * The place among styles of the one that is asked for: by its name, or by words that no other one has,
 * without regard to accents and capitals.
 *
 * @param styles that a model has learned, such as "Frédéric Chopin"
 * @throws CadenzaError where there is none, or more than one
 */
export function styleNamed(styles: readonly string[], asked: string): number {
  if (styles.length === 0)
    throw new CadenzaError('this model has learned no styles; choose another model, or ask for no style');
  const same = styles.findIndex((style) => plainly(style) === plainly(asked.trim()));
  if (same >= 0) return same;
  const meant = [...styles.keys()].filter((place) => isMeant(styles[place], asked));
  if (meant.length === 1) return meant[0];
  const of = meant.length > 1 ? meant.map((place) => styles[place]) : styles;
  const problem = meant.length > 1 ? `"${asked}" may be several styles` : `no such style: "${asked}"`;
  throw new CadenzaError(`${problem}; there are ${of.join(', ')}`);
}
