import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MIDI_FIXTURES, readMidiFixture } from '../../test/fixtures/midi-fixtures.js';
import { CadenzaError } from '../errors.js';
import { instrumentsOf } from '../notes/from-midi.js';
import { describeWarning, MAX_WARNINGS, type MidiFile } from './midi-file.js';
import { readMidi } from './read.js';
import { TrackWriter, writeMidi } from './write.js';

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function warningsOf(midi: MidiFile): string[] {
  return midi.warnings.map((warning) => describeWarning(midi, warning));
}

/** What a fixture is warned about; those not named are read without a word. */
const WARNINGS: Record<string, string[]> = {
  'alien-chunks': ['unknown chunk "XFIH": skipped (byte 14)', 'unknown chunk "XFKM": skipped (byte 51)'],
  'bytes-before-header': ['13 bytes before the header: skipped (byte 0)'],
  'cut-off-event-then-track': ['the track is cut off inside this event: left out (track 0, byte 22)'],
  'cut-off-in-event': [
    'the track is cut off inside this event: left out (track 0, byte 32)',
    'track length 17 is wrong: the track takes 12 bytes (track 0, byte 18)',
  ],
  'data-bytes-above-127': [
    'data byte 200, of at most 127: read as 127 (track 0, byte 25)',
    'data byte 255, of at most 127: read as 127 (track 0, byte 28)',
    'data byte 255, of at most 127: read as 127 (track 0, byte 32)',
  ],
  'delta-of-6-bytes': [
    'variable-length quantity of 6 bytes, of at most 4 (track 0, byte 22)',
    'variable-length quantity of 5 bytes, of at most 4 (track 0, byte 31)',
  ],
  'delta-too-large': ['variable-length quantity of 6 bytes, of at most 4 (track 0, byte 35)'],
  'early-end-of-track': ['End of Track before the end of the track: read on (track 0, byte 29)'],
  'endless-event-then-track': [
    'the track is cut off inside this event: left out (track 0, byte 22)',
    'track length 65535 is wrong: the track takes 7 bytes (track 0, byte 18)',
  ],
  'format-2': ['format 2: its independent tracks are read as simultaneous ones (byte 8)'],
  'header-of-2-bytes': ['header of 2 bytes, not 6 (byte 4)'],
  'header-of-8-bytes': ['header of 8 bytes, not 6 (byte 4)'],
  'junk-between-tracks': ['5 bytes that belong to no track: skipped (byte 26)'],
  'key-signature-of-8-flats': ['key signature of -8 sharps, of at most 7 either way (track 0, byte 26)'],
  'no-end-of-track': ['no End of Track (track 0, byte 35)'],
  'no-end-of-track-then-track': ['no End of Track (track 0, byte 29)'],
  'no-header': ['no header: taken for format 1 with 480 ticks a beat (byte 0)'],
  'no-status': ['data byte without a status: skipped to the next status byte (track 0, byte 23)'],
  'system-messages': [
    ['f1', 26],
    ['f2', 29],
    ['f3', 33],
    ['f4', 36],
    ['f6', 38],
    ['f8', 40],
    ['fe', 42],
  ].map(
    ([status, at]) => `system message 0x${status}, which no file may hold: skipped (track 0, byte ${at})`,
  ),
  'tempo-0': ['tempo of 0 microseconds a beat: left out (track 0, byte 26)'],
  'tempo-in-track-1': [
    'tempo outside track 0: it and those that follow are heard, but not by pretty_midi (track 1, byte 38)',
  ],
  'ticks-per-beat-0': ['division of 0 ticks: taken for 480 ticks a beat (byte 12)'],
  'too-few-tracks-announced': ['the header announces 1 tracks, the file has 2 (byte 10)'],
  'too-many-tracks-announced': ['the header announces 3 tracks, the file has 1 (byte 10)'],
  'track-length-0': ['track length 0 is wrong: the track takes 17 bytes (track 0, byte 18)'],
  'track-length-of-4-gigabytes': [
    'track length 4294967295 is wrong: the track takes 4 bytes (track 0, byte 18)',
    'track length 4294967280 is wrong: the track takes 17 bytes (track 1, byte 30)',
  ],
  'track-length-to-the-end': ['track length 29 is wrong: the track takes 4 bytes (track 0, byte 18)'],
  'track-length-too-long': ['track length 11 is wrong: the track takes 4 bytes (track 0, byte 18)'],
  'track-length-too-short': ['track length 7 is wrong: the track takes 17 bytes (track 0, byte 18)'],
  'trailing-bytes': ['10 bytes that belong to no track: skipped (byte 39)'],
  'two-files': ['a second MIDI file begins here: left out (byte 39)'],
  'wrong-length-meta': [
    'meta event 0x51 of 2 bytes, not 3: left out (track 0, byte 26)',
    'meta event 0x58 of 1 bytes, not 4: left out (track 0, byte 32)',
    'meta event 0x58 of 2 bytes, not 4: its first bytes count (track 0, byte 37)',
    'meta event 0x59 of 1 bytes, not 2: left out (track 0, byte 43)',
    'meta event 0x51 of 4 bytes, not 3: its first bytes count (track 0, byte 48)',
  ],
};

