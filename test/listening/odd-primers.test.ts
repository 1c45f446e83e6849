/**
 * `cadenza generate --primer` with files that are no plain piano pieces: what is heard of them, and what is
 * written.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listen, type MidiFile, midiFromNotes, readMidi, soundingNotes } from '../../src/index.js';
import { timeGridOf } from '../../src/notes/time-grid.js';
import { control, fileOf, key, program, type TrackEvent, tempo } from '../helpers/midi-tracks.js';
import { type NoteRow, rowsOf, tableOf } from '../helpers/note-rows.js';
import { runCadenza } from '../helpers/run-cadenza.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { tinyEventModel } from '../helpers/tiny-event-model.js';

const MODEL = tinyEventModel();
const PLAYED = 8;

const bytesOf = (text: string) => [...text].map((character) => character.charCodeAt(0));
const text = (at: number, type: number, words: string): TrackEvent => ({
  at,
  meta: type,
  data: bytesOf(words),
});
/** Keys with the velocity of `tableOf`, so that a plain file of the same notes is heard alike. */
const hold = (at: number, ticks: number, pitch: number, channel = 0) => key(at, ticks, pitch, 70, channel);

/** The same file with another format or division in its header. */
function withHeader(file: Uint8Array, { format, division }: { format?: number; division?: number }) {
  const bytes = file.slice();
  const view = new DataView(bytes.buffer);
  if (format !== undefined) view.setUint16(8, format);
  if (division !== undefined) view.setUint16(12, division);
  return bytes;
}

/** A RIFF file of a form; its chunks are padded to even lengths. */
function riff(form: string, ...chunks: readonly [tag: string, content: Uint8Array | string][]): Uint8Array {
  const bytes = bytesOf(`RIFF\0\0\0\0${form}`);
  const length = (n: number) => [n & 0xff, (n >> 8) & 0xff, n >> 16, 0];
  for (const [tag, content] of chunks) {
    bytes.push(...bytesOf(tag), ...length(content.length));
    bytes.push(...(typeof content === 'string' ? bytesOf(content) : content));
    if (content.length % 2 > 0) bytes.push(0);
  }
  bytes.splice(4, 4, ...length(bytes.length - 8));
  return Uint8Array.from(bytes);
}

const TIME: readonly TrackEvent[] = [tempo(0, 120), { at: 0, meta: 0x58, data: [3, 2, 24, 8] }];
const TUNE = [60, 64, 67, 72, 67, 64, 62, 60];
const MELODY = TUNE.flatMap((pitch, i) => hold(480 * i, 480, pitch));
const MELODY_ROWS: NoteRow[] = TUNE.map((pitch, i) => [pitch, i / 2, (i + 1) / 2]);

interface Primer {
  readonly name: string;
  readonly file: Uint8Array;
  /** What is heard of it. */
  readonly rows: readonly NoteRow[];
  /** What is said about it, line by line. */
  readonly said?: readonly string[];
  /** Program of what is played. */
  readonly program?: number;
  /** Channel of what is played, behind the primer. */
  readonly channel?: number;
  readonly metre?: number;
}

const melodyAt = (ticksPerSecond: number) => [
  // Tempos mean nothing in SMPTE time.
  tempo(0, 77),
  ...TUNE.flatMap((pitch, i) => {
    const [from, to] = [i / 2, (i + 1) / 2].map((seconds) => Math.round(seconds * ticksPerSecond));
    return hold(from, to - from, pitch);
  }),
];

/** The melody in a file whose length is odd by so much. */
function songOf(odd: number): Uint8Array {
  const [short, long] = ['A song', 'A song.'].map((name) =>
    fileOf([[...TIME], [text(0, 3, name), ...MELODY]]),
  );
  return short.length % 2 === odd ? short : long;
}

const LYRICS = ['\\Twin', 'kle ', 'twin', 'kle ', '/lit', 'tle ', 'st\xe4r', '\x82\xa0'];
const KARAOKE = fileOf([
  [...TIME, text(0, 3, 'A song')],
  [text(0, 3, 'Soft karaoke'), text(0, 1, '@KMIDI KARAOKE FILE'), text(0, 1, '@V0100')],
  [
    text(0, 3, 'Words'),
    text(0, 1, '@LENGL'),
    text(0, 1, '@TA song'),
    text(0, 1, '@TNobody'),
    ...LYRICS.flatMap((word, i) => [text(480 * i, 1, word), text(480 * i, 5, word)]),
  ],
  [text(0, 3, 'Melody'), ...MELODY],
]);

