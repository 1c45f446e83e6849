import { describe, expect, it } from 'vitest';
import { tableOf } from '../../test/helpers/note-rows.js';
import { readMidi } from '../midi/read.js';
import { evenBeats } from './beats.js';
import { beatsOfFile } from './find-beats.js';
import { listen } from './listen.js';
import { midiOnBeats } from './midi-on-beats.js';
import { timeGridOf } from './time-grid.js';

const WALTZ = tableOf(Array.from({ length: 24 }, (_, i) => [60 + (i % 12), (i * 2) / 3, ((i + 1) * 2) / 3]));

describe('notes on beats', () => {
  it('are written with their tempo and metre, and read back at the same times', () => {
    const midi = readMidi(midiOnBeats(WALTZ, evenBeats(0, 90, 3), { trackName: 'Piano' }));
    expect(timeGridOf(midi).tempos.map(({ microsecondsPerBeat }) => microsecondsPerBeat)).toEqual([666_667]);
    expect(timeGridOf(midi).metres).toMatchObject([{ tick: 0, numerator: 3, denominator: 4 }]);
    const { notes } = listen(midi);
    expect(notes.length).toBe(24);
    for (const [n, start] of notes.start.entries()) expect(start).toBeCloseTo(WALTZ.start[n], 3);
    // Every strike lies on a beat to the tick.
    expect(midi.events.tick.every((tick) => tick % midi.division === 0)).toBe(true);
  });

  it('follow a tempo that changes and bars that do', () => {
    const beats = {
      time: Float64Array.of(0, 0.5, 1, 1.5, 2.5, 3.5, 4.5),
      place: Uint8Array.of(0, 1, 2, 3, 0, 1, 2),
    };
    const midi = readMidi(
      midiOnBeats(
        tableOf([
          [60, 0, 1],
          [62, 2.5, 3],
          [64, 4.5, 5],
        ]),
        beats,
      ),
    );
    const { tempos, metres } = timeGridOf(midi);
    expect(
      tempos.map(({ tick, microsecondsPerBeat }) => [tick / midi.division, microsecondsPerBeat]),
    ).toEqual([
      [0, 500_000],
      [3, 1_000_000],
    ]);
    expect(metres.map(({ numerator }) => numerator)).toEqual([4]);
    expect([...listen(midi).notes.start].map((time) => Number(time.toFixed(3)))).toEqual([0, 2.5, 4.5]);
  });

  it('come later where the first bar began before them', () => {
    const midi = readMidi(midiOnBeats(tableOf([[60, 0, 1]]), evenBeats(0.5, 60, 4)));
    expect(listen(midi).notes.start[0]).toBeCloseTo(3.5, 3);
    expect(beatsOfFile(readMidi(midiOnBeats(WALTZ, evenBeats(0, 90, 3))))?.place.slice(0, 4)).toEqual(
      Uint8Array.of(0, 1, 2, 0),
    );
  });
});
