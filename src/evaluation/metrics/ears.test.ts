/**
 * Whether the metrics of pulse, loops, running away, form and endings hear what they are for: known music,
 * and the same spoilt.
 */
import { describe, expect, it } from 'vitest';
import { song } from '../../../test/helpers/songs.js';
import { evenBeats } from '../../notes/beats.js';
import { createGridNotes, type GridNotes, gridOf, inGridOrder, TICKS_PER_SECOND } from '../../notes/grid.js';
import { Random } from '../../random.js';
import { ENDING_FEATURES, endingFeatures, endingLikeness } from './ending.js';
import { barLikeness, formOf, onBeatShare } from './form.js';
import { minutesOf, strayOf } from './minutes.js';
import { pulseOf } from './pulse.js';
import { repeatedShare } from './repetition.js';

const BEATS_A_MINUTE = 100;
const { notes } = song({ bars: 80, beatsPerBar: 4, beatsPerMinute: BEATS_A_MINUTE });
const SONG = gridOf(notes);
const BEATS = evenBeats(0, BEATS_A_MINUTE, 4);

/** The same notes, each moved by what `move` says of its onset. */
function moved(grid: GridNotes, move: (onset: number) => number): GridNotes {
  const rows = Array.from({ length: grid.length }, (_, n) => {
    const onset = Math.max(0, Math.round(move(grid.onset[n])));
    return [grid.key[n], grid.velocity[n], onset, onset + grid.offset[n] - grid.onset[n]];
  });
  rows.sort((a, b) => a[2] - b[2]);
  const result = createGridNotes(rows.length);
  for (const [n, row] of rows.entries()) {
    result.key[n] = row[0];
    result.velocity[n] = row[1];
    result.onset[n] = row[2] - rows[0][2];
    result.offset[n] = row[3] - rows[0][2];
  }
  return inGridOrder(result);
}

/** Onsets anywhere within so many seconds of where they were. */
function shuffled(grid: GridNotes, seconds: number): GridNotes {
  const random = new Random(2);
  return moved(grid, (onset) => onset + seconds * TICKS_PER_SECOND * (2 * random.next() - 1));
}

const counted = (grid: GridNotes) => ({ notes: grid, beats: BEATS, origin: 0 });

describe('the pulse', () => {
  it('is clear and stable where beats are kept, less so the more onsets are off', () => {
    const pulses = [0, 0.03, 0.08, 0.5].map((off) => pulseOf(shuffled(SONG, off)));
    const clarity = pulses.map((pulse) => pulse?.clarity ?? 0);
    expect([...clarity].sort((a, b) => b - a)).toEqual(clarity);
    expect(clarity[3]).toBeLessThan(clarity[0] / 2);
    expect(pulses[0]?.stability).toBeGreaterThan((pulses[3]?.stability ?? 1) + 0.1);
  });

  it('is not told of less than ten seconds', () => {
    expect(pulseOf(gridOf(song({ bars: 3, beatsPerBar: 4, beatsPerMinute: 140 }).notes))).toBeUndefined();
  });

  it('agrees with the beats that are known as far as onsets lie on them', () => {
    const shares = [0, 0.03, 0.3].map((off) => onBeatShare(counted(shuffled(SONG, off))));
    expect(shares[0]).toBe(1);
    expect(shares[1]).toBeLessThan(0.9);
    expect(shares[2]).toBeLessThan(0.4);
  });
});

describe('loops', () => {
  it('repeat nearly everything, random keys nothing', () => {
    const random = new Random(5);
    const anything = Array.from({ length: 600 }, () => random.below(88));
    const loop = anything.map((_, n) => anything[n % 20]);
    const partly = anything.map((key, n) => (n % 200 < 60 ? anything[n % 20] : key));
    const shares = [anything, partly, loop].map((keys) => repeatedShare(keys) ?? Number.NaN);
    expect(shares[0]).toBe(0);
    expect(shares[1]).toBeGreaterThan(0.1);
    expect(shares[1]).toBeLessThan(0.5);
    expect(shares[2]).toBeGreaterThan(0.95);
    expect(repeatedShare([1, 2, 3])).toBeUndefined();
  });

  it('are not what lies further back than 400 notes', () => {
    const far = Array.from({ length: 900 }, (_, n) => (n % 450) * 3);
    expect(repeatedShare(far)).toBe(0);
  });
});

