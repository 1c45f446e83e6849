/**
 * What hands do on the roll: pointers, wheel, two fingers. It knows where they are and what that part is for;
 * what then happens is up to the roll.
 */
import { type EditingHands, isAtEnd, pencilAt } from './editing.js';
import { type Layout, type Part, type PitchScale, partAt, type TimeScale } from './geometry.js';
import type { RollNote, RollTool } from './roll-types.js';

/** A point of the roll in the piece. */
export interface Place {
  readonly time: number;
  readonly pitch: number;
}

/** What gestures need to know of a roll, and what they do to it. */
export interface RollHands extends EditingHands {
  readonly layout: Layout;
  readonly time: TimeScale;
  readonly pitch: PitchScale;
  readonly tool: RollTool;
  readonly isSelectable: boolean;
  readonly wheelPans: boolean;
  readonly marker: number | undefined;
  /** Pixels that the marker's word takes in the ruler, beside its line. */
  readonly markerWidth: number;
  /** Whether places stay where they are pointed at, on the grid or not. */
  isFree: boolean;
  /** Times against pixels in the overview. */
  readonly overviewTime: TimeScale;
  noteAt(time: number, pitch: number): RollNote | undefined;
  hover(place: Place | undefined): void;
  pan(seconds: number): void;
  centre(seconds: number): void;
  zoomAbout(factor: number, time: number): void;
  fit(): void;
  seek(seconds: number): void;
  moveMarker(seconds: number, isFinal: boolean): void;
  select(from: Place, to: Place, isFinal: boolean, withPitches: boolean): void;
  clearSelection(): void;
  strike(pitch: number, velocity: number): void;
  release(pitch: number): void;
  pressChords(time: number): void;
  /** The beat at a place across, seconds; undefined where none is near. */
  beatAt(x: number): number | undefined;
  moveBeat(from: number, to: number, isFinal: boolean): void;
}

/** Pixels that a pointer may tremble without it being a drag. */
const TREMBLE = 4;
/** Pixels from the marker's line at which it is taken hold of; a finger is broader. */
const GRIP = { mouse: 5, touch: 14 };

export type Drag = {
  readonly move: (x: number, y: number) => void;
  readonly end: (x: number, y: number, isClick: boolean) => void;
  /** Called instead of `end` where it turns out to be something else before it has moved. */
  readonly abandon: () => void;
};

/** Listens to an element until the function that is returned is called. */
export function listenToHands(element: HTMLElement, hands: RollHands): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  const pointers = new Map<number, { x: number; y: number }>();
  let drag: Drag | undefined;
  let start = { x: 0, y: 0, moved: false };

  const place = (event: MouseEvent) => {
    hands.isFree = event.ctrlKey || event.metaKey;
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  element.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return;
      const at = place(event);
      const [first] = pointers.values();
      pointers.set(event.pointerId, at);
      element.setPointerCapture(event.pointerId);
      if (pointers.size === 1) {
        start = { ...at, moved: false };
        drag = dragFor(hands, at.x, at.y, event);
      } else {
        // A second finger turns whatever it was into a pinch.
        if (start.moved) drag?.end(first.x, first.y, false);
        else drag?.abandon();
        drag = undefined;
      }
    },
    { signal },
  );

  element.addEventListener(
    'pointermove',
    (event) => {
      const at = place(event);
      const before = pointers.get(event.pointerId);
      if (before === undefined) {
        if (event.pointerType !== 'touch') showPlace(element, hands, at.x, at.y);
        return;
      }
      if (pointers.size === 2) pinch(hands, pointers, event.pointerId, at);
      pointers.set(event.pointerId, at);
      start.moved ||= Math.hypot(at.x - start.x, at.y - start.y) > TREMBLE;
      if (start.moved) drag?.move(at.x, at.y);
    },
    { signal },
  );

  const lift = (event: PointerEvent) => {
    if (!pointers.delete(event.pointerId)) return;
    const { x, y } = place(event);
    drag?.end(x, y, !start.moved && event.type === 'pointerup');
    drag = undefined;
  };
  element.addEventListener('pointerup', lift, { signal });
  element.addEventListener('pointercancel', lift, { signal });
  element.addEventListener('pointerleave', () => hands.hover(undefined), { signal });

  element.addEventListener(
    'dblclick',
    (event) => {
      const { x, y } = place(event);
      if (partAt(hands.layout, x, y) === 'overview') hands.fit();
    },
    { signal },
  );

  element.addEventListener(
    'wheel',
    (event) => {
      const [dx, dy] = wheelPixels(event);
      if (event.ctrlKey || event.metaKey) {
        hands.zoomAbout(Math.exp(-dy / 240), hands.time.timeOf(place(event).x));
      } else {
        const across = Math.abs(dx) > Math.abs(dy) ? dx : event.shiftKey || hands.wheelPans ? dy : 0;
        // A page around the roll scrolls as it always does.
        if (across === 0) return;
        hands.pan(across / hands.time.density);
      }
      event.preventDefault();
    },
    { signal, passive: false },
  );
  return () => listening.abort();
}

