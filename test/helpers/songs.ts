/** Made-up songs: a bass note and a chord a bar, and a tune in quavers. */

import { createNoteTable, type NoteTable } from '../../src/notes/note-table.js';
import { midiFromNotes } from '../../src/notes/to-midi.js';
import { Random } from '../../src/random.js';

const CHORDS = [
  [48, 64, 67],
  [45, 60, 64],
  [41, 65, 69],
  [43, 62, 67],
];

export interface SongOptions {
  readonly bars: number;
  readonly beatsPerBar: number;
  readonly beatsPerMinute: number;
  /** Beats from the first moment to the first bar line. */
  readonly lead?: number;
  /** Of these bars the second half is missing. */
  readonly halves?: readonly number[];
  /** Beats by which strikes are off, at most. */
  readonly sloppy?: number;
}

/** The song, and the beats at which its bars begin, counted from the first moment. */
export function song(options: SongOptions, seed = 1): { notes: NoteTable; lines: number[] } {
  const { bars, beatsPerBar, beatsPerMinute, lead = 0, halves = [], sloppy = 0 } = options;
  const random = new Random(seed);
  const rows: [pitch: number, velocity: number, start: number, beats: number][] = [];
  const lines: number[] = [];
  let at = lead;
  for (let bar = 0; bar < bars; bar++) {
    const beats = halves.includes(bar) ? beatsPerBar / 2 : beatsPerBar;
    const chord = CHORDS[bar % CHORDS.length];
    lines.push(at);
    rows.push([chord[0] - 12, 80, at, beats]);
    for (const pitch of chord) rows.push([pitch, 60, at, beats - 0.5]);
    for (let half = 0; half < 2 * beats; half++) {
      if (random.next() < 0.3) continue;
      rows.push([chord[1 + random.below(2)] + 12, 70, at + half / 2, 0.4]);
    }
    at += beats;
  }
  const off = () => sloppy * (2 * random.next() - 1);
  const moved = rows.map((row) => [row[0], row[1], Math.max(0, row[2] + off()), row[3]] as const);
  moved.sort((a, b) => a[2] - b[2]);
  const notes = createNoteTable(moved.length);
  for (const [n, [pitch, velocity, start, beats]] of moved.entries()) {
    notes.pitch[n] = pitch;
    notes.velocity[n] = velocity;
    notes.start[n] = (start * 60) / beatsPerMinute;
    notes.end[n] = ((start + beats) * 60) / beatsPerMinute;
  }
  return { notes, lines };
}

/** The song as a file that counts ticks by beats. */
export function songFile(options: SongOptions, seed = 1): Uint8Array {
  const { notes } = song(options, seed);
  const microsecondsPerBeat = Math.round(6e7 / options.beatsPerMinute);
  return midiFromNotes(notes, { microsecondsPerBeat, metre: { numerator: 1, denominator: 4 } });
}
