/**
 * What bars have in common with those before them. Songs are built of bars that come again after one, two,
 * four or eight others: there they are more alike than bars are by chance.
 */
import { type Beats, barAround, barsOf, beatAt } from '../../notes/beats.js';
import { type GridNotes, LOWEST_PITCH, TICKS_PER_SECOND } from '../../notes/grid.js';

/** Places that are told apart in a bar, whatever its length. */
const PLACES = 16;
/** Bars back that are compared, at most; those at which form is looked for. */
export const MOST_LAG = 16;
const FORM_LAGS = [1, 2, 4, 8];
/** Fewer bars have no form. */
const FEWEST = 12;

/** Notes at known beats: `origin` is when the first of them is, in the seconds of the beats. */
export interface CountedPiece {
  readonly notes: GridNotes;
  readonly beats: Beats;
  readonly origin: number;
}

/** How alike bars are that lie 1, 2, … MOST_LAG apart (cosine, 0 … 1), and any two of them. */
export interface BarLikeness {
  readonly byLag: Float64Array;
  readonly byChance: number;
}

/** Undefined where there are too few bars. */
export function barLikeness(piece: CountedPiece): BarLikeness | undefined {
  const bars = barVectors(piece);
  if (bars.length < FEWEST) return undefined;
  const likeness = (a: Float64Array, b: Float64Array) => {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
    return sum;
  };
  let [all, pairs] = [0, 0];
  const byLag = new Float64Array(MOST_LAG);
  const counts = new Float64Array(MOST_LAG);
  for (let i = 0; i < bars.length; i++) {
    for (let j = 0; j < i; j++) {
      const alike = likeness(bars[i], bars[j]);
      all += alike;
      pairs++;
      if (i - j > MOST_LAG) continue;
      byLag[i - j - 1] += alike;
      counts[i - j - 1]++;
    }
  }
  return { byLag: byLag.map((sum, lag) => sum / Math.max(1, counts[lag])), byChance: all / pairs };
}

/** By how much bars 1, 2, 4 and 8 apart are more alike than any two. */
export function formOf({ byLag, byChance }: BarLikeness): number {
  return FORM_LAGS.reduce((sum, lag) => sum + byLag[lag - 1], 0) / FORM_LAGS.length - byChance;
}

/** For every bar, of length 1: at which places which pitch classes are struck. */
function barVectors({ notes, beats, origin }: CountedPiece): Float64Array[] {
  const bars = barsOf(beats);
  const vectors = new Map<number, Float64Array>();
  for (let n = 0; n < notes.length; n++) {
    const at = beatAt(beats, origin + notes.onset[n] / TICKS_PER_SECOND) + 1 / 48;
    const { from, beats: length } = barAround(bars, at);
    const vector = vectors.get(from) ?? new Float64Array(PLACES * 12);
    vectors.set(from, vector);
    const place = Math.min(PLACES - 1, Math.floor(((at - from) / length) * PLACES));
    vector[place * 12 + ((notes.key[n] + LOWEST_PITCH) % 12)] += 1;
  }
  const inOrder = [...vectors].sort(([a], [b]) => a - b);
  return inOrder.map(([, vector]) => {
    const size = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
    return vector.map((x) => x / size);
  });
}

/** Part of the onsets on a sixteenth or a triplet of the beats, within 1/48 beat. */
export function onBeatShare({ notes, beats, origin }: CountedPiece): number {
  let on = 0;
  for (let n = 0; n < notes.length; n++) {
    const beat = beatAt(beats, origin + notes.onset[n] / TICKS_PER_SECOND);
    on += Number([4, 3].some((parts) => Math.abs(beat * parts - Math.round(beat * parts)) < parts / 40));
  }
  return on / notes.length;
}
