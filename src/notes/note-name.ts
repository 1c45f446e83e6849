import { CadenzaError } from '../errors.js';

/** Semitones above C of the notes that have a letter. */
export const LETTERS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

const NAMES = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];

/**
 * The name of a MIDI note number, 0 … 127: 60 is "C4", 61 "C#4" (always sharps), 0 "C-1".
 *
 * @example
 * import { noteName } from 'cadenza';
 *
 * console.log(noteName(60)); // C4
 */
export function noteName(pitch: number): string {
  return `${NAMES[pitch % 12]}${Math.floor(pitch / 12) - 1}`;
}

/**
 * The MIDI note number of a name: "C4" is 60, "F#4" and "Gb4" are 66; `noteName` the other way round.
 *
 * @throws CadenzaError when it is no name of a note
 */
export function pitchNamed(name: string): number {
  const [, letter, sign, octave] = /^([A-G])([#b]?)(-?\d)$/.exec(name) ?? [];
  if (letter === undefined) throw new CadenzaError(`no note's name: "${name}"; write C4, F#3 or Bb5`);
  const shift = sign === '#' ? 1 : sign === 'b' ? -1 : 0;
  return 12 * (Number(octave) + 1) + LETTERS[letter] + shift;
}
