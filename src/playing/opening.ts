import { pitchNamed } from '../notes/note-name.js';
import { createNoteTable, type NoteTable } from '../notes/note-table.js';

/**
 * The chords of the opening, a bar each, from the lowest note up: the first twelve bars of J. S. Bach's
 * Prelude in C major (Das wohltemperierte Klavier I, BWV 846, 1722; public domain), from which its broken
 * figure is made.
 */
const BARS = [
  'C4 E4 G4 C5 E5',
  'C4 D4 A4 D5 F5',
  'B3 D4 G4 D5 F5',
  'C4 E4 G4 C5 E5',
  'C4 E4 A4 E5 A5',
  'C4 D4 F#4 A4 D5',
  'B3 D4 G4 D5 G5',
  'B3 C4 E4 G4 C5',
  'A3 C4 E4 G4 C5',
  'D3 A3 D4 F#4 C5',
  'G3 B3 D4 G4 B4',
  'G3 A#3 E4 G4 C#5',
];

/** Which of a bar's five notes sound in turn; every bar plays the figure twice. */
const FIGURE = [0, 1, 2, 3, 4, 2, 3, 4];
/** Beats a minute. */
const TEMPO = 72;
/** A sixteenth. */
const STEP = 60 / TEMPO / 4;
/** How fast it goes: four beats to a bar. */
export const OPENING_TIME = { barSeconds: 16 * STEP, microsecondsPerBeat: Math.round(6e7 / TEMPO) };
/** The two lowest notes are held to the end of the half bar, the others are let go as the next one comes. */
const HELD = [8, 7];

/**
 * The built-in primer: twelve bars of broken chords, 192 notes in 40 seconds.
 *
 * @example
 * import { builtInOpening, noteName } from 'cadenza';
 *
 * console.log(noteName(builtInOpening().pitch[0])); // C4
 */
export function builtInOpening(): NoteTable {
  const perBar = FIGURE.length * 2;
  const notes = createNoteTable(BARS.length * perBar);
  BARS.forEach((bar, b) => {
    const chord = bar.split(' ').map(pitchNamed);
    for (let i = 0; i < perBar; i++) {
      const n = b * perBar + i;
      const inFigure = i % FIGURE.length;
      notes.pitch[n] = chord[FIGURE[inFigure]];
      notes.velocity[n] = inFigure === 0 ? 76 : 64;
      notes.start[n] = n * STEP;
      notes.end[n] = (n + (inFigure < HELD.length ? HELD[inFigure] : 1)) * STEP;
    }
  });
  return notes;
}
