/**
 * How much of a piece stands in a corpus already: runs of symbols that some piece of the corpus has in the
 * same order. The symbols are (interval, step bin) pairs, which no transposition hides, or intervals alone,
 * which other tempi and times rounded anew do not hide either. Chance alone makes short runs, so the
 * yardstick is what real pieces that the model never saw have in common with the corpus.
 */
import { GramTable, joinSequences, NONE, type Sequences } from './gram-table.js';

/** Runs of so many symbols and more: three degrees of copying. */
export const COPIED_RUNS = [8, 16, 32] as const;

/** What a piece has in common with a corpus. */
export interface Memorization {
  /** Symbols in the longest run that the corpus has too; one note more is copied. */
  readonly longest: number;
  /** Where it is; undefined where not even one symbol is shared. */
  readonly longestAt?: CopiedRun;
  /**
   * Share of the piece's notes that lie in copied runs of at least as many symbols as COPIED_RUNS say, in
   * that order.
   */
  readonly shares: readonly number[];
}

export interface CopiedRun {
  /** Index of the run's first note in the piece. */
  readonly note: number;
  /** Index of the corpus's piece that has it, and of the first note there. */
  readonly sourcePiece: number;
  readonly sourceNote: number;
}

/** A piece while its longest run is looked for. */
interface Search {
  readonly index: number;
  readonly symbols: Uint16Array;
  /** Symbols of the longest run found, and where. */
  found: number;
  at?: CopiedRun;
  /** A number of symbols that no copied run reaches. */
  unreached: number;
  readonly shares: number[];
}

/**
 * Finds what each piece has copied from a corpus, exactly, in a time that grows with the sizes of both and
 * not with how much there is to find: whether a piece has a run of n symbols in common is looked up for all
 * at once, for some n.
 *
 * @param pieces the symbols of each piece, one fewer than its notes; see `pairsOf` and `intervalsOf`
 * @param corpus those of each piece that may have been copied from
 */
export function memorizationOf(
  pieces: readonly Uint16Array[],
  corpus: readonly Uint16Array[],
): Memorization[] {
  const source = joinSequences(corpus);
  const searches = pieces.map((symbols, index): Search => {
    return { index, symbols, found: 0, unreached: symbols.length + 1, shares: [] };
  });
  for (const n of COPIED_RUNS) {
    for (const { search, copied } of lookUp(searches, n, source)) search.shares.push(shareOf(copied, n));
  }
  // Lengths double while there are runs of them, then the gap is halved: most pieces agree on the lengths to
  // look up.
  for (let n = 1; searches.some(isOpen); n = nextLength(searches)) {
    lookUp(
      searches.filter((search) => search.found < n && n < search.unreached),
      n,
      source,
    );
  }
  return searches.map(({ found, at, shares }) => ({ longest: found, longestAt: at, shares }));
}

function isOpen({ found, unreached }: Search): boolean {
  return unreached - found > 1;
}

/** A length that at least one open search needs to know of, the shortest first. */
function nextLength(searches: readonly Search[]): number {
  const lengths = searches.filter(isOpen).map(({ found, symbols, unreached }) => {
    const isUnlimited = unreached > symbols.length;
    return isUnlimited ? Math.min(Math.max(1, 2 * found), symbols.length) : (found + unreached) >> 1;
  });
  return Math.min(...lengths);
}

/**
 * Looks up which runs of n symbols the corpus has, and notes in each search what that says of its longest.
 */
function lookUp(
  searches: readonly Search[],
  n: number,
  source: Sequences,
): { search: Search; copied: Uint8Array }[] {
  const own = joinSequences(searches.map(({ symbols }) => symbols));
  const table = new GramTable(own, n);
  const sourceOf = table.findIn(source);
  return searches.map((search, s) => {
    const copied = new Uint8Array(search.symbols.length);
    let first = NONE;
    for (let i = 0; i < copied.length; i++) {
      const id = table.idAt[own.bounds[s] + i];
      if (id === NONE || sourceOf[id] === NONE) continue;
      copied[i] = 1;
      if (first === NONE) first = i;
    }
    if (first === NONE) search.unreached = Math.min(search.unreached, n);
    else if (n > search.found) {
      search.found = n;
      search.at = { note: first, ...placeIn(source, sourceOf[table.idAt[own.bounds[s] + first]]) };
    }
    return { search, copied };
  });
}

function placeIn({ bounds }: Sequences, symbol: number): { sourcePiece: number; sourceNote: number } {
  // The last piece that begins at or before it: those without a symbol begin where the next does.
  const sourcePiece = bounds.findLastIndex((bound) => bound <= symbol);
  return { sourcePiece, sourceNote: symbol - bounds[sourcePiece] };
}

/**
 * The share of notes in runs of n symbols, given where such runs begin: one from symbol i covers notes i … i
 * + n.
 */
function shareOf(begins: Uint8Array, n: number): number {
  let covered = 0;
  let end = 0; // the first note that no run so far covers
  for (let i = 0; i < begins.length; i++) {
    if (!begins[i]) continue;
    covered += i + n + 1 - Math.max(i, end);
    end = i + n + 1;
  }
  return covered / (begins.length + 1);
}
