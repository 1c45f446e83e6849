/**
 * How well the end of a sequence agrees with each earlier place in it: the local alignment of Smith &
 * Waterman (1981) of the sequence with itself, one row of the table for every value that is added. A value
 * that differs, or that only one of the two places has, costs a little and does not end an agreement.
 *
 * Most cells of a row are 0. Only the others are kept and computed, so a row costs about as much as there are
 * places with the same value. Where music repeats one pattern again and again, most cells are not: then all
 * of them are computed, each in a fraction of the time.
 */

/** Scores in halves of a value that agrees. */
export const AGREES = 2;
/** Of a value that differs, and of one that only one of the two places has. */
export const DIFFERS = -6;
export const EXTRA = -3;
export const MOST_SCORE = 64;

/** Places further back than this are forgotten. */
export const REMEMBERED = 8192;

/** A row is computed whole if more than one in so many cells of the row above are not 0. */
const DENSE = 5;
/** And it has more than so many. */
const LEAST_DENSE = 256;

/** The cells of a row that are not 0, from the earliest place on. */
export interface Row {
  length: number;
  /** The place in the sequence. */
  readonly places: Int32Array;
  /** The score of the best alignment that ends there and at the last value. */
  readonly scores: Int32Array;
}

const emptyRow = (): Row => ({
  length: 0,
  places: new Int32Array(REMEMBERED),
  scores: new Int32Array(REMEMBERED),
});

/** Beyond any place. */
const NOWHERE = 0x3fffffff;
/** A value that has no equals. */
const UNEQUAL = -0x40000000;

export class SelfAlignment {
  private length = 0;
  /** The last values, in a ring. */
  private readonly values = new Int32Array(REMEMBERED);
  /** Where each value has stood, the earliest first; of those before `begin` nothing is remembered. */
  private readonly placesOf = new Map<number, { begin: number; readonly list: number[] }>();
  private row = emptyRow();
  private spare = emptyRow();
  /** All of the row above, from the place before the oldest on. */
  private readonly whole = new Int32Array(REMEMBERED + 2);

  reset(): void {
    this.length = 0;
    this.placesOf.clear();
    this.row.length = 0;
  }

  /**
   * Adds a value, a whole number, which agrees with its equals, or with none if it is NaN; gives the new row,
   * valid until the next one.
   */
  push(value: number): Row {
    const { row: above, spare: row } = this;
    const whole = Number.isNaN(value) ? UNEQUAL : value;
    const isDense = above.length > LEAST_DENSE && DENSE * above.length > Math.min(this.length, REMEMBERED);
    row.length = isDense ? this.fillWhole(whole, above, row) : this.fillSparse(whole, above, row);
    this.remember(whole);
    this.row = row;
    this.spare = above;
    this.length++;
    return row;
  }

  /** Adds a value without comparing: what comes after it finds it, but no agreement reaches across it. */
  pass(value: number): void {
    this.remember(Number.isNaN(value) ? UNEQUAL : value);
    this.row.length = 0;
    this.length++;
  }

  /**
   * Goes along the places where a score can come from: an equal value, the row above, or the cell to the
   * left.
   */
  private fillSparse(value: number, above: Row, { places, scores }: Row): number {
    const end = this.length;
    const oldest = end - REMEMBERED;
    const { places: abovePlaces, scores: aboveScores, length: cells } = above;
    const known = this.placesOf.get(value);
    const equals = known === undefined ? NO_PLACES : known.list;
    let [equal, straight, diagonal, length] = [0, 0, 0, 0];
    if (known !== undefined) {
      while (equals[known.begin] < oldest) known.begin++;
      equal = known.begin;
    }
    let nextEqual = equal < equals.length ? equals[equal] : NOWHERE;
    let nextStraight = cells > 0 ? abovePlaces[0] : NOWHERE;
    let nextDiagonal = cells > 0 ? nextStraight + 1 : NOWHERE;
    let left = 0;
    let leftPlace = -1;
    for (;;) {
      let place = nextEqual < nextStraight ? nextEqual : nextStraight;
      if (nextDiagonal < place) place = nextDiagonal;
      if (left + EXTRA > 0 && leftPlace + 1 < place) place = leftPlace + 1;
      if (place >= end) return length;
      let score = DIFFERS;
      if (nextEqual === place) {
        score = AGREES;
        nextEqual = ++equal < equals.length ? equals[equal] : NOWHERE;
      }
      if (nextDiagonal === place) {
        score += aboveScores[diagonal++];
        nextDiagonal = diagonal < cells ? abovePlaces[diagonal] + 1 : NOWHERE;
      }
      if (nextStraight === place) {
        score = Math.max(score, aboveScores[straight++] + EXTRA);
        nextStraight = straight < cells ? abovePlaces[straight] : NOWHERE;
      }
      if (leftPlace + 1 === place) score = Math.max(score, left + EXTRA);
      left = place < oldest ? 0 : Math.min(MOST_SCORE, score);
      leftPlace = place;
      if (left <= 0) continue;
      places[length] = place;
      scores[length++] = left;
    }
  }

  /** Goes along all places. */
  private fillWhole(value: number, above: Row, { places, scores }: Row): number {
    const { whole, values } = this;
    const { places: abovePlaces, scores: aboveScores, length: cells } = above;
    const end = this.length;
    const oldest = Math.max(0, end - REMEMBERED);
    const first = oldest - 1;
    const isEqual = value === UNEQUAL ? DIFFERS : AGREES;
    whole.fill(0, 0, end - first);
    for (let cell = 0; cell < cells; cell++) {
      if (abovePlaces[cell] >= first) whole[abovePlaces[cell] - first] = aboveScores[cell];
    }
    let length = 0;
    let left = 0;
    let diagonal = whole[0];
    for (let place = oldest; place < end; place++) {
      const straight = whole[place - first];
      let score = diagonal + (values[place & (REMEMBERED - 1)] === value ? isEqual : DIFFERS);
      const extra = (straight > left ? straight : left) + EXTRA;
      if (extra > score) score = extra;
      if (score > MOST_SCORE) score = MOST_SCORE;
      left = score > 0 ? score : 0;
      diagonal = straight;
      places[length] = place;
      scores[length] = left;
      if (left > 0) length++;
    }
    return length;
  }

  /** Keeps a value and its place for values to come. */
  private remember(value: number): void {
    this.values[this.length & (REMEMBERED - 1)] = value;
    if (value === UNEQUAL) return;
    const known = this.placesOf.get(value);
    if (known === undefined) {
      this.placesOf.set(value, { begin: 0, list: [this.length] });
      return;
    }
    known.list.push(this.length);
    if (known.list.length < 2 * REMEMBERED) return;
    const oldest = this.length - REMEMBERED;
    while (known.list[known.begin] < oldest) known.begin++;
    known.list.splice(0, known.begin);
    known.begin = 0;
  }
}

const NO_PLACES: number[] = [];
