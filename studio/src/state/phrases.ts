/** Phrases to begin with, in different styles, metres and keys, written for the studio. */
import { type Beats, createNoteTable, evenBeats, type NoteTable, pitchNamed } from '../../../src/index.js';
import { onOneString } from './one-string.js';

export interface Phrase {
  readonly title: string;
  /** Key, metre, tempo. */
  readonly about: string;
  readonly notes: NoteTable;
  readonly beats: Beats;
}

interface Written {
  readonly title: string;
  readonly key: string;
  /** Quarter notes a minute, and in a bar. */
  readonly tempo: number;
  readonly beats: number;
  /** As it is written in words, where that is not so many quarters. */
  readonly metre?: string;
  /**
   * Notes of each hand, one after the other: `C5/2` lasts two beats, `C4+E4` is a chord, `-` a rest; what has
   * no length is as long as the one before. Bars are parted by `|` for the eye.
   */
  readonly right: string;
  readonly left: string;
}

const WRITTEN: Readonly<Record<string, Written>> = {
  waltz: {
    title: 'Waltz',
    key: 'A minor',
    tempo: 138,
    beats: 3,
    right:
      'E5/2 A5/1 | G#5/2 E5/1 | F5 E5 D5 | E5/3 | E5/2 D5/1 | C5/2 B4/1 | A4 B4 G#4 | A4/3 ' +
      '| C5/2 E5/1 | D5/2 B4/1 | C5 A4 B4 | G#4/3 | A4/2 C5/1 | B4/2 D5/1 | C5 B4 G#4 | A4/3',
    left:
      'A2/1 C4+E4 C4+E4 | E2 G#3+D4 G#3+D4 | D3 F3+A3 F3+A3 | A2 C4+E4 C4+E4 | A2 C4+E4 C4+E4 | D3 F3+A3 F3+A3 | E2 G#3+D4 G#3+D4 | A2 C4+E4 C4+E4 ' +
      '| A2 C4+E4 C4+E4 | E2 G#3+D4 G#3+D4 | A2 C4+E4 C4+E4 | E2 G#3+B3 G#3+B3 | F2 A3+C4 A3+C4 | D3 F3+A3 F3+A3 | E2 G#3+D4 G#3+D4 | A2 C4+E4 -',
  },
  nocturne: {
    title: 'Nocturne',
    key: 'E♭ major',
    tempo: 63,
    beats: 4,
    right:
      'G4/2 Bb4/1 Eb5 | D5/1.5 C5/0.5 Bb4/2 | C5/1 Ab4 F5/1.5 Eb5/0.5 | Eb5/1 D5 Bb4/2 ' +
      '| G5/2 F5/1 Eb5 | D5/1.5 Eb5/0.5 C5/2 | Ab4/1 C5 F4 Ab4 | G4/3 -/1',
    left:
      'Eb2/0.5 Bb2 G3 Bb3 Eb2 Bb2 G3 Bb3 | Bb1 F2 D3 Ab3 Bb1 F2 D3 Ab3 | Ab1 Eb2 C3 Ab3 F1 C2 Ab2 F3 | Bb1 F2 D3 Ab3 Bb1 F2 D3 Ab3 ' +
      '| Eb2 Bb2 G3 Bb3 G2 Bb2 Eb3 Bb3 | Bb1 F2 D3 Ab3 C2 G2 Eb3 G3 | F1 C2 Ab2 F3 Bb1 F2 D3 Ab3 | Eb2 Bb2 G3 Bb3 Eb2/2',
  },
  rag: {
    title: 'Rag',
    key: 'C major',
    tempo: 84,
    beats: 2,
    right:
      'E5/0.25 C5/0.5 E5/0.25 G5/0.5 E5 | D5/0.25 B4/0.5 D5/0.25 F5/0.5 D5 | C5/0.25 E5 G5/0.5 A5/0.25 G5/0.5 E5/0.25 | D5/0.5 G4 A4 B4 ' +
      '| E5/0.25 C5/0.5 E5/0.25 G5/0.5 E5 | F5/0.25 D5/0.5 F5/0.25 A5/0.5 F5 | E5/0.25 G5/0.5 E5/0.25 D5/0.5 B4 | C5/1 -',
    left:
      'C3/0.5 E4+G4 G2 E4+G4 | G2 F4+G4 D3 F4+G4 | C3 E4+G4 A2 E4+A4 | G2 F4+G4 G2 F4+G4 ' +
      '| C3 E4+G4 E2 E4+G4 | F2 C4+F4 D3 C4+F4 | G2 E4+G4 G2 F4+G4 | C3 E4+G4 C2/1',
  },
  ballad: {
    title: 'Ballad',
    key: 'G major',
    tempo: 72,
    beats: 4,
    right:
      '-/1 B4/0.5 D5 D5/1 B4 | A4/1.5 F#4/0.5 A4/2 | -/1 G4/0.5 B4 B4/1 D5 | E5/1.5 D5/0.5 C5/1 B4 ' +
      '| -/1 B4/0.5 D5 G5/1 F#5 | E5/1.5 D5/0.5 A4/2 | B4/1 G4 C5 B4 | A4/1.5 G4/0.5 G4/2',
    left:
      'G2/0.5 D3 G3 B3 D4 B3 G3 D3 | D2 A2 D3 F#3 A3 F#3 D3 A2 | E2 B2 E3 G3 B3 G3 E3 B2 | C2 G2 C3 E3 G3 E3 C3 G2 ' +
      '| G2 D3 G3 B3 D4 B3 G3 D3 | D2 A2 D3 F#3 A3 F#3 D3 A2 | E2 B2 E3 G3 C2 G2 C3 E3 | D2 A2 D3 F#3 G2/2',
  },
  blues: {
    title: 'Slow blues',
    key: 'F major',
    tempo: 80,
    beats: 4,
    right:
      'A4+C5/0.667 Eb5/0.333 A4+C5/1 - Ab4/0.667 A4/0.333 | C5/1 Eb5/0.667 C5/0.333 F4/2 | D5+F5/0.667 Ab5/0.333 D5+F5/1 - C5/0.667 D5/0.333 | A4+C5/2 -/1 F4/0.667 G4/0.333 ' +
      '| Ab4/0.667 A4/0.333 C5/1 Eb5 C5 | D5+F5/1 Ab4/0.667 F4/0.333 D4/2 | C5/0.667 A4/0.333 F4/1 E4 G4 | A4+C5/3 -/1',
    left:
      'F2+C3/0.667 F2+D3/0.333 F2+C3/0.667 F2+D3/0.333 F2+C3/0.667 F2+D3/0.333 F2+C3/1 | F2+C3/0.667 F2+D3/0.333 F2+Eb3/0.667 F2+D3/0.333 F2+C3/2 | Bb1+F2/0.667 Bb1+G2/0.333 Bb1+F2/0.667 Bb1+G2/0.333 Bb1+F2/2 | F2+C3/0.667 F2+D3/0.333 F2+C3/1 F2+C3/2 ' +
      '| F2+C3/0.667 F2+D3/0.333 F2+C3/1 F2+Eb3/2 | Bb1+F2/0.667 Bb1+G2/0.333 Bb1+F2/1 Bb1+F2/2 | C2+G2/0.667 C2+A2/0.333 C2+Bb2/1 C2+G2/2 | F2+C3/0.667 F2+D3/0.333 F2+C3/2 -/1',
  },
  sarabande: {
    title: 'Sarabande',
    key: 'D minor',
    tempo: 58,
    beats: 3,
    right:
      'D4+F4+A4/1 D4+G4+Bb4/1.5 A4/0.5 | C#4+E4+A4/1 E4+A4+C#5/2 | F4+A4+D5/1 G4+Bb4+D5/1.5 E5/0.5 | A4+C5+F5/1 E5/0.5 D5 C5/1 ' +
      '| F4+Bb4+D5/1 F4+A4+C5/1.5 Bb4/0.5 | E4+G4+Bb4/1 A4/0.5 G4 F4/1 | D4+E4+G4/1 F4 C#4+E4 | D4+F4/3',
    left: 'D3/1 G2/2 | A2/1 A2/2 | D3/1 G2/2 | F2/1 C3/2 | Bb2/1 F2/2 | C3/1 A2 D3 | G2 A2 A1 | D2+A2/3',
  },
  march: {
    title: 'March',
    key: 'D major',
    tempo: 108,
    beats: 4,
    right:
      'D5/0.75 D5/0.25 F#5/1 A5 F#5 | G5/0.75 F#5/0.25 E5/1 A4/2 | E5/0.75 E5/0.25 G5/1 B5 G5 | A5/0.75 G5/0.25 F#5/1 D5/2 ' +
      '| D5/0.75 D5/0.25 F#5/1 A5 F#5 | B5/0.75 A5/0.25 G5/1 E5/2 | A5/1 G5/0.5 F#5 E5/1 C#5 | D5/2 D5/1 -',
    left:
      'D3/1 F#3+A3 A2 F#3+A3 | A2 C#3+G3 E3 C#3+G3 | A2 C#3+G3 E3 C#3+G3 | D3 F#3+A3 A2 F#3+A3 ' +
      '| D3 F#3+A3 A2 F#3+A3 | G2 B2+D3 D3 B2+D3 | A2 C#3+G3 A2 C#3+G3 | D3 A2 D2 -',
  },
  jig: {
    title: 'Jig',
    key: 'G major',
    metre: '6/8',
    tempo: 160,
    beats: 3,
    right:
      'G4/0.5 B4 D5 G5 D5 B4 | C5 E5 G5 B4 D5 G5 | A4 C5 E5 F#5 E5 D5 | G5 F#5 E5 D5/1 B4/0.5 ' +
      '| G4 B4 D5 G5 D5 B4 | C5 E5 G5 B4 D5 G5 | A4 C5 E5 D5 C5 A4 | G4/1.5 G4',
    left: 'G2/1.5 G3+B3 | C3 G3+B3 | A2 D3+F#3 | G2 G3+B3 | G2 G3+B3 | C3 G3+B3 | A2 D3+F#3 | G2 G2',
  },
};

