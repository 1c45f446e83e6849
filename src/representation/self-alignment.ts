/**
 * How well the end of a sequence agrees with each earlier place in it: the local alignment of Smith & Waterman (1981) of the
 * sequence with itself, one row of the table for every value that is added. A value that differs, or that only one of the
 * two places has, costs a little and does not end an agreement.
 *
 * Most cells of a row are 0. Only the others are kept and computed, so a row costs about as much as there are places with the
 * same value.
 */

/** Scores in halves of a value that agrees. */
const AGREES = 2;
/** Of a value that differs, and of one that only one of the two places has. */
const DIFFERS = -6;
const EXTRA = -3;
const MOST_SCORE = 64;

/** Places further back than this are forgotten. */
const REMEMBERED = 8192;

/** The cells of a row that are not 0, from the earliest place on. */
export interface Row {
  length: number;
  /** The place in the sequence. */
  readonly places: number[];
  /** The score of the best alignment that ends there and at the last value. */
  readonly scores: number[];
}

const emptyRow = (): Row => ({ length: 0, places: [], scores: [] });

export class SelfAlignment {
  private length = 0;
  /** Where each value has stood, the earliest first. */
  private readonly placesOf = new Map<number, number[]>();
  private row = emptyRow();
  private spare = emptyRow();

  reset(): void {
    this.length = 0;
    this.placesOf.clear();
    this.row.length = 0;
  }

  /** Adds a value, which agrees with its equals, or with none if it is NaN; gives the new row, valid until the next one. */
  push(value: number): Row {
    const { row: above, spare: row } = this;
    const end = this.length;
    const oldest = end - REMEMBERED;
    const equals = this.equalsOf(value, oldest);
    row.length = 0;
    // Along the places where a score can come from: an equal value, the row above, or the cell to the left.
    let [equal, straight, diagonal] = [0, 0, 0];
    let left = 0;
    let leftPlace = -1;
    for (;;) {
      const place = Math.min(
        equal < equals.length ? equals[equal] : end,
        straight < above.length ? above.places[straight] : end,
        diagonal < above.length ? above.places[diagonal] + 1 : end,
        left + EXTRA > 0 ? leftPlace + 1 : end,
      );
      if (place >= end) break;
      const agrees = equal < equals.length && equals[equal] === place;
      let score = agrees ? AGREES : DIFFERS;
      if (diagonal < above.length && above.places[diagonal] + 1 === place) score += above.scores[diagonal++];
      if (straight < above.length && above.places[straight] === place) {
        score = Math.max(score, above.scores[straight++] + EXTRA);
      }
      if (leftPlace + 1 === place) score = Math.max(score, left + EXTRA);
      if (agrees) equal++;
      left = place < oldest ? 0 : Math.min(MOST_SCORE, score);
      leftPlace = place;
      if (left <= 0) continue;
      row.places[row.length] = place;
      row.scores[row.length++] = left;
    }
    this.row = row;
    this.spare = above;
    this.length++;
    return row;
  }

  /** The earlier places of a value, to which this one is added for those to come. */
  private equalsOf(value: number, oldest: number): readonly number[] {
    if (Number.isNaN(value)) return [];
    const places = this.placesOf.get(value) ?? [];
    if (places.length === 0) this.placesOf.set(value, places);
    while (places[0] < oldest) places.shift();
    places.push(this.length);
    return places;
  }
}
