/**
 * Medleys: excerpts of pieces in all styles, one after the other, and an end. In a whole piece it is no news
 * in whose style it is, because the music before says so by itself. Here it is, and it counts whatever was
 * played before: as where somebody asks for a style after a primer in another one.
 */
import { sliceNotes } from '../../notes/note-table.js';
import type { Random } from '../../random.js';
import { type EventRepresentation, type EventTable, NONE, roundingOf } from '../../representation/events.js';
import type { Augmentation } from '../../training/options.js';
import { type LearnedPiece, TELLING } from './learned-piece.js';

/** Excerpts before the end, notes of each, and notes of the end. */
const EXCERPTS = 7;
const [FEWEST, MOST] = [60, 140];
const END = 200;
/** Ticks of 10 ms from one to the next. */
const [SHORTEST_REST, LONGEST_REST] = [20, 100];

/** Pieces by style, each with as many chances as any other; those in none are one of them. */
export function piecesByStyle(pieces: readonly LearnedPiece[]): (readonly LearnedPiece[])[] {
  const groups = new Map<number, LearnedPiece[]>();
  for (const piece of pieces) {
    if (piece.length === 0) continue;
    const { style = NONE } = piece;
    groups.set(style, [...(groups.get(style) ?? []), piece]);
  }
  return [...groups.values()];
}

/** The events of a medley. */
export function medleyOf(
  groups: readonly (readonly LearnedPiece[])[],
  representation: EventRepresentation,
  { transpose, stretch }: Augmentation,
  random: Random,
): EventTable {
  const parts: EventTable[] = [];
  for (let n = 0; n <= EXCERPTS; n++) {
    const isEnd = n === EXCERPTS;
    const group = groups[random.below(groups.length)];
    const piece = group[random.below(group.length)];
    const count = isEnd ? END : FEWEST + random.below(MOST - FEWEST + 1);
    const latest = Math.max(0, piece.length - count);
    const from = isEnd ? latest : random.below(latest + 1);
    const grid = roundingOf(representation).gridOf(
      sliceNotes(piece, from, Math.min(piece.length, from + count)),
      {
        transpose: random.below(2 * transpose + 1) - transpose,
        stretch: 1 + stretch * (2 * random.next() - 1),
      },
    );
    const style = random.next() < TELLING ? piece.style : NONE;
    const part = representation.encode(grid, { style, tellsEnd: isEnd && random.next() < TELLING });
    // Its first event comes after a rest; the keys of what was before are up.
    if (n > 0) part.columns[0][0] = SHORTEST_REST + random.below(LONGEST_REST - SHORTEST_REST + 1);
    parts.push(part);
  }
  return joinedEvents(parts);
}

function joinedEvents(parts: readonly EventTable[]): EventTable {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const columns = parts[0].columns.map((_, k) => {
    const all = new Int32Array(length);
    let at = 0;
    for (const part of parts) {
      all.set(part.columns[k], at);
      at += part.length;
    }
    return all;
  });
  return { length, columns };
}
