/** Every window of a set of pieces: `count` pairs of a piece and the window's first note in it. */
export interface WindowIndex {
  /** Number of windows, W. */
  readonly count: number;
  /** (W) index of the piece each window lies in, ascending. */
  readonly piece: Uint32Array;
  /** (W) index of the window's first note within its piece, ascending within a piece. */
  readonly first: Uint32Array;
}

/**
 * All windows that lie within one piece. A window takes `windowLength` notes as input, `first` to `first +
 * windowLength − 1`, and the note after them, `first + windowLength`, as label; it never crosses into the
 * next piece. A piece of n notes has max(0, ⌊(n − windowLength − 1) / stride⌋ + 1) of them.
 *
 * @param lengths notes in each piece
 * @param windowLength notes a window takes as input, at least 1
 * @param stride notes from one window's first note to the next one's, at least 1
 * @throws RangeError when windowLength or stride is not a whole number of at least 1
 */
export function windowsOf(lengths: ArrayLike<number>, windowLength: number, stride = 1): WindowIndex {
  requirePositiveInteger('windowLength', windowLength);
  requirePositiveInteger('stride', stride);
  const windowsIn = (noteCount: number) =>
    noteCount > windowLength ? Math.floor((noteCount - windowLength - 1) / stride) + 1 : 0;

  let count = 0;
  for (let p = 0; p < lengths.length; p++) count += windowsIn(lengths[p]);
  const piece = new Uint32Array(count);
  const first = new Uint32Array(count);
  let w = 0;
  for (let p = 0; p < lengths.length; p++) {
    const windows = windowsIn(lengths[p]);
    for (let i = 0; i < windows; i++, w++) {
      piece[w] = p;
      first[w] = i * stride;
    }
  }
  return { count, piece, first };
}

function requirePositiveInteger(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`${name} must be a whole number of at least 1, not ${value}`);
  }
}
