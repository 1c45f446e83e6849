/** What is read of sessions comes from strangers: whether it is what this studio writes. */
import { type Beats, type ChordSpan, chordsNamed } from '../../../src/index.js';
import type { Recipe } from './session.js';

/** More notes than this are a mistake or an attack. */
export const MOST_NOTES = 1_000_000;
/** And more chords than this. */
const MOST_CHORDS = 100_000;
/** Characters of the chords of a long piece. */
const LONGEST_LINE = 100_000;
/** Beats in a bar. */
const MOST_BEATS_A_BAR = 32;
const LONGEST_SECONDS = 19 * 3600;

/** Something in a file is not as this studio writes it. */
export class Damaged extends Error {}

/** @throws Damaged which says what it is */
export function check(isFine: boolean, what: string): asserts isFine {
  if (!isFine) throw new Damaged(`${what} is damaged`);
}

export const isNumber = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && value >= least && value <= most;
export const isTime = (value: unknown): value is number => isNumber(value, 0, LONGEST_SECONDS);
export const isPitch = (value: unknown): value is number =>
  isNumber(value, 0, 127) && Number.isInteger(value);
/** Places of notes. */
export const isListOfPlaces = (value: unknown): value is number[] =>
  Array.isArray(value) &&
  value.length <= MOST_NOTES &&
  value.every((place) => isNumber(place, 0, MOST_NOTES) && Number.isInteger(place));
export const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 1000;

/**
 * Beats from rows of time and place.
 *
 * @throws Damaged when they are none
 */
export function beatsIn(rows: unknown): Beats {
  check(Array.isArray(rows) && rows.length >= 2 && rows.length <= MOST_NOTES, 'the bars');
  for (const [i, row] of rows.entries()) {
    const [time, place] = Array.isArray(row) ? row : [];
    const [before, placeBefore] = i > 0 ? rows[i - 1] : [Number.NEGATIVE_INFINITY, place - 1];
    const isOnTime = isNumber(time, -LONGEST_SECONDS, LONGEST_SECONDS) && time > before;
    const isNext = place === 0 || place === placeBefore + 1;
    check(
      isOnTime && isNumber(place, 0, MOST_BEATS_A_BAR - 1) && Number.isInteger(place) && isNext,
      'the bars',
    );
  }
  return {
    time: Float64Array.from(rows, ([time]) => time),
    place: Uint8Array.from(rows, ([, place]) => place),
  };
}

export function isRecipe(recipe: unknown): recipe is Recipe {
  if (typeof recipe !== 'object' || recipe === null) return false;
  const { model, options, variation, seconds, chords, isPlayed } = recipe as Partial<Recipe>;
  if (isPlayed === true) return true;
  const { seed, variations = 1 } = options ?? {};
  return (
    isText(model?.id) &&
    isText(model.name) &&
    typeof options === 'object' &&
    options !== null &&
    isNumber(variations, 1, 64) &&
    Number.isInteger(variations) &&
    Number.isSafeInteger(seed) &&
    (seed as number) >= 0 &&
    isNumber(variation, 0, variations - 1) &&
    (chords === undefined || isLineOfChords(chords)) &&
    areChords(options.chords) &&
    isTime(seconds)
  );
}

/** A line that names chords, such as is typed. */
function isLineOfChords(line: unknown): boolean {
  if (typeof line !== 'string' || line.length > LONGEST_LINE) return false;
  try {
    return chordsNamed(line).length > 0;
  } catch {
    return false;
  }
}

function areChords(spans: unknown): boolean {
  if (spans === undefined) return true;
  const isClass = (value: unknown) => isNumber(value, 0, 11) && Number.isInteger(value);
  return (
    Array.isArray(spans) &&
    spans.length <= MOST_CHORDS &&
    spans.every((span: Partial<ChordSpan> | null) => {
      const { from, to, pitchClasses } = span ?? {};
      return (
        Number.isFinite(from) && isTime(to) && Array.isArray(pitchClasses) && pitchClasses.every(isClass)
      );
    })
  );
}
