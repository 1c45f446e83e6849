/** Edits of notes by hand, and what they make of them. */
import { KEYS, LOWEST_PITCH } from './grid.js';

/** A change of notes by hand; but for what is new, and the pedal, it is meant for notes that are picked. */
export type NoteEdit =
  | {
      readonly kind: 'move';
      readonly seconds: number;
      readonly semitones: number;
      /** Whether the notes stay where they are, too. */
      readonly isCopy?: boolean;
    }
  | { readonly kind: 'lengthen'; readonly seconds: number }
  | { readonly kind: 'velocity'; readonly by: number }
  | { readonly kind: 'remove' }
  /** A new note. */
  | { readonly kind: 'draw'; readonly pitch: number; readonly start: number; readonly end: number }
  /** The pedal goes down, or up, over a span. */
  | { readonly kind: 'pedal'; readonly from: number; readonly to: number; readonly isDown: boolean }
  /** The pedal is not put down for the span in which a time lies. */
  | { readonly kind: 'lift'; readonly at: number };

/** A note of a piece. */
export interface EditedNote {
  readonly pitch: number;
  readonly velocity: number;
  /** Seconds. */
  readonly start: number;
  readonly end: number;
}

/** Seconds that a note lasts at least. */
const SHORTEST_NOTE = 0.02;
/** The velocity of a note that is drawn. */
const DRAWN_VELOCITY = 72;

/**
 * How an edit leaves the notes for which it is meant, all of them on the piano and not before time 0: what
 * would go beyond moves all of them less far.
 */
export function afterEdit(edit: NoteEdit | undefined, notes: readonly EditedNote[]): readonly EditedNote[] {
  switch (edit?.kind) {
    case 'move': {
      const first = Math.min(...notes.map(({ start }) => start));
      const [lowest, highest] = [
        Math.min(...notes.map(({ pitch }) => pitch)),
        Math.max(...notes.map(({ pitch }) => pitch)),
      ];
      const seconds = Math.max(-first, edit.seconds);
      const semitones = Math.min(
        LOWEST_PITCH + KEYS - 1 - highest,
        Math.max(LOWEST_PITCH - lowest, edit.semitones),
      );
      return notes.map((note) => ({
        ...note,
        pitch: note.pitch + semitones,
        start: note.start + seconds,
        end: note.end + seconds,
      }));
    }
    case 'lengthen':
      return notes.map((note) => ({
        ...note,
        end: Math.max(note.start + SHORTEST_NOTE, note.end + edit.seconds),
      }));
    case 'velocity':
      return notes.map((note) => ({
        ...note,
        velocity: Math.min(127, Math.max(1, note.velocity + edit.by)),
      }));
    case 'draw':
      return [{ pitch: edit.pitch, velocity: DRAWN_VELOCITY, start: edit.start, end: edit.end }];
    default:
      return [];
  }
}