describe('warnings name the file, the track and the byte', () => {
  test.each(MIDI_FIXTURES)('%s', (name) => {
    const expected = (WARNINGS[name] ?? []).map((warning) => `${name}: ${warning}`);
    expect(warningsOf(readMidi(readMidiFixture(name), name))).toEqual(expected);
  });

  test('keeps a limited number and counts the rest', () => {
    const events = Array.from({ length: 1000 }, () => '\x00\x90\xff\xff').join('');
    const midi = readMidi(ascii(`MThd\0\0\0\x06\0\0\0\x01\0\x60MTrk\0\0\0\0${events}\x00\xff\x2f\x00`));
    expect(midi.warnings.length).toBe(MAX_WARNINGS);
    expect(midi.warningCount).toBe(2001); // two data bytes an event, and the length of the track
  });
});

describe('what cannot be read is refused in one line', () => {
  const header = 'MThd\0\0\0\x06\0\0\0\x01\0\x60';
  test.each([
    ['nothing', '', 'x.mid: the file is empty (0 bytes); '],
    ['text', 'hello', 'x.mid: not a MIDI file, no "MThd" from byte 0 on but 68 65 6c 6c; give a Standard'],
    [
      'a zip archive',
      'PK\x03\x04',
      'x.mid: not a MIDI file, no "MThd" from byte 0 on but 50 4b 03 04; this looks',
    ],
    ['a WAV file', 'RIFF\x04\0\0\0WAVE', 'x.mid: not a MIDI file'],
    ['half a header', 'MThd\0\0\0\x06\0', 'x.mid: the file ends at byte 9, inside its header; '],
    ['a header', header, 'x.mid: no track ("MTrk") from byte 14 to its end at byte 14; '],
    [
      'a header and half a chunk',
      `${header}MTr`,
      'x.mid: no track ("MTrk") from byte 14 to its end at byte 17; ',
    ],
    [
      'no event',
      `${header}MTrk\0\0\x01\0`,
      'x.mid: no event can be read in its tracks, which begin at byte 14; ',
    ],
    ['half an event', `${header}MTrk\0\0\x01\0\0\x90`, 'x.mid: no event can be read in its tracks'],
  ])('%s', (_, text, message) => {
    expect(() => readMidi(ascii(text), 'x.mid')).toThrow(CadenzaError);
    expect(() => readMidi(ascii(text), 'x.mid')).toThrow(message);
  });

  test('but a single event is enough', () => {
    const { events, tracks } = readMidi(ascii(`${header}MTrk\0\0\0\x04\x05\x80\x3c\0`));
    expect([events.length, tracks[0].endTick]).toEqual([1, 5]);
  });

  test('but an empty track is not', () => {
    expect(readMidi(ascii(`${header}MTrk\0\0\0\0`)).tracks).toEqual([{ name: '', endTick: 0 }]);
  });
});

