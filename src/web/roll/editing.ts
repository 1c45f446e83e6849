/**
 * What hands do with the pencil: notes are picked, moved, lengthened and drawn, strikes made harder or
 * softer in their lane, the pedal put down and lifted in its. It says what is meant; the notes are changed by
 * whoever has them.
 */

import type { NoteEdit } from '../../notes/note-edit.js';
import type { Part } from './geometry.js';
import type { Drag, RollHands } from './gestures.js';
import type { RollNote } from './roll-types.js';

/** What the pencil needs of a roll beside what all hands do. */
export interface EditingHands {
  readonly picked: readonly RollNote[];
  /** A time as the grid has it. */
  snapped(seconds: number): number;
  /** Seconds that a note is long which is only tapped. */
  readonly usualLength: number;
  pick(notes: readonly RollNote[]): void;
  /** Notes that lie in a rectangle. */
  notesIn(from: { time: number; pitch: number }, to: { time: number; pitch: number }): readonly RollNote[];
  /** The note whose strike is nearest to a place across; one that is picked, where one is near. */
  strikeNear(x: number): RollNote | undefined;
  /** Velocity at a height of its lane. */
  velocityAt(y: number): number;
  /** Whether the pedal is down at a time. */
  isPedalDown(seconds: number): boolean;
  /** Shows what an edit would do; nothing where undefined. */
  preview(edit: NoteEdit | undefined): void;
  edit(edit: NoteEdit): void;
}

type Hands = RollHands & EditingHands;

/** Pixels from the end of a note at which it is lengthened, at most a third of it. */
const END_GRIP = 7;

/** Whether a place is that at which a note is lengthened. */
export function isAtEnd({ time }: Pick<RollHands, 'time'>, { start, end }: RollNote, x: number): boolean {
  const [left, right] = [time.xOf(start), time.xOf(end)];
  return x >= Math.max(right - END_GRIP, right - (right - left) / 3);
}

/** What a pointer that goes down with the pencil will do; undefined where it has nothing to do. */
export function pencilAt(
  hands: Hands,
  part: Part,
  { x, y }: { readonly x: number; readonly y: number },
  { shiftKey, altKey }: { readonly shiftKey: boolean; readonly altKey: boolean },
): Drag | undefined {
  if (part === 'velocity') return dragVelocity(hands, x, y);
  if (part === 'pedal') return dragPedal(hands, x);
  if (part !== 'notes') return undefined;
  const at = { time: hands.time.timeOf(x), pitch: hands.pitch.pitchOf(y) };
  const note = hands.noteAt(at.time, at.pitch);
  if (note === undefined) return shiftKey ? dragRectangle(hands, x, y) : drawNote(hands, x, at.pitch);
  const wasPicked = hands.picked.some((each) => isSame(each, note));
  if (shiftKey) {
    const others = hands.picked.filter((each) => !isSame(each, note));
    hands.pick(wasPicked ? others : [...hands.picked, note]);
    return rest;
  }
  if (!wasPicked) hands.pick([note]);
  return isAtEnd(hands, note, x) ? lengthen(hands, note) : moveNotes(hands, note, x, altKey);
}

const rest: Drag = { move: () => {}, end: () => {}, abandon: () => {} };

export const isSame = (a: RollNote, b: RollNote) => a.pitch === b.pitch && a.start === b.start;

/** The note under the hand comes to the grid, and all that are picked with it. */
function moveNotes(hands: Hands, note: RollNote, startX: number, isCopy: boolean): Drag {
  let sounding = note.pitch;
  const grip = hands.time.timeOf(startX) - note.start;
  hands.strike(sounding, note.velocity);
  const editAt = (x: number, y: number): NoteEdit => ({
    kind: 'move',
    seconds: hands.snapped(hands.time.timeOf(x) - grip) - note.start,
    semitones: hands.pitch.pitchOf(y) - note.pitch,
    isCopy,
  });
  return {
    move: (x, y) => {
      const pitch = hands.pitch.pitchOf(y);
      if (pitch !== sounding) {
        hands.release(sounding);
        sounding = pitch;
        hands.strike(sounding, note.velocity);
      }
      hands.preview(editAt(x, y));
    },
    end: (x, y, isClick) => {
      hands.release(sounding);
      hands.preview(undefined);
      if (isClick) hands.pick([note]);
      else hands.edit(editAt(x, y));
    },
    abandon: () => {
      hands.release(sounding);
      hands.preview(undefined);
    },
  };
}

