import type { GridNotes } from '../../notes/grid.js';

/** A view of the first notes of a piece; all of them by default. */
export function sliceGrid(notes: GridNotes, most = notes.length): GridNotes {
  if (most >= notes.length) return notes;
  return {
    length: most,
    key: notes.key.subarray(0, most),
    velocity: notes.velocity.subarray(0, most),
    onset: notes.onset.subarray(0, most),
    offset: notes.offset.subarray(0, most),
  };
}
