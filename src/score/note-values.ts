/** Lengths as note values: what is longer than one, or lies over a bar line or across beats, is tied. */

/** Ticks of a beat, a quarter note: thirty-seconds and triplets of sixteenths have lines. */
export const TICKS = 24;

export type ValueName = 'whole' | 'half' | 'quarter' | 'eighth' | '16th' | '32nd';

/** A value that can be written: its length with dots, and whether it is one of three in the time of two. */
export interface NoteValueName {
  readonly name: ValueName;
  readonly dots: number;
  readonly isTriplet: boolean;
}

const value = (name: ValueName, dots = 0, isTriplet = false): NoteValueName => ({ name, dots, isTriplet });

/** By ticks. */
const VALUES = new Map<number, NoteValueName>([
  [96, value('whole')],
  [72, value('half', 1)],
  [48, value('half')],
  [36, value('quarter', 1)],
  [24, value('quarter')],
  [18, value('eighth', 1)],
  [12, value('eighth')],
  [9, value('16th', 1)],
  [6, value('16th')],
  [3, value('32nd')],
  [16, value('quarter', 0, true)],
  [8, value('eighth', 0, true)],
  [4, value('16th', 0, true)],
]);

/** @throws RangeError where no value is so long */
export function noteValueOf(ticks: number): NoteValueName {
  const found = VALUES.get(ticks);
  if (found === undefined) throw new RangeError(`no note value lasts ${ticks} ticks`);
  return found;
}

const WHOLE_BEATS = [96, 72, 48, 24];
const IN_THIRDS = [16, 8, 4];
const IN_HALVES = [18, 12, 9, 6, 3];

/**
 * A stretch within a bar as values that follow one another. `start` is counted from the bar line; `group` is
 * how many ticks belong together, a beat or, in compound time, three eighths.
 */
export function valuesOf(start: number, length: number, group = TICKS): number[] {
  const values: number[] = [];
  for (let [at, left] = [start, length]; left > 0; ) {
    const next = valueAt(at, left, group);
    values.push(next);
    at += next;
    left -= next;
  }
  return values;
}

function valueAt(at: number, left: number, group: number): number {
  const into = at % group;
  if (into === 0 && left >= group) {
    if (group !== TICKS) return left >= 2 * group && VALUES.has(2 * group) ? 2 * group : group;
    return WHOLE_BEATS.find((ticks) => ticks <= left) as number;
  }
  // What begins within a beat goes to its end at most; across it is tied.
  const room = Math.min(left, group - into);
  if (VALUES.has(room)) return room;
  const lines = into % 3 === 0 && room % 3 === 0 ? IN_HALVES : IN_THIRDS;
  const fits = lines.find((ticks) => ticks <= room && (into + ticks) % Math.min(ticks, 12) === 0);
  return fits ?? (lines.find((ticks) => ticks <= room) as number);
}