/** What a pointer that goes down here will do. */
function dragFor(hands: RollHands, x: number, y: number, event: PointerEvent): Drag | undefined {
  const part = partAt(hands.layout, x, y);
  if (part === undefined) return undefined;
  const isPencil = hands.tool === 'edit';
  // Between notes one wants to reach, the marker has its word.
  if ((!isPencil || part === 'ruler') && isAtMarker(hands, part, x, event.pointerType))
    return dragMarker(hands, x);
  const beat = hands.tool === 'beats' && part !== 'overview' ? hands.beatAt(x) : undefined;
  if (beat !== undefined) return dragBeat(hands, beat);
  if (part === 'keyboard') return playKeys(hands, x, y);
  if (part === 'overview') return dragBrush(hands, x);
  if (part === 'ruler') return scrub(hands, x);
  if (part === 'chords') return pressChords(hands, x);
  if (isPencil) return pencilAt(hands, part, { x, y }, event);
  if (hands.isSelectable && (event.shiftKey || hands.tool === 'select')) {
    return dragSelection(hands, x, y, event.altKey);
  }
  return dragNotes(hands, x, y);
}

function dragBeat(hands: RollHands, beat: number): Drag {
  return {
    move: (x) => hands.moveBeat(beat, hands.time.timeOf(x), false),
    end: (x, _y, isClick) => hands.moveBeat(beat, isClick ? beat : hands.time.timeOf(x), true),
    abandon: () => hands.moveBeat(beat, beat, true),
  };
}

function pressChords(hands: RollHands, x: number): Drag {
  return {
    move: () => {},
    end: (_x, _y, isClick) => isClick && hands.pressChords(hands.time.timeOf(x)),
    abandon: () => {},
  };
}

function isAtMarker(hands: RollHands, part: Part, x: number, pointer: string): boolean {
  const { marker, markerWidth, time, layout } = hands;
  if (marker === undefined || (part !== 'ruler' && part !== 'notes' && part !== 'pedal')) return false;
  const line = time.xOf(marker);
  if (Math.abs(x - line) <= (pointer === 'touch' ? GRIP.touch : GRIP.mouse)) return true;
  // Its word is a handle too; it stands left of the line where there is room.
  const left = line - markerWidth < layout.notes.x ? line : line - markerWidth;
  return part === 'ruler' && x >= left && x <= left + markerWidth;
}

function dragMarker(hands: RollHands, startX: number): Drag {
  const offset = hands.time.xOf(hands.marker!) - startX;
  return {
    move: (x) => hands.moveMarker(hands.time.timeOf(x + offset), false),
    end: (x, _y, isClick) => !isClick && hands.moveMarker(hands.time.timeOf(x + offset), true),
    abandon: () => {},
  };
}

/** Keys sound while they are pressed; further to the right they are struck harder. Sliding plays on. */
function playKeys(hands: RollHands, startX: number, startY: number): Drag {
  const { keyboard } = hands.layout;
  let pitch = hands.pitch.pitchOf(startY);
  hands.strike(pitch, keyVelocity(startX, keyboard.width));
  return {
    move: (x, y) => {
      const next = hands.pitch.pitchOf(y);
      if (next === pitch) return;
      hands.release(pitch);
      pitch = next;
      hands.strike(pitch, keyVelocity(x, keyboard.width));
    },
    end: () => hands.release(pitch),
    abandon: () => hands.release(pitch),
  };
}