describe('what else a file says', () => {
  test('tempos, with the last of several at a tick last', () => {
    const { tempos } = readMidi(readMidiFixture('format-1-tempo-changes'));
    expect(tempos.map(({ tick, microsecondsPerBeat }) => [tick, microsecondsPerBeat])).toEqual([
      [0, 500000],
      [0, 600000],
      [48, 400000],
      [96, 400000],
      [120, 800000],
      [120, 250001],
      [283, 1000003],
    ]);
  });

  test('time and key signatures, however damaged', () => {
    expect(readMidi(readMidiFixture('wrong-length-meta')).timeSignatures).toEqual([
      { tick: 0, track: 0, numerator: 3, denominator: 8 },
    ]);
    expect(readMidi(readMidiFixture('key-signature-of-8-flats')).keySignatures).toEqual([
      { tick: 0, track: 0, sharps: -8, minor: false },
    ]);
  });

  test('texts in the encoding they are most likely in', () => {
    const texts = ['text-latin-1', 'text-shift-jis', 'text-utf-8'].map((name) => {
      const midi = readMidi(readMidiFixture(name));
      expect(midi.texts).toEqual([{ tick: 0, track: 0, type: 3, text: midi.tracks[0].name }]);
      return midi.tracks[0].name;
    });
    expect(texts).toEqual(['Flügel', 'ピアノ', 'Flügel']);
  });

  test('the division', () => {
    expect(readMidi(readMidiFixture('smpte-division')).ticksPerSecond).toBe(1000);
    expect(readMidi(readMidiFixture('ticks-per-beat-32767')).ticksPerBeat).toBe(32767);
    const dropFrame = readMidiFixture('plain');
    dropFrame.set([256 - 29, 100], 12);
    expect(readMidi(dropFrame).ticksPerSecond).toBeCloseTo(2997.003, 3);
  });

  test('delta times, of which none is larger than the specification allows', () => {
    expect(readMidi(readMidiFixture('delta-too-large')).tracks[0].endTick).toBe(192 + 0x0fffffff);
  });

  test('a name for a track: the last before its notes, else the first', () => {
    const track = new TrackWriter();
    for (const name of ['one', 'two']) track.meta(0, 3, ascii(name));
    track.event(0, 0x90, 60, 1);
    track.meta(0, 3, ascii('three'));
    expect(readMidi(writeMidi(96, [track])).tracks[0].name).toBe('two');
  });
});

/** A file of one track, which announces `length` bytes and holds `data`. */
function fileOf(data: readonly number[], length: number): Uint8Array {
  const size = [24, 16, 8, 0].map((shift) => (length >> shift) & 0xff);
  return Uint8Array.of(...ascii('MThd\0\0\0\x06\0\0\0\x01\0\x60MTrk'), ...size, ...data);
}

describe('the fast way through a track, which one of a wrong length does not take', () => {
  const END = [0, 0xff, 0x2f, 0];
  const bothWays = (data: readonly number[]) => {
    const right = readMidi(fileOf([...data, ...END], data.length + 4));
    const wrong = readMidi(fileOf([...data, ...END], 1));
    expect(wrong.warningCount).toBe(right.warningCount + 1); // of the length
    expect({ events: right.events, tracks: right.tracks }).toEqual({
      events: wrong.events,
      tracks: wrong.tracks,
    });
    return right;
  };

  test('leads to the same messages', () => {
    // Nothing from 0xF0 on: a misplaced 0xFF could end the track, after which the two ways part.
    const byte = fc.oneof({ weight: 20, arbitrary: fc.nat(127) }, { weight: 1, arbitrary: fc.nat(0xef) });
    const delta = fc.oneof(
      fc.nat(127).map((ticks) => [ticks]),
      fc.tuple(fc.integer({ min: 0x80, max: 0xef }), fc.nat(127)),
    );
    const status = fc.oneof(
      fc.constant([]),
      fc.integer({ min: 0x80, max: 0xef }).map((value) => [value]),
    );
    const message = fc
      .tuple(delta, status, byte, byte)
      .map(([ticks, given, data1, data2]) => [...ticks, ...given, data1, data2]);
    const track = fc
      .array(message, { maxLength: 40 })
      .map((messages) => [0, 0x90, 60, 1, ...messages.flat()]);
    fc.assert(
      fc.property(track, (data) => void bothWays(data)),
      { numRuns: 1000 },
    );
  });

  test('stops at the last tick as well', () => {
    const longest = [0xff, 0xff, 0xff, 0x7f, 0x90, 60, 1];
    const data = [...Array.from({ length: 17 }, () => longest).flat(), 100, 62, 1, 100, 64, 1];
    expect([...bothWays(data).events.tick.slice(-4)]).toEqual([
      16 * 0x0fffffff,
      0xffffffff,
      0xffffffff,
      0xffffffff,
    ]);
  });
});

