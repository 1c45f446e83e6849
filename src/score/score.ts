/**
 * A piece as it is read: notes on two staves, in bars, on the lines that note values have. For reading only:
 * what is played stays as it is.
 */
import { BarGrid } from '../notes/bar-grid.js';
import { type Beats, beatAt } from '../notes/beats.js';
import { handsOf, LEFT } from '../notes/hands.js';
import type { NoteTable } from '../notes/note-table.js';
import type { Metre } from '../notes/time-grid.js';
import { TICKS } from './note-values.js';
import { readableTimes } from './readable-times.js';
import type { Score, ScoreBar } from './score-types.js';
import { keyOfNotes } from './spelling.js';
import { inVoices } from './voices.js';

export interface ScoreOptions {
  /** Sharps of the key signature, −7 to 7; flats where negative. Found in the notes by default. */
  readonly fifths?: number;
  /** How bars are written that are as long as this: 6/8 for three quarter notes. As quarters by default. */
  readonly metre?: Metre;
}

/**
 * @param notes as they sound; the hands are told apart by `handsOf`
 *
 * @example
 * import { builtInOpening, evenBeats, musicXmlOf, scoreOf } from 'cadenza';
 *
 * const score = scoreOf(builtInOpening(), evenBeats(0, 72, 4));
 * console.log(score.bars.length, musicXmlOf(score, { title: 'Prelude' }).length);
 */
export function scoreOf(notes: NoteTable, beats: Beats, options: ScoreOptions = {}): Score {
  const grid = new BarGrid(beats);
  const { metre } = options;
  // A first note that is a little early belongs to the bar that it begins.
  const firstBar = notes.length === 0 ? 1 : grid.placeAt(grid.nearest(notes.start[0], 8)).bar;
  const origin = beatAt(beats, grid.secondsOf(firstBar));
  const tickOf = (seconds: number) => (beatAt(beats, seconds) - origin) * TICKS;
  const hands = handsOf(notes);
  const times = readableTimes(
    Array.from(notes.start, (start, n) => ({
      pitch: notes.pitch[n],
      staff: hands[n] === LEFT ? 2 : 1,
      start: tickOf(start),
      end: tickOf(notes.end[n]),
    })),
  );
  const written = inVoices(times);
  const last = written.reduce((latest, { start, length }) => Math.max(latest, start + length), 1);
  const bars: ScoreBar[] = [];
  for (let [bar, start] = [firstBar, 0]; start < last; bar++) {
    const count = grid.beatsIn(bar);
    const tempo = (60 * count) / (grid.secondsOf(bar + 1) - grid.secondsOf(bar));
    const isSaid = metre !== undefined && (4 * metre.numerator) / metre.denominator === count;
    const own = isSaid ? metre : { numerator: count, denominator: 4 };
    bars.push({ start, length: count * TICKS, metre: own, tempo });
    start += count * TICKS;
  }
  return {
    notes: written,
    bars,
    fifths: options.fifths ?? keyOfNotes(notes),
    firstBar,
    tickAt: tickOf,
    secondsAt: (tick) => {
      const bar = Math.max(
        0,
        bars.findLastIndex(({ start }) => start <= tick),
      );
      return grid.secondsOf(firstBar + bar, 1 + (tick - (bars[bar]?.start ?? 0)) / TICKS);
    },
  };
}
