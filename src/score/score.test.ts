import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableOf } from '../../test/helpers/note-rows.js';
import { evenBeats } from '../notes/beats.js';
import { builtInOpening } from '../playing/opening.js';
import { beamsOf } from './beams.js';
import { musicXmlOf } from './music-xml.js';
import { noteValueOf, TICKS, valuesOf } from './note-values.js';
import { readableTimes } from './readable-times.js';
import { scoreOf } from './score.js';
import { keyOfNotes, spelledIn } from './spelling.js';

describe('note values', () => {
  it('make up every stretch, one after the other, and are all values that are written', () => {
    const line = fc.integer({ min: 0, max: 32 });
    fc.assert(
      fc.property(line, line, fc.constantFrom(3, 4, 6), (from, length, every) => {
        const values = valuesOf(from * every, length * every);
        expect(values.reduce((sum, ticks) => sum + ticks, 0)).toBe(length * every);
        for (const ticks of values) expect(noteValueOf(ticks)).toBeDefined();
      }),
    );
  });

  it('are the usual ones', () => {
    expect(valuesOf(0, 96)).toEqual([96]);
    expect(valuesOf(0, 60)).toEqual([48, 12]);
    expect(valuesOf(12, 24)).toEqual([12, 12]);
    expect(valuesOf(6, 18)).toEqual([18]);
    expect(valuesOf(8, 16)).toEqual([16]);
    expect(valuesOf(0, 72, 36)).toEqual([72]);
    expect(noteValueOf(8)).toEqual({ name: 'eighth', dots: 0, isTriplet: true });
  });
});

describe('readable times', () => {
  const at = (start: number, end: number, pitch = 60, staff = 1) => ({ start, end, pitch, staff });

  it('bring a beat to the simplest lines that its notes are near to', () => {
    const sixteenths = readableTimes([0.8, 5.4, 12.3, 17.6].map((start) => at(start, start + 5)));
    expect(sixteenths.map(({ start }) => start)).toEqual([0, 6, 12, 18]);
    const triplets = readableTimes([-0.5, 8.3, 15.8].map((start) => at(start, start + 7)));
    expect(triplets.map(({ start }) => start)).toEqual([0, 8, 16]);
    expect(readableTimes([at(1.2, 20), at(25, 46)]).map(({ start, length }) => [start, length])).toEqual([
      [0, 24],
      [24, 24],
    ]);
  });

  it('write short rests as held, long ones as rests, and no key over its next strike', () => {
    const lengths = (...notes: ReturnType<typeof at>[]) => readableTimes(notes).map(({ length }) => length);
    expect(lengths(at(0, 12), at(24, 30), at(96, 99))).toEqual([24, 12, 12]);
    expect(lengths(at(0, 40, 60), at(24, 48, 60))).toEqual([24, 24]);
    expect(lengths(at(0, 28, 60), at(24, 48, 62))).toEqual([24, 24]);
  });
});

describe('spelling', () => {
  it('finds the key', () => {
    expect(keyOfNotes(builtInOpening())).toBe(0);
    const scale = (tonic: number) => [0, 4, 7, 12, 2, 5, 9, 11, 7, 4, 0].map((up) => tonic + up);
    const table = (pitches: number[]) => tableOf(pitches.map((pitch, i) => [pitch, i, i + 1] as const));
    expect(keyOfNotes(table(scale(62)))).toBe(2); // D major
    expect(keyOfNotes(table(scale(63)))).toBe(-3); // E flat major
    expect(keyOfNotes(tableOf([]))).toBe(0);
  });

  it('writes pitches near to the key', () => {
    const name = (fifths: number, pitch: number) => {
      const { step, alter, octave } = spelledIn(fifths, pitch);
      return `${step}${'#'.repeat(Math.max(0, alter))}${'b'.repeat(Math.max(0, -alter))}${octave}`;
    };
    expect([60, 61, 63, 66, 70, 71].map((pitch) => name(0, pitch))).toEqual([
      'C4',
      'C#4',
      'Eb4',
      'F#4',
      'Bb4',
      'B4',
    ]);
    expect([63, 68, 64, 73].map((pitch) => name(-4, pitch))).toEqual(['Eb4', 'Ab4', 'E4', 'Db5']);
    expect([66, 73, 65].map((pitch) => name(5, pitch))).toEqual(['F#4', 'C#5', 'E#4']);
    for (let fifths = -7; fifths <= 7; fifths++)
      for (let pitch = 21; pitch <= 108; pitch++) {
        const { step, alter, octave } = spelledIn(fifths, pitch);
        const semitones = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 }[step];
        expect(12 * (octave + 1) + semitones + alter).toBe(pitch);
        expect(Math.abs(alter)).toBeLessThanOrEqual(2);
      }
  });
});