function keyVelocity(x: number, width: number): number {
  return Math.round(40 + 70 * Math.min(1, Math.max(0, x / width)));
}

function dragBrush(hands: RollHands, startX: number): Drag {
  const { view } = hands.time;
  const at = hands.overviewTime.timeOf(startX);
  // Taken inside it is carried along, outside it jumps there first.
  const offset = at >= view.start && at <= view.end ? (view.start + view.end) / 2 - at : 0;
  if (offset === 0) hands.centre(at);
  const move = (x: number) => hands.centre(hands.overviewTime.timeOf(x) + offset);
  return { move, end: () => {}, abandon: () => {} };
}

function scrub(hands: RollHands, startX: number): Drag {
  hands.seek(hands.time.timeOf(startX));
  return { move: (x) => hands.seek(hands.time.timeOf(x)), end: () => {}, abandon: () => {} };
}

function dragSelection(hands: RollHands, startX: number, startY: number, withPitches: boolean): Drag {
  const placeOf = (x: number, y: number) => ({ time: hands.time.timeOf(x), pitch: hands.pitch.pitchOf(y) });
  const from = placeOf(startX, startY);
  return {
    move: (x, y) => hands.select(from, placeOf(x, y), false, withPitches),
    end: (x, y, isClick) => {
      if (isClick) hands.clearSelection();
      else hands.select(from, placeOf(x, y), true, withPitches);
    },
    abandon: () => {},
  };
}

/**
 * A note sounds while it is pressed; a drag moves the piece; a click beside the notes puts the playhead
 * there.
 */
function dragNotes(hands: RollHands, startX: number, y: number): Drag {
  const time = hands.time.timeOf(startX);
  let note = hands.noteAt(time, hands.pitch.pitchOf(y));
  if (note !== undefined) hands.strike(note.pitch, note.velocity);
  const quiet = () => {
    if (note !== undefined) hands.release(note.pitch);
    note = undefined;
  };
  const wasNote = note !== undefined;
  let last = startX;
  return {
    move: (x) => {
      quiet();
      hands.pan((last - x) / hands.time.density);
      last = x;
    },
    end: (_x, _y, isClick) => {
      quiet();
      if (isClick && !wasNote) hands.seek(time);
    },
    abandon: quiet,
  };
}

/** Two fingers: what lies between them stays between them. */
function pinch(
  hands: RollHands,
  pointers: ReadonlyMap<number, { x: number; y: number }>,
  moving: number,
  to: { readonly x: number },
): void {
  const other = [...pointers].find(([id]) => id !== moving)![1];
  const from = pointers.get(moving)!;
  const before = Math.max(20, Math.abs(from.x - other.x));
  const now = Math.max(20, Math.abs(to.x - other.x));
  const middle = hands.time.timeOf((from.x + other.x) / 2);
  hands.zoomAbout(now / before, middle);
  hands.pan((from.x - to.x) / 2 / hands.time.density);
}

function showPlace(element: HTMLElement, hands: RollHands, x: number, y: number): void {
  const part = partAt(hands.layout, x, y);
  const isOver = part === 'notes';
  const place = { time: hands.time.timeOf(x), pitch: hands.pitch.pitchOf(y) };
  hands.hover(isOver ? place : undefined);
  const isMarker = part !== undefined && isAtMarker(hands, part, x, 'mouse');
  const note = isOver ? hands.noteAt(place.time, place.pitch) : undefined;
  const isEnd = hands.tool === 'edit' && note !== undefined && isAtEnd(hands, note, x);
  const isBeat = hands.tool === 'beats' && part !== 'overview' && hands.beatAt(x) !== undefined;
  element.style.cursor =
    isMarker || isBeat || isEnd
      ? 'ew-resize'
      : part === 'keyboard' || part === 'ruler' || part === 'chords' || note !== undefined
        ? 'pointer'
        : (hands.tool === 'select' || hands.tool === 'edit') && isOver
          ? 'crosshair'
          : '';
}

/** The way of a wheel in pixels, whatever it counts in. */
function wheelPixels({ deltaX, deltaY, deltaMode }: WheelEvent): [dx: number, dy: number] {
  const unit =
    deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : deltaMode === WheelEvent.DOM_DELTA_PAGE ? 400 : 1;
  return [deltaX * unit, deltaY * unit];
}
