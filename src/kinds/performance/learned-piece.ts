/** A piece as it is learned from, and how often a model is told of it. */
import type { NoteTable } from '../../notes/note-table.js';

/** Sounding notes of a whole piece. */
export interface LearnedPiece extends NoteTable {
  /** In whose style it is, counted from 0; NONE or nothing where no style is learned by it. */
  readonly style?: number;
}

/** In which part of the pieces it is told how far the end is, and in which part whose style they are in. */
export const TELLING = 0.9;
