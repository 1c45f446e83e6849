import { describe, expect, it } from 'vitest';
import { pieceBytes } from '../../test/helpers/pieces.js';
import { type SongOptions, song, songFile } from '../../test/helpers/songs.js';
import { readMidi } from '../midi/read.js';
import { type Beats, barsOf, secondsAtBeat, tempoAtBeat } from './beats.js';
import { beatsOfFile, steadyBeats } from './find-beats.js';
import { metricalGridOf } from './metrical-grid.js';
import { midiFromNotes } from './to-midi.js';

/** When the bars begin that were found, those among the notes. */
function barLines(beats: Beats | undefined, until: number): number[] {
  if (beats === undefined) return [];
  const { line } = barsOf(beats);
  return Array.from(line, (beat) => secondsAtBeat(beats, beat)).filter(
    (time) => time > -0.02 && time < until,
  );
}

const closeTo = (seconds: number[]) => seconds.map((time) => expect.closeTo(time, 1));

/** When bars begin in the song itself. */
function trueLines(options: SongOptions): { lines: number[]; until: number } {
  const seconds = 60 / options.beatsPerMinute;
  const { lines, notes } = song(options);
  const last = notes.start[notes.length - 1];
  return { lines: lines.map((beat) => beat * seconds).filter((time) => time < last), until: last };
}

const SONGS: [string, SongOptions][] = [
  ['four beats from the first tick on', { bars: 16, beatsPerBar: 4, beatsPerMinute: 100 }],
  ['three beats', { bars: 20, beatsPerBar: 3, beatsPerMinute: 132 }],
  ['four beats that begin beside the ticks', { bars: 16, beatsPerBar: 4, beatsPerMinute: 90, lead: 1.71 }],
  ['three beats after two and a half', { bars: 20, beatsPerBar: 3, beatsPerMinute: 80, lead: 2.5 }],
  ['half a bar put in', { bars: 40, beatsPerBar: 4, beatsPerMinute: 110, halves: [19] }],
  ['a player who is a little off', { bars: 24, beatsPerBar: 4, beatsPerMinute: 96, lead: 0.3, sloppy: 0.03 }],
];

describe('beats of a file', () => {
  it.each(SONGS)('are found: %s', (_, options) => {
    const { lines, until } = trueLines(options);
    const beats = beatsOfFile(readMidi(songFile(options)));
    expect(barLines(beats, until)).toEqual(closeTo(lines));
    expect(beats && tempoAtBeat(beats, 10)).toBeCloseTo(options.beatsPerMinute, 1);
  });

  it('are those that it says where it is exact', () => {
    const { notes } = song({ bars: 12, beatsPerBar: 4, beatsPerMinute: 120 });
    const beats = beatsOfFile(readMidi(midiFromNotes(notes, { metre: { numerator: 3, denominator: 4 } })));
    expect(beats?.place.slice(0, 7)).toEqual(Uint8Array.of(0, 1, 2, 0, 1, 2, 0));
  });

  it('follow its tempo', () => {
    const options = { bars: 12, beatsPerBar: 4, beatsPerMinute: 120 };
    const midi = readMidi(songFile(options));
    const slower = { tick: 24 * midi.ticksPerBeat, track: 0, microsecondsPerBeat: 1_000_000 };
    const beats = beatsOfFile({ ...midi, tempos: [...midi.tempos, slower] });
    expect([20, 30].map((beat) => beats && Math.round(tempoAtBeat(beats, beat)))).toEqual([120, 60]);
  });

  it('are found where its ticks know nothing of them', () => {
    const options = { bars: 24, beatsPerBar: 4, beatsPerMinute: 87.3 };
    const { lines, until } = trueLines(options);
    // As of a recorder, which is always at 120.
    const beats = beatsOfFile(readMidi(midiFromNotes(song(options).notes)));
    expect(barLines(beats, until)).toEqual(closeTo(lines));
  });

  it('are not counted for years', () => {
    const { notes } = song({ bars: 8, beatsPerBar: 4, beatsPerMinute: 100 });
    const last = notes.length - 1;
    notes.start[last] = 2e7;
    notes.end[last] = 2e7 + 1;
    expect(beatsOfFile(readMidi(midiFromNotes(notes, { ticksPerBeat: 3 })))).toBeUndefined();
    expect(metricalGridOf(notes).bars.line.length).toBeLessThanOrEqual(100_000);
  });

  it('are not looked for over a rest of hours', () => {
    // Found by test/attack: as many tempos were tried as there are seconds, with every note.
    const { notes } = song({ bars: 40, beatsPerBar: 4, beatsPerMinute: 96, sloppy: 0.01 });
    const resting = (from: number, seconds: number) => ({
      ...notes,
      start: notes.start.map((time, i) => time + (i < from ? 0 : seconds)),
      end: notes.end.map((time, i) => time + (i < from ? 0 : seconds)),
    });
    for (const from of [1, 30, notes.length - 30, notes.length - 1])
      expect(steadyBeats(resting(from, 48_000))).toBeUndefined();
    // A pause of minutes is none.
    const lasting = resting(Math.floor(notes.length / 2), 100 * (60 / 96));
    expect(steadyBeats(lasting)).toBeDefined();
  });

  it('are not found where there are none', () => {
    expect(beatsOfFile(readMidi(pieceBytes(3, 300)))).toBeUndefined();
    expect(steadyBeats(song({ bars: 1, beatsPerBar: 4, beatsPerMinute: 100 }).notes)).toBeUndefined();
  });
});
