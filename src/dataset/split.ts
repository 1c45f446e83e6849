import { Random } from '../random.js';
import type { Split } from './corpus.js';

/** What `splitPieces` looks at; a `Piece` of a corpus is one. */
export interface Splittable {
  readonly split?: Split;
  /** Equal for pieces of equal content. */
  readonly contentHash?: string;
}

/** How to hold out pieces that carry no split of their own. */
export interface SplitOptions {
  /** Part of the pieces to hold out, at least 0 and below 1; 0.1 by default. */
  fraction?: number;
  /** Chooses which pieces are held out; 0 by default. */
  seed?: number;
}

/** A division by piece, each list in the order given. */
export interface TrainValidation<T> {
  readonly train: T[];
  readonly validation: T[];
}

/**
 * Divides pieces into those to learn from and those to validate on, so that no piece, and no copy of one
 * under another name, is on both sides.
 *
 * When some pieces are marked `train` and others `validation`, the marks decide; unmarked pieces join
 * `train`. Otherwise `fraction` of the pieces (at least one as soon as there are two and the fraction is not
 * 0) is held out at random from those that are unmarked or marked `train`; if there are none, from those
 * marked `validation`; if there are none either, from all. Other pieces marked `test` are on neither side. A
 * copy goes wherever it is furthest from training: `test`, then `validation`.
 *
 * @throws RangeError when the fraction is not at least 0 and below 1
 */
export function splitPieces<T extends Splittable>(
  pieces: readonly T[],
  { fraction = 0.1, seed = 0 }: SplitOptions = {},
): TrainValidation<T> {
  if (!(fraction >= 0 && fraction < 1)) {
    throw new RangeError(`the fraction to hold out must be at least 0 and below 1, not ${fraction}`);
  }
  const works = groupCopies(pieces);
  const marked = (split: Split) => works.filter((work) => work.split === split);
  const learnable = works.filter((work) => work.split === undefined || work.split === 'train');

  let train = learnable;
  let validation = marked('validation');
  if (train.length === 0 || validation.length === 0) {
    const pool = train.length > 0 ? train : validation.length > 0 ? validation : works;
    const wanted = fraction === 0 ? 0 : Math.max(1, Math.round(fraction * pool.length));
    const order = new Random(seed).shuffle([...pool]);
    validation = order.slice(0, Math.min(wanted, pool.length - 1));
    const heldOut = new Set(validation);
    train = pool.filter((work) => !heldOut.has(work));
  }
  return { train: piecesOf(train, pieces), validation: piecesOf(validation, pieces) };
}

/** Pieces of equal content, with the mark furthest from training among theirs. */
interface Work<T> {
  split?: Split;
  readonly pieces: T[];
}

const DISTANCE_FROM_TRAINING = { train: 0, validation: 1, test: 2 };

function groupCopies<T extends Splittable>(pieces: readonly T[]): Work<T>[] {
  const works: Work<T>[] = [];
  const byContent = new Map<string, Work<T>>();
  for (const piece of pieces) {
    const { split, contentHash } = piece;
    let work = contentHash === undefined ? undefined : byContent.get(contentHash);
    if (!work) {
      work = { split, pieces: [] };
      works.push(work);
      if (contentHash !== undefined) byContent.set(contentHash, work);
    }
    work.pieces.push(piece);
    if (split && (!work.split || DISTANCE_FROM_TRAINING[split] > DISTANCE_FROM_TRAINING[work.split])) {
      work.split = split;
    }
  }
  return works;
}

function piecesOf<T>(works: Work<T>[], inOrderOf: readonly T[]): T[] {
  const wanted = new Set(works.flatMap((work) => work.pieces));
  return inOrderOf.filter((piece) => wanted.has(piece));
}