describe('beams', () => {
  it('join what is short within a beat', () => {
    const notes = [
      { at: 0, flags: 1, isRest: false },
      { at: 12, flags: 2, isRest: false },
      { at: 18, flags: 2, isRest: false },
      { at: 24, flags: 1, isRest: false },
      { at: 36, flags: 1, isRest: true },
    ];
    expect(beamsOf(notes, TICKS)).toEqual([['begin'], ['continue', 'begin'], ['end', 'end'], [], []]);
    const dotted = [
      { at: 0, flags: 1, isRest: false },
      { at: 18, flags: 2, isRest: false },
    ];
    expect(beamsOf(dotted, TICKS)).toEqual([['begin'], ['end', 'backward hook']]);
  });
});

describe('a score', () => {
  const score = scoreOf(builtInOpening(), evenBeats(0, 72, 4));

  it('has the bars and notes of the piece, on two staves in at most two voices each', () => {
    expect(score.bars.length).toBe(12);
    expect(score.bars[0]).toMatchObject({ start: 0, length: 96, metre: { numerator: 4, denominator: 4 } });
    expect(score.notes.length).toBe(192);
    expect(Math.max(...score.notes.map(({ voice }) => voice))).toBeLessThanOrEqual(2);
    expect(score.notes[0]).toMatchObject({ pitch: 60, start: 0, length: 48 });
    expect(score.secondsAt(96)).toBeCloseTo(40 / 12, 6);
    expect(score.secondsAt(120)).toBeCloseTo(40 / 12 + 60 / 72, 6);
  });

  it('is MusicXML whose voices fill their bars', () => {
    const text = musicXmlOf(score, { title: 'A &\u0000\u001b <B>' });
    expect(text).toContain('<work-title>A &amp; &lt;B&gt;</work-title>');
    const measures = text.split('<measure ').slice(1);
    expect(measures.length).toBe(12);
    for (const measure of measures) {
      const filled = new Map<string, number>();
      for (const [line] of measure.matchAll(/<(note|forward)>.*?<\/\1>/g)) {
        if (line.includes('<chord/>')) continue;
        const voice = /<voice>(\d)/.exec(line)?.[1] as string;
        filled.set(voice, (filled.get(voice) ?? 0) + Number(/<duration>(\d+)/.exec(line)?.[1]));
      }
      expect([...filled.values()].every((ticks) => ticks === 96)).toBe(true);
      expect([...filled.keys()]).toEqual(expect.arrayContaining(['1', '5']));
    }
  });

  it('writes 6/8 where that is said, an upbeat in its bar, and nothing where there is nothing', () => {
    const jig = tableOf(
      Array.from({ length: 12 }, (_, i) => [67 + (i % 3), i * 0.25, (i + 1) * 0.25] as const),
    );
    const written = scoreOf(jig, evenBeats(0, 120, 3), { metre: { numerator: 6, denominator: 8 } });
    expect(musicXmlOf(written)).toContain('<beats>6</beats><beat-type>8</beat-type>');
    const upbeat = scoreOf(
      tableOf([
        [60, 1.5, 2],
        [62, 2, 3],
      ]),
      evenBeats(2, 120, 4),
    );
    expect(upbeat.firstBar).toBe(0);
    expect(upbeat.notes.map(({ start }) => start)).toEqual([72, 96]);
    expect(musicXmlOf(scoreOf(tableOf([]), evenBeats(0, 120, 4)))).toContain('</score-partwise>');
  });
});