/** How long a note sounds of its time, and how much louder the tune is than what accompanies it. */
const [SOUNDING, TUNE, BENEATH, ACCENT] = [0.94, 78, 60, 8];

interface Strike {
  readonly pitch: number;
  readonly beat: number;
  readonly length: number;
  readonly velocity: number;
}

function strikesOf(text: string, velocity: number, beatsPerBar: number): Strike[] {
  const strikes: Strike[] = [];
  let [beat, length] = [0, 1];
  for (const token of text.split(/[\s|]+/).filter(Boolean)) {
    const [names, said] = token.split('/');
    if (said !== undefined) length = Number(said);
    const isFirst = Math.abs(beat / beatsPerBar - Math.round(beat / beatsPerBar)) < 0.01;
    if (names !== '-')
      for (const name of names.split('+'))
        strikes.push({ pitch: pitchNamed(name), beat, length, velocity: velocity + (isFirst ? ACCENT : 0) });
    beat += length;
  }
  return strikes;
}

/** Names of the phrases. */
export const PHRASES: readonly string[] = Object.keys(WRITTEN);

export function phraseNamed(name: string): Phrase {
  const { title, key, tempo, beats, metre = `${beats}/4`, right, left } = WRITTEN[name];
  const beat = 60 / tempo;
  const strikes = [...strikesOf(right, TUNE, beats), ...strikesOf(left, BENEATH, beats)].sort(
    (a, b) => a.beat - b.beat || a.pitch - b.pitch,
  );
  const played = onOneString(
    strikes.map(({ pitch, velocity, beat: at, length }) => {
      const [start, end] = [at * beat, (at + SOUNDING * length) * beat];
      return { pitch, velocity, start, end };
    }),
  );
  const notes = createNoteTable(played.length);
  for (const [n, { pitch, velocity, start, end }] of played.entries()) {
    notes.pitch[n] = pitch;
    notes.velocity[n] = velocity;
    notes.start[n] = start;
    notes.end[n] = end;
  }
  return { title, about: `${metre}, ${key}, ♩ = ${tempo}`, notes, beats: evenBeats(0, tempo, beats) };
}