/** Notes too, and the memory that they take. */
function readAll(bytes: Uint8Array): void {
  try {
    const midi = readMidi(bytes, 'fuzz.mid');
    expect(midi.events.length).toBeLessThanOrEqual(bytes.length / 2);
    expect(midi.events.tick.buffer.byteLength).toBe(4 * midi.events.length);
    for (const { notes } of instrumentsOf(midi)) {
      for (let i = 0; i < notes.length; i++) {
        if (!(notes.end[i] >= notes.start[i])) throw new Error(`note ${i} ends before it starts`);
        if (i > 0 && notes.start[i] < notes.start[i - 1]) throw new Error(`note ${i} is out of order`);
      }
    }
  } catch (error) {
    if (!(error instanceof CadenzaError)) throw error;
    expect(error.message).toMatch(/^fuzz\.mid: [^\n]+$/);
  }
}

describe('no bytes crash the reader', () => {
  const fixture = fc.constantFrom(...MIDI_FIXTURES).map(readMidiFixture);

  test('random ones', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), readAll), { numRuns: 2000 });
  });

  test('random ones behind a header', () => {
    const start = ascii('MThd\0\0\0\x06\0\x01\0\x01\0\x60MTrk\0\0\0\x40');
    const file = fc.uint8Array({ maxLength: 300 }).map((rest) => Uint8Array.of(...start, ...rest));
    fc.assert(fc.property(file, readAll), { numRuns: 4000 });
  });

  test('every truncation of every fixture', () => {
    for (const name of MIDI_FIXTURES) {
      const bytes = readMidiFixture(name);
      for (let length = 0; length < bytes.length; length++) readAll(bytes.subarray(0, length));
    }
  });

  test('fixtures with bytes changed', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    const damaged = fc.tuple(fixture, changes).map(([bytes, list]) => {
      for (const [at, byte] of list) bytes[at % bytes.length] = byte;
      return bytes;
    });
    fc.assert(fc.property(damaged, readAll), { numRuns: 5000 });
  });

  test('fixtures joined at random places', () => {
    const joined = fc
      .tuple(fixture, fixture, fc.nat(), fc.nat())
      .map(([a, b, i, j]) => Uint8Array.of(...a.subarray(0, i % a.length), ...b.subarray(j % b.length)));
    fc.assert(fc.property(joined, readAll), { numRuns: 3000 });
  });

  // Each would take minutes if a byte were looked at more than a few times.
  test.each([
    ['headers of tracks', 'MTrk\xff\xff\xff\xff'],
    [
      'headers of tracks with an event that goes on behind the file',
      'MTrk\xff\xff\xff\xff\0\xf0\xff\xff\xff\x7f',
    ],
    ['endless quantities', '\xff'],
    ['strikes of one key', '\0\x90\x3c\x40'],
    ['strikes and releases on one tick', '\0\x90\x3c\x40\0\x80\x3c\x40'],
    ['empty chunks', 'MTrk\0\0\0\0'],
    ['data bytes', '\0'],
  ])('a megabyte of %s', (_, pattern) => {
    const start = 'MThd\0\0\0\x06\0\x01\0\x01\0\x60MTrk\xff\xff\xff\xff';
    readAll(ascii(start + pattern.repeat(Math.ceil(1e6 / pattern.length))));
  });
});