function lengthen(hands: Hands, note: RollNote): Drag {
  const editAt = (x: number): NoteEdit => ({
    kind: 'lengthen',
    seconds: hands.snapped(hands.time.timeOf(x)) - note.end,
  });
  return {
    move: (x) => hands.preview(editAt(x)),
    end: (x, _y, isClick) => {
      hands.preview(undefined);
      if (!isClick) hands.edit(editAt(x));
    },
    abandon: () => hands.preview(undefined),
  };
}

function drawNote(hands: Hands, startX: number, pitch: number): Drag {
  const at = hands.time.timeOf(startX);
  // The line before, so that what is drawn lies under the hand.
  const nearest = hands.snapped(at);
  const start = Math.max(0, nearest > at ? hands.snapped(nearest - hands.usualLength) : nearest);
  const editTo = (x: number): NoteEdit => {
    const end = hands.snapped(hands.time.timeOf(x));
    return { kind: 'draw', pitch, start, end: end > start + 0.02 ? end : start + hands.usualLength };
  };
  hands.strike(pitch, 72);
  hands.preview(editTo(startX));
  return {
    move: (x) => hands.preview(editTo(x)),
    end: (x) => {
      hands.release(pitch);
      hands.preview(undefined);
      hands.edit(editTo(x));
    },
    abandon: () => {
      hands.release(pitch);
      hands.preview(undefined);
    },
  };
}

function dragRectangle(hands: Hands, startX: number, startY: number): Drag {
  const placeOf = (x: number, y: number) => ({ time: hands.time.timeOf(x), pitch: hands.pitch.pitchOf(y) });
  const from = placeOf(startX, startY);
  const before = hands.picked;
  const within = (x: number, y: number) => {
    const found = hands.notesIn(from, placeOf(x, y));
    return [...before, ...found.filter((note) => !before.some((each) => isSame(each, note)))];
  };
  return {
    move: (x, y) => hands.pick(within(x, y)),
    end: (x, y, isClick) => hands.pick(isClick ? [] : within(x, y)),
    abandon: () => hands.pick(before),
  };
}

/** All that are picked become as much harder or softer as the one that is taken hold of. */
function dragVelocity(hands: Hands, startX: number, startY: number): Drag | undefined {
  const note = hands.strikeNear(startX);
  if (note === undefined) return undefined;
  if (!hands.picked.some((each) => isSame(each, note))) hands.pick([note]);
  const editAt = (y: number): NoteEdit => ({ kind: 'velocity', by: hands.velocityAt(y) - note.velocity });
  hands.preview(editAt(startY));
  return {
    move: (_x, y) => hands.preview(editAt(y)),
    end: (_x, y) => {
      hands.preview(undefined);
      hands.edit(editAt(y));
    },
    abandon: () => hands.preview(undefined),
  };
}

/** Where the pedal is down a press lifts it, elsewhere a drag puts it down. */
function dragPedal(hands: Hands, startX: number): Drag {
  const at = hands.time.timeOf(startX);
  const wasDown = hands.isPedalDown(at);
  const editTo = (x: number): NoteEdit => {
    const [from, to] = [hands.snapped(at), hands.snapped(hands.time.timeOf(x))];
    return { kind: 'pedal', from: Math.min(from, to), to: Math.max(from, to), isDown: !wasDown };
  };
  return {
    move: (x) => hands.preview(editTo(x)),
    end: (x, _y, isClick) => {
      hands.preview(undefined);
      if (!isClick) hands.edit(editTo(x));
      else if (wasDown) hands.edit({ kind: 'lift', at });
    },
    abandon: () => hands.preview(undefined),
  };
}