const PRIMERS: readonly [what: string, primer: Primer][] = [
  [
    'two hands in two tracks, on one channel, under one pedal',
    {
      name: 'hands.mid',
      file: fileOf([
        [...TIME],
        [text(0, 3, 'Right'), ...MELODY],
        [
          text(0, 3, 'Left'),
          ...hold(0, 1900, 48),
          // A key that the other hand plays too.
          ...hold(2160, 60, 64),
          ...hold(1920, 1920, 43),
          control(3700, 64, 127),
          control(4800, 64, 0),
        ],
      ]),
      rows: [
        ...MELODY_ROWS.slice(0, 5),
        // Struck again by the right hand.
        [64, 2.25, 2.3125],
        [64, 2.5, 3],
        [62, 3, 3.5],
        [60, 3.5, 5],
        [48, 0, 1900 / 960],
        [43, 2, 5],
      ],
      channel: 1,
    },
  ],
  [
    'several instruments and drums',
    {
      name: 'band.mid',
      file: fileOf([
        [...TIME],
        [program(0, 40, 0), ...hold(0, 960, 76), ...hold(960, 960, 77)],
        [program(0, 19, 2), control(0, 7, 90, 2), ...TUNE.flatMap((p, i) => hold(480 * i, 480, p, 2))],
        [program(0, 32, 5), ...hold(0, 1920, 36, 5), ...hold(1920, 1920, 43, 5)],
        Array.from({ length: 20 }, (_, i) => hold(240 * i, 120, 38, 9)).flat(),
      ]),
      rows: [...MELODY_ROWS, [76, 0, 1], [77, 1, 2], [36, 0, 2], [43, 2, 4]],
      said: ['band.mid: drums are left out', 'band.mid: 3 instruments are heard as one piano'],
      program: 19,
      channel: 1,
    },
  ],
  [
    'independent tracks (format 2)',
    {
      name: 'patterns.mid',
      file: withHeader(
        fileOf([
          [...TIME, ...MELODY],
          [tempo(0, 120), text(0, 3, 'Second'), ...hold(240, 960, 40, 1), ...hold(1440, 2400, 45, 1)],
        ]),
        { format: 2 },
      ),
      rows: [...MELODY_ROWS, [40, 0.25, 1.25], [45, 1.5, 4]],
      said: [
        'patterns.mid: format 2: its independent tracks are read as simultaneous ones (byte 8)',
        'patterns.mid: tempo outside track 0: it and those that follow are heard, but not by pretty_midi (track 1, byte 125)',
        'patterns.mid: 2 instruments are heard as one piano',
      ],
      channel: 2,
    },
  ],
  [
    'SMPTE time of 25 frames of 40 ticks',
    {
      name: 'frames.mid',
      file: withHeader(fileOf([melodyAt(1000)]), { division: 0xe728 }),
      rows: MELODY_ROWS,
      channel: 1,
      metre: 4,
    },
  ],
  [
    'SMPTE time of 30 drop frames of 80 ticks',
    {
      name: 'drop.mid',
      file: withHeader(fileOf([melodyAt((30000 / 1001) * 80)]), { division: 0xe350 }),
      rows: MELODY_ROWS,
      channel: 1,
      metre: 4,
    },
  ],
  ...['odd', 'even'].map((word): [string, Primer] => [
    `a RIFF wrapper, what is in it of an ${word} length`,
    {
      name: `${word}.RMI`,
      file: riff(
        'RMID',
        ['LIST', 'INFOINAM\x05\0\0\0Song!'],
        ['data', songOf(word === 'odd' ? 1 : 0)],
        ['DISP', 'abc'],
      ),
      rows: MELODY_ROWS,
      channel: 1,
    },
  ]),
  ['karaoke', { name: 'Song.KAR', file: KARAOKE, rows: MELODY_ROWS, channel: 1 }],
];

async function generate(folder: string, primer: string, ...args: string[]) {
  const ask = ['generate', '--model', 'model.safetensors', '--primer', primer, '--notes', String(PLAYED)];
  return runCadenza([...ask, '--quiet', ...args], { cwd: folder });
}

const read = (folder: string, name: string) => readMidi(readFileSync(join(folder, name)), name);
const warnings = (lines: readonly string[]) => lines.map((line) => `cadenza: warning: ${line}\n`).join('');

