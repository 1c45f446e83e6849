/** How much a piece keeps to one scale. */
import { type GridNotes, KEYS } from '../../notes/grid.js';
import { keyCounts, pitchClassOf } from './features.js';

/**
 * Semitones of the major scale above its tonic; a natural minor scale has the classes of its relative major.
 */
const MAJOR = [0, 2, 4, 5, 7, 9, 11];

/**
 * Scale consistency: the largest share of notes, 0 … 1, that lies in any one major or natural minor scale
 * (Mogren, "C-RNN-GAN", 2016; computed as in MusPy, Dong et al., ISMIR 2020). 7/12 if all classes are as
 * frequent.
 */
export function scaleConsistency(notes: GridNotes): number {
  const classes = new Float64Array(12);
  const keys = keyCounts(notes);
  for (let key = 0; key < KEYS; key++) classes[pitchClassOf(key)] += keys[key];
  let most = 0;
  for (let tonic = 0; tonic < 12; tonic++) {
    const inScale = MAJOR.reduce((sum, degree) => sum + classes[(tonic + degree) % 12], 0);
    most = Math.max(most, inScale);
  }
  return most / notes.length;
}
