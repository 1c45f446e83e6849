/**
 * The tutorial's representation: a note is three numbers, its pitch ÷ 128 and its step and duration in
 * seconds. Velocity is not heard; what is played has one velocity throughout.
 */
import { createNoteTable, durationsOf, type NoteTable, stepsOf } from '../../notes/note-table.js';

/** Numbers a note becomes: pitch, step, duration. */
export const TUTORIAL_FEATURES = 3;
/**
 * Inputs hold pitch divided by the size of its vocabulary; a power of two, so that the pitch is found again
 * exactly.
 */
export const TUTORIAL_PITCHES = 128;
/** The velocity of everything the tutorial model plays. */
export const TUTORIAL_VELOCITY = 100;

/** N: how many notes are encoded in `features`. */
export function encodedLength(features: Float32Array): number {
  return features.length / TUTORIAL_FEATURES;
}

/** (N, 3) row-major: pitch ÷ 128, step, duration of each note. */
export function encodeTutorial(notes: NoteTable): Float32Array {
  const features = new Float32Array(notes.length * TUTORIAL_FEATURES);
  const steps = stepsOf(notes);
  const durations = durationsOf(notes);
  for (let i = 0; i < notes.length; i++) {
    features[i * TUTORIAL_FEATURES] = notes.pitch[i] / TUTORIAL_PITCHES;
    features[i * TUTORIAL_FEATURES + 1] = steps[i];
    features[i * TUTORIAL_FEATURES + 2] = durations[i];
  }
  return features;
}

/**
 * The inverse of {@link encodeTutorial}: notes that begin at `origin` plus their first step, at velocity 100.
 */
export function decodeTutorial(features: Float32Array, origin = 0): NoteTable {
  const notes = createNoteTable(encodedLength(features));
  let start = origin;
  for (let i = 0; i < notes.length; i++) {
    start += features[i * TUTORIAL_FEATURES + 1];
    notes.pitch[i] = Math.round(features[i * TUTORIAL_FEATURES] * TUTORIAL_PITCHES);
    notes.velocity[i] = TUTORIAL_VELOCITY;
    notes.start[i] = start;
    notes.end[i] = start + features[i * TUTORIAL_FEATURES + 2];
  }
  return notes;
}