/** Everything that stands in the tracks of a file, up to a number of them. */
function contentOf({ events, messages, tracks }: MidiFile, count = tracks.length) {
  const { tick, status, data1, data2, track } = events;
  return {
    tracks: tracks.slice(0, count),
    events: Array.from({ length: events.length }, (_, i) => [
      track[i],
      tick[i],
      status[i],
      data1[i],
      data2[i],
    ]).filter(([track]) => track < count),
    messages: messages
      .filter(({ track }) => track < count)
      .map(({ track, tick, before, status, type, data }) => [track, tick, before, status, type, [...data]]),
  };
}

type Rows = readonly NoteRow[];

/**
 * The same notes, times but for the rounding to ticks. Those of one pitch are in the order of their starts.
 */
function expectNear(found: Rows, expected: Rows) {
  const sorted = (rows: Rows) => [...rows].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const [a, b] = [sorted(found), sorted(expected)];
  expect(a.map(([pitch]) => pitch)).toEqual(b.map(([pitch]) => pitch));
  for (const [n, [, start, end]] of a.entries()) {
    expect(Math.abs(start - b[n][1])).toBeLessThan(0.003);
    expect(Math.abs(end - b[n][2])).toBeLessThan(0.003);
  }
}

describe('is heard, and what is played on fits it', () => {
  it.each(PRIMERS)('%s', async (_, primer) => {
    const { name, rows, said = [], metre = 3 } = primer;
    const plain = midiFromNotes(tableOf(rows), { metre: { numerator: metre, denominator: 4 } });
    const folder = tempFolder({ 'model.safetensors': MODEL, [name]: primer.file, 'plain.mid': plain });
    const [own, whole, same] = await Promise.all([
      generate(folder, name, '-o', 'own.mid'),
      generate(folder, name, '-o', 'whole.mid', '--with-primer'),
      generate(folder, 'plain.mid', '-o', 'same.mid', '--with-primer'),
    ]);
    expect(own).toEqual({ code: 0, stdout: 'own.mid\n', stderr: warnings(said) });
    expect(whole).toEqual({ code: 0, stdout: 'whole.mid\n', stderr: warnings(said) });
    expect(same).toEqual({ code: 0, stdout: 'same.mid\n', stderr: '' });

    const given = read(folder, name);
    expectNear(rowsOf(soundingNotes(given)), rows);
    const end = Math.max(...rows.map(([, , end]) => end));

    const all = read(folder, 'whole.mid');
    expect([all.format, all.division, all.warnings.filter(({ track }) => track < 0)]).toEqual([
      1,
      given.division,
      [],
    ]);
    expect(all.tracks).toHaveLength(given.tracks.length + 1);
    expect(contentOf(all, given.tracks.length)).toEqual(contentOf(given));
    const { notes } = listen(all);
    const made = Array.from(notes.track.keys()).filter((n) => notes.track[n] === given.tracks.length);
    expect(made).toHaveLength(PLAYED);
    for (const n of made) {
      expect(notes.start[n]).toBeGreaterThan(end - 0.0005);
      expect(notes.channel[n]).toBe(primer.channel);
      expect(notes.program[n]).toBe(primer.program ?? 0);
    }
    const written = rowsOf(notes);
    expectNear(written.slice(0, -PLAYED), rows);
    // As if the notes had stood in a plain file.
    expectNear(written.slice(-PLAYED), rowsOf(soundingNotes(read(folder, 'same.mid'))).slice(-PLAYED));

    const alone = read(folder, 'own.mid');
    const { tempos, metres } = timeGridOf(alone);
    expect([alone.format, alone.ticksPerSecond, alone.warnings]).toEqual([1, undefined, []]);
    expect(tempos).toMatchObject([{ tick: 0, microsecondsPerBeat: 500_000 }]);
    expect(metres).toMatchObject([{ tick: 0, numerator: metre, denominator: 4 }]);
    const heard = listen(alone).notes;
    expect(new Set(heard.program)).toEqual(new Set([primer.program ?? 0]));
    // It begins with the bar in which the primer ends, where it has bars; else with that end.
    const begin = given.ticksPerSecond === undefined ? Math.floor(end / 1.5) * 1.5 : end;
    const later = rowsOf(heard).map(([pitch, start, end]): NoteRow => [pitch, start + begin, end + begin]);
    expectNear(later, written.slice(-PLAYED));
  });

  it('karaoke, with all its words', async () => {
    const folder = tempFolder({ 'model.safetensors': MODEL, 'song.kar': KARAOKE });
    expect(await generate(folder, 'song.kar', '--with-primer')).toMatchObject({ code: 0, stderr: '' });
    const { texts, tracks } = read(folder, 'output.mid');
    const words = texts.filter(({ track }) => tracks[track].name === 'Words');
    const [star, a] = ['stär', 'あ'];
    const sung = [...LYRICS.slice(0, 6), star, a];
    expect(words.filter(({ type }) => type === 5).map(({ tick, text }) => [tick, text])).toEqual(
      sung.map((word, i) => [480 * i, word]),
    );
    expect(words.filter(({ type }) => type === 1).map(({ text }) => text)).toEqual([
      '@LENGL',
      '@TA song',
      '@TNobody',
      ...sung,
    ]);
  });

  it('SMPTE time, alone in a tempo that is asked for', async () => {
    const frames = withHeader(fileOf([melodyAt(1000)]), { division: 0xe728 });
    const folder = tempFolder({ 'model.safetensors': MODEL, 'frames.mid': frames });
    const ask = ['--bpm', '90', '--metre', '6/8'];
    expect(await generate(folder, 'frames.mid', ...ask)).toMatchObject({ code: 0, stderr: '' });
    expect(await generate(folder, 'frames.mid', '-o', 'plain.mid')).toMatchObject({ code: 0, stderr: '' });
    const refused = await generate(
      folder,
      'frames.mid',
      '--quantize',
      '1/8',
      '--with-primer',
      '-o',
      'no.mid',
    );
    expect(refused).toMatchObject({
      code: 1,
      stderr:
        'cadenza: frames.mid: counts its time in SMPTE frames, which have no beats; leave out --quantize or --with-primer\n',
    });
    expect(readdirSync(folder)).not.toContain('no.mid');
    const { tempos, metres } = timeGridOf(read(folder, 'output.mid'));
    expect(tempos).toMatchObject([{ tick: 0, microsecondsPerBeat: 666_667 }]);
    expect(metres).toMatchObject([{ numerator: 6, denominator: 8 }]);
    const [slow, plain] = ['output.mid', 'plain.mid'].map((name) =>
      rowsOf(soundingNotes(read(folder, name))),
    );
    expectNear(slow, plain);
  });
});

