/** What the computer's keys do on a roll that has the focus. */

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
  announce(): void;
}

/** The keys in words, for the label of the roll. */
export const KEYS_IN_WORDS =
  'Arrow keys move, plus and minus zoom, 0 shows all, Shift and arrows select, brackets move the end of the primer, I reads out where you are.';

/** Does what a key means; false if it means nothing here. */
export function pressKey(event: KeyboardEvent, roll: RollActions): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
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
      return roll.clearSelection();
    case 'i':
    case 'I':
      roll.announce();
      return true;
    default:
      return false;
  }
}
