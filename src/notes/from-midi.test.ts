import { describe, expect, test } from 'vitest';
import {
  type GoldenInstrument,
  MIDI_FIXTURES,
  type NoteRow,
  readMidiFixture,
  readPrettyMidiGoldens,
} from '../../test/fixtures/midi-fixtures.js';
import { readMidi } from '../midi/read.js';
import { TrackWriter, writeMidi } from '../midi/write.js';
import { type Instrument, instrumentsOf, notesFromMidi } from './from-midi.js';
import type { NoteTable } from './note-table.js';

const goldens = readPrettyMidiGoldens().fixtures;

function rowsOf(notes: NoteTable): NoteRow[] {
  return Array.from(notes.start, (start, i) => [notes.pitch[i], notes.velocity[i], start, notes.end[i]]);
}

function goldenForm({ program, isDrum, name, notes, pedal }: Instrument): GoldenInstrument {
  const movements = Array.from(pedal.time, (time, i): [number, number] => [time, pedal.value[i]]);
  return { program, isDrum, name, notes: rowsOf(notes), pedal: movements };
}

const PLAIN: NoteRow[] = [
  [60, 64, 0, 0.5],
  [64, 80, 0.5, 1],
];

/** The notes of the files that pretty_midi cannot read, or of which it reads less than there is. */
const BEYOND_PRETTY_MIDI: Record<string, NoteRow[]> = {
  'alien-chunks': PLAIN,
  'bytes-before-header': PLAIN,
  'cut-off-event-then-track': PLAIN,
  'cut-off-in-event': PLAIN.slice(0, 1),
  'delta-too-large': PLAIN,
  'endless-event-then-track': PLAIN,
  'header-of-2-bytes': PLAIN,
  'junk-between-tracks': PLAIN,
  'key-signature-of-8-flats': PLAIN,
  'no-header': PLAIN,
  'no-status': PLAIN,
  'riff-wrapper': PLAIN,
  'running-status-after-sysex': PLAIN,
  'smpte-division': PLAIN,
  'system-messages': PLAIN,
  'tempo-0': PLAIN,
  'ticks-per-beat-0': PLAIN,
  'too-few-tracks-announced': PLAIN,
  'too-many-tracks-announced': PLAIN,
  'track-length-0': PLAIN,
  'track-length-of-4-gigabytes': PLAIN,
  'track-length-to-the-end': PLAIN,
  'track-length-too-long': PLAIN,
  'track-length-too-short': PLAIN,
  'wrong-length-meta': PLAIN,
};

/** Names that pretty_midi takes for latin-1. */
const NAMES: Record<string, string> = { 'text-shift-jis': 'ピアノ', 'text-utf-8': 'Flügel' };

describe('fixtures', () => {
  test.each(MIDI_FIXTURES)('%s', (name) => {
    const instruments = instrumentsOf(readMidi(readMidiFixture(name), name));
    const golden = goldens[name];
    if (name in BEYOND_PRETTY_MIDI) {
      expect(instruments.map(({ notes }) => rowsOf(notes))).toEqual([BEYOND_PRETTY_MIDI[name]]);
    } else if ('instruments' in golden) {
      const expected = golden.instruments.map((i) => ({ ...i, name: NAMES[name] ?? i.name }));
      expect(instruments.map(goldenForm)).toEqual(expected);
    } else {
      expect.unreachable(`pretty_midi says ${golden.error}, and no notes are given by hand`);
    }
  });

  test('each has a golden', () => expect(Object.keys(goldens).sort()).toEqual([...MIDI_FIXTURES].sort()));
});

describe('notesFromMidi', () => {
  const midi = readMidi(readMidiFixture('instruments'));

  test('takes the instrument that first finishes a note', () => {
    expect(rowsOf(notesFromMidi(midi)).map(([pitch]) => pitch)).toEqual([60]);
  });

  test('merges all instruments but drums by start', () => {
    const rows = rowsOf(notesFromMidi(midi, { instruments: 'all' }));
    expect(rows.map(([pitch]) => pitch)).toEqual([60, 48, 64, 62]);
    expect(rows.map(([, , start]) => start)).toEqual([0, 0, 0, 1 / 6]);
  });

  test('gives no notes where there are none', () => {
    const empty = readMidi(writeMidi(480, [new TrackWriter()]));
    expect(notesFromMidi(empty).length).toBe(0);
    expect(notesFromMidi(empty, { instruments: 'all' }).length).toBe(0);
  });
});

test('keeps the pedals of two channels of one track apart, and shares one between two programs', () => {
  const track = new TrackWriter();
  track.event(0, 0xb0, 64, 10);
  track.event(0, 0xb1, 64, 20);
  for (const channel of [0, 1]) track.event(0, 0x90 + channel, 60, 1);
  for (const channel of [0, 1]) track.event(480, 0x80 + channel, 60);
  track.event(480, 0xc1, 5);
  track.event(480, 0x91, 60, 1);
  track.event(960, 0x81, 60);
  const instruments = instrumentsOf(readMidi(writeMidi(480, [track])));
  expect(instruments.map(({ program, pedal }) => [program, ...pedal.value])).toEqual([
    [0, 10],
    [0, 20],
    [5, 20],
  ]);
});

test('notes of one start in a long run are ordered by their ends', () => {
  const track = new TrackWriter();
  for (let pitch = 0; pitch < 128; pitch++) track.event(0, 0x90, pitch, 1);
  for (let pitch = 127; pitch >= 0; pitch--) track.event(1000 - pitch, 0x80, pitch);
  const { pitch } = notesFromMidi(readMidi(writeMidi(480, [track])));
  expect([...pitch]).toEqual(Array.from({ length: 128 }, (_, i) => 127 - i));
});