describe('what is damaged', () => {
  const song = songOf(0);
  const header = (format: number, tracks: number, division: number) =>
    Uint8Array.of(...bytesOf('MThd'), 0, 0, 0, 6, 0, format, 0, tracks, division >> 8, division & 0xff);
  const cutOff = (file: Uint8Array, tag: string) => {
    const at = Buffer.from(file).lastIndexOf(tag);
    return file.slice(0, at);
  };

  it.each<[what: string, name: string, file: Uint8Array, message: string]>([
    [
      'RMID without a "data" chunk',
      'song.rmi',
      riff('RMID', ['LIST', 'INFOINAM\x05\0\0\0Song!']),
      'song.rmi: not a MIDI file, no "MThd" from byte 0 on but 52 49 46 46; ' +
        'this looks like a RIFF MIDI file without its "data": get a whole copy of it',
    ],
    [
      'RMID that ends with the header of its "data"',
      'song.rmi',
      cutOff(riff('RMID', ['data', song]), 'MThd'),
      'song.rmi: not a MIDI file, no "MThd" from byte 20 to its end; get a whole copy of it',
    ],
    [
      'RMID with other data',
      'song.rmi',
      riff('RMID', ['data', 'nothing']),
      'song.rmi: not a MIDI file, no "MThd" from byte 20 on but 6e 6f 74 68; give a Standard MIDI File (.mid)',
    ],
    [
      'format 2 of no tracks',
      'none.mid',
      header(2, 0, 480),
      'none.mid: no track ("MTrk") from byte 14 to its end at byte 14; ' +
        'the file is cut off or damaged: get a whole copy of it',
    ],
    [
      'karaoke that ends before its tracks',
      'song.kar',
      KARAOKE.slice(0, 12),
      'song.kar: the file ends at byte 12, inside its header; get a whole copy of it',
    ],
  ])('%s is refused in one line', async (_, name, file, message) => {
    const folder = tempFolder({ 'model.safetensors': MODEL, [name]: file });
    for (const args of [[], ['--with-primer']]) {
      const { code, stdout, stderr } = await generate(folder, name, ...args);
      expect([code, stdout, stderr]).toEqual([1, '', `cadenza: ${message}\n`]);
    }
    expect(readdirSync(folder).sort()).toEqual(['model.safetensors', name].sort());
  });

  it('karaoke that ends within its words is refused', async () => {
    const file = KARAOKE.slice(0, Buffer.from(KARAOKE).indexOf('twin', 0, 'latin1'));
    const folder = tempFolder({ 'model.safetensors': MODEL, 'song.kar': file });
    const { code, stderr } = await generate(folder, 'song.kar', '--with-primer');
    const lines = stderr.trimEnd().split('\n');
    const warned = lines.slice(0, -1).filter((line) => !line.startsWith('cadenza: warning: song.kar: '));
    expect([code, warned, lines.at(-1)]).toEqual([
      1,
      [],
      'cadenza: song.kar: holds no notes, nothing to play on from; choose another primer',
    ]);
    expect(readdirSync(folder).sort()).toEqual(['model.safetensors', 'song.kar']);
  });

  it.each<[what: string, file: Uint8Array, division: number, ticksPerSecond: number, warned: RegExp[]]>([
    [
      'SMPTE time of a rate that there is not',
      withHeader(fileOf([melodyAt(1000)]), { division: 0xd819 }),
      0xd819,
      1000,
      [/unknown SMPTE rate of 40 frames a second: taken as it stands \(byte 12\)$/],
    ],
    [
      'SMPTE time of no ticks',
      withHeader(fileOf([MELODY]), { division: 0xe700 }),
      480,
      960,
      [/division of 0 ticks: taken for 480 ticks a beat \(byte 12\)$/],
    ],
    [
      'karaoke that ends within its last notes',
      KARAOKE.slice(0, -5),
      480,
      960,
      [/cut off inside this event: left out/, /track length .* is wrong/, /1 key is never released/],
    ],
    [
      'RMID that ends within its last notes',
      riff('RMID', ['LIST', 'INFO'], ['data', songOf(0)]).slice(0, -5),
      480,
      960,
      [/cut off inside this event: left out/, /track length .* is wrong/, /1 key is never released/],
    ],
  ])('%s is heard, with a warning', async (_, file, division, ticksPerSecond, warned) => {
    const folder = tempFolder({ 'model.safetensors': MODEL, 'song.kar': file });
    const { code, stderr } = await generate(folder, 'song.kar', '--with-primer');
    const lines = stderr.trimEnd().split('\n');
    expect([code, lines]).toEqual([0, warned.map((message) => expect.stringMatching(message))]);
    const [given, all] = [read(folder, 'song.kar'), read(folder, 'output.mid')];
    expect(all.division).toBe(division);
    expect(contentOf(all, given.tracks.length)).toEqual(contentOf(given));
    const rows = rowsOf(soundingNotes(all));
    expect(rows.length).toBeGreaterThanOrEqual(MELODY_ROWS.length - 1 + PLAYED);
    expect(rows.slice(0, 7)).toEqual(
      MELODY_ROWS.slice(0, 7).map(([pitch, start, end]) => [
        pitch,
        expect.closeTo(start),
        expect.closeTo(end),
      ]),
    );
    const [tick] = given.events.tick.slice(1);
    expect(tick / ticksPerSecond).toBe(0.5);
  });
});

describe('wherever files are taken', () => {
  const FILES = { 'Song.KAR': KARAOKE, 'Song.Rmi': riff('RMID', ['LIST', 'abc'], ['data', songOf(1)]) };

  it.each(Object.keys(FILES))('%s: notes, render, evaluate', async (name) => {
    const folder = tempFolder({
      'model.safetensors': MODEL,
      [`midi/${name}`]: FILES[name as keyof typeof FILES],
    });
    const run = (...args: string[]) => runCadenza(args, { cwd: folder });
    const path = join('midi', name);
    for (const how of [[], ['--sounding']]) {
      const notes = await run('notes', path, '--format', 'json', ...how);
      expect([notes.code, JSON.parse(notes.stdout).length]).toEqual([0, TUNE.length]);
    }
    const render = await run('render', path, '--quiet', '--sample-rate', '8000');
    expect([render.code, render.stdout]).toEqual([0, `${join('midi', name.replace(/\..*/, '.wav'))}\n`]);
    const evaluate = await run('evaluate', 'model.safetensors', 'midi', '--json', '--quiet');
    expect([evaluate.code, JSON.parse(evaluate.stdout).notes]).toEqual([0, TUNE.length]);
  });
});
