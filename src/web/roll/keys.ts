/** What the computer's keys do on a roll that has the focus. */

import type { NoteEdit } from '../../notes/note-edit.js';

/** What keys can do to a roll. */
export interface RollActions {
  /** Moves the view by a part of what is shown. */
  panBy(part: number): void;
  zoom(factor: number): void;
  fit(): void;
  toEdge(edge: 'start' | 'end'): void;
  /** Moves the marker forwards or backwards, by a little or by a bar or so; false if there is none. */
  nudgeMarker(direction: number, isFar: boolean): boolean;
  /** Moves the free edge of the selection by a part of what is shown; begins one if there is none. */
  extendSelection(part: number): boolean;
  clearSelection(): boolean;
  /** Whether notes can be picked and changed. */
  readonly isEditable: boolean;
  /** Moves what is picked by places of the grid and by semitones; false where nothing is picked. */
  movePicked(steps: number, semitones: number): boolean;
  lengthenPicked(steps: number): boolean;
  editPicked(edit: NoteEdit): boolean;
  /** Picks the next note or the one before, in place of what is picked or beside it. */
  pickBeside(direction: number, isAdded: boolean): boolean;
  /** Nothing is picked any more; false where nothing was. */
  clearPicked(): boolean;
  /** A note at the playhead. */
  drawHere(): void;
  announce(): void;
}

/** The keys in words, for the label of the roll. */
export const KEYS_IN_WORDS =
  'Arrow keys move, plus and minus zoom, 0 shows all, Shift and arrows select, brackets move the end of the primer, I reads out where you are. N and P pick notes: arrow keys move them, with Shift left and right lengthen, with Alt up and down strike harder or softer, Delete removes them, D draws one.';

/** Does what a key means; false if it means nothing here. */
export function pressKey(event: KeyboardEvent, roll: RollActions): boolean {
  if (event.ctrlKey || event.metaKey) return false;
  if (roll.isEditable && pressPencilKey(event, roll)) return true;
  if (event.altKey) return false;
  switch (event.key) {
    case 'ArrowLeft':
    case 'ArrowRight': {
      const direction = event.key === 'ArrowLeft' ? -1 : 1;
      if (event.shiftKey) return roll.extendSelection(direction / 40);
      roll.panBy(direction / 10);
      return true;
    }
    case 'PageUp':
      roll.panBy(-0.9);
      return true;
    case 'PageDown':
      roll.panBy(0.9);
      return true;
    case 'Home':
      roll.toEdge('start');
      return true;
    case 'End':
      roll.toEdge('end');
      return true;
    case '+':
    case '=':
      roll.zoom(1.25);
      return true;
    case '-':
    case '_':
      roll.zoom(0.8);
      return true;
    case '0':
      roll.fit();
      return true;
    case '[':
    case ']':
      return roll.nudgeMarker(event.key === '[' ? -1 : 1, false);
    case '{':
    case '}':
      return roll.nudgeMarker(event.key === '{' ? -1 : 1, true);
    case 'Escape':
      return roll.clearPicked() || roll.clearSelection();
    case 'i':
    case 'I':
      roll.announce();
      return true;
    default:
      return false;
  }
}

/** Velocities by which a key makes strikes harder or softer. */
const FORCE = 6;

/** What a key means to notes. */
function pressPencilKey({ key, shiftKey, altKey }: KeyboardEvent, roll: RollActions): boolean {
  if (altKey) {
    const isForce = key === 'ArrowUp' || key === 'ArrowDown';
    return isForce && roll.editPicked({ kind: 'velocity', by: key === 'ArrowUp' ? FORCE : -FORCE });
  }
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowRight': {
      const direction = key === 'ArrowLeft' ? -1 : 1;
      return shiftKey ? roll.lengthenPicked(direction) : roll.movePicked(direction, 0);
    }
    case 'ArrowUp':
      return roll.movePicked(0, shiftKey ? 12 : 1);
    case 'ArrowDown':
      return roll.movePicked(0, shiftKey ? -12 : -1);
    case 'Delete':
    case 'Backspace':
      return roll.editPicked({ kind: 'remove' });
    case 'n':
    case 'N':
      return roll.pickBeside(1, shiftKey);
    case 'p':
    case 'P':
      return roll.pickBeside(-1, shiftKey);
    case 'd':
    case 'D':
      roll.drawHere();
      return true;
    default:
      return false;
  }
}
