/** The pictures of a piece that a player can have, behind one interface. */
import type { KeyEvent } from '../../notes/cut.js';
import { createNoteTable, type NoteTable } from '../../notes/note-table.js';
import type { Pedal } from '../../notes/pedal.js';
import { PianoRoll } from '../roll/piano-roll.js';
import { Waterfall } from '../roll/waterfall.js';
import type { NoteViewName } from './player-types.js';

/** What a picture tells: where somebody pointed, and which keys are pressed on it. */
export interface NoteViewHands {
  seek(seconds: number): void;
  strike(pitch: number, velocity: number): void;
  release(pitch: number): void;
}

export interface NoteView {
  /** Shows another piece from its beginning. */
  show(notes: NoteTable | undefined, pedal: Pedal | undefined): void;
  /** More is known of it. */
  grow(events: readonly KeyEvent[], knownTo: number): void;
  /** Where the playhead is. */
  moveTo(seconds: number): void;
  /** It begins to play: what is heard is to be seen. */
  follow(): void;
  /** Back to where a piece begins. */
  rewind(): void;
  destroy(): void;
}

const VIEWS: Readonly<
  Record<NoteViewName, (host: HTMLElement, label: string, hands: NoteViewHands) => NoteView>
> = {
  roll: rollView,
  waterfall: waterfallView,
};

/** Puts a picture into an element. */
export function createNoteView(
  name: NoteViewName,
  host: HTMLElement,
  label: string,
  hands: NoteViewHands,
): NoteView {
  return VIEWS[name](host, label, hands);
}

/** Seconds of a stream that are shown as a whole. */
const SHOWN_WHOLE = 20;

/** The picture that an attribute names; a roll where it names none. */
export function noteViewNamed(name: string | null): NoteViewName {
  return name === 'waterfall' ? name : 'roll';
}

function rollView(host: HTMLElement, label: string, hands: NoteViewHands): NoteView {
  const roll = new PianoRoll(host, { label, selectable: false, wheelPans: false });
  const layer = roll.setLayer('notes', 'continuation', createNoteTable(0));
  roll.on('seek', (seconds) => hands.seek(seconds));
  roll.on('strike', ({ pitch, velocity }) => hands.strike(pitch, velocity));
  roll.on('release', ({ pitch }) => hands.release(pitch));
  let isEmpty = true;
  return {
    show(notes, pedal) {
      isEmpty = notes === undefined;
      roll.setLayer('notes', 'continuation', notes ?? createNoteTable(0));
      roll.pedal = pedal;
      roll.playhead = isEmpty ? undefined : 0;
      roll.fit();
    },
    grow(events, knownTo) {
      for (const { time, pitch, velocity } of events) {
        if (velocity > 0) layer.strike(time, pitch, velocity);
        else layer.release(time, pitch);
      }
      if (Number.isFinite(knownTo)) layer.extendTo(knownTo);
      // Of what begins with nothing, all is shown until there is enough of it.
      if (knownTo < SHOWN_WHOLE) roll.fit();
    },
    moveTo(seconds) {
      roll.playhead = isEmpty ? undefined : seconds;
    },
    follow() {
      roll.follow = true;
    },
    rewind() {
      roll.view = { start: 0, end: roll.view.end - roll.view.start };
    },
    destroy: () => roll.destroy(),
  };
}

function waterfallView(host: HTMLElement, label: string, hands: NoteViewHands): NoteView {
  const waterfall = new Waterfall(host, { label });
  waterfall.on('seek', (seconds) => hands.seek(seconds));
  waterfall.on('strike', ({ pitch, velocity }) => hands.strike(pitch, velocity));
  waterfall.on('release', ({ pitch }) => hands.release(pitch));
  return {
    show: (notes) => waterfall.show(notes),
    grow(events, knownTo) {
      for (const { time, pitch, velocity } of events) {
        if (velocity > 0) waterfall.strike(time, pitch, velocity);
        else waterfall.release(time, pitch);
      }
      if (Number.isFinite(knownTo)) waterfall.extendTo(knownTo);
    },
    moveTo(seconds) {
      waterfall.playhead = seconds;
    },
    follow() {},
    rewind() {},
    destroy: () => waterfall.destroy(),
  };
}