describe('minute by minute', () => {
  it('tells rate, lengths and polyphony', () => {
    const [first, second, third] = minutesOf(SONG);
    expect(third.notesPerSecond).toBeCloseTo(first.notesPerSecond, 0);
    expect(second.duration).toBeCloseTo(first.duration, 1);
    const real = SONG.offset.reduce((sum, offset, n) => sum + offset - SONG.onset[n], 0);
    expect(first.polyphony).toBeCloseTo(real / SONG.onset[SONG.length - 1], 0);
  });

  it('strays more the more a piece runs away', () => {
    const end = SONG.onset[SONG.length - 1];
    const faster = (factor: number) => moved(SONG, (onset) => onset * (1 - (factor * onset) / end));
    const strays = [0, 0.15, 0.3, 0.45].map((factor) => strayOf(minutesOf(faster(factor))));
    expect(strays[0]).toBeLessThan(0.05);
    expect([...strays].sort((a, b) => a - b)).toEqual(strays);
    expect(strays[3]).toBeGreaterThan(0.1);
  });
});

describe('form', () => {
  it('is that bars are alike at the lags of a song, and not by chance', () => {
    const likeness = barLikeness(counted(SONG));
    const mixed = barLikeness(counted(shuffled(SONG, 40)));
    expect(likeness && formOf(likeness)).toBeGreaterThan(0.1);
    expect(mixed && Math.abs(formOf(mixed))).toBeLessThan(0.1);
    // The chords come again every four bars.
    expect(likeness?.byLag[3]).toBeGreaterThan((likeness?.byLag[2] ?? 1) + 0.2);
  });

  it('is not told of a few bars', () => {
    const few = gridOf(song({ bars: 8, beatsPerBar: 4, beatsPerMinute: BEATS_A_MINUTE }).notes);
    expect(barLikeness(counted(few))).toBeUndefined();
  });
});

describe('an ending', () => {
  /** The song with a last chord on its tonic that is held, after a rest of two beats. */
  function ended(): GridNotes {
    const last = SONG.onset[SONG.length - 1] + 120;
    const chord = [48, 55, 60, 64, 72].map((pitch) => [pitch - 21, 12, last, last + 400]);
    const rows = [
      ...Array.from({ length: SONG.length }, (_, n) => [
        SONG.key[n],
        SONG.velocity[n],
        SONG.onset[n],
        Math.min(SONG.offset[n], last),
      ]),
      ...chord,
    ];
    const grid = createGridNotes(rows.length);
    for (const [n, row] of rows.entries())
      [grid.key[n], grid.velocity[n], grid.onset[n], grid.offset[n]] = row;
    return inGridOrder(grid);
  }

  it('is told from a place where the same piece is cut off', () => {
    const whole = ended();
    const cuts = [0.3, 0.41, 0.52, 0.63, 0.74, 0.85].map((part) => {
      const length = Math.floor(part * SONG.length);
      const [key, velocity, onset, offset] = [whole.key, whole.velocity, whole.onset, whole.offset].map(
        (column) => column.subarray(0, length),
      );
      return endingLikeness({ length, key, velocity, onset, offset } as GridNotes);
    });
    expect(endingLikeness(whole)).toBeGreaterThan(Math.max(0.9, ...cuts));
    const mean = cuts.reduce((sum, likeness) => sum + likeness, 0) / cuts.length;
    expect(mean).toBeLessThan(0.5);
  });

  it('is weighed by features of a fixed number, whatever is there', () => {
    for (const length of [1, 2, 3]) {
      const one = { ...SONG, length };
      expect(endingFeatures(one).length).toBe(ENDING_FEATURES.length);
      expect(endingFeatures(one).every(Number.isFinite)).toBe(true);
    }
  });
});
