/** The words of the piano roll: what it shows, and what it tells those who use it. */
import type { NoteEdit } from '../../notes/note-edit.js';

/**
 * How a layer looks: what was given, what was added, what stands back; or two parts, as of two hands.
 */
export type LayerRole = 'primer' | 'continuation' | 'muted' | 'upper' | 'lower';

/** A span of time, seconds, and of pitches where it has any. */
export interface Selection {
  readonly start: number;
  readonly end: number;
  /** Lowest and highest pitch of the selection; all where they are left out. */
  readonly lowest?: number;
  readonly highest?: number;
}

/** The part of the piece that is shown, seconds. */
export interface View {
  readonly start: number;
  readonly end: number;
}

/** A chord, or another word, over a span of the piece, seconds. */
export interface ChordLabel {
  readonly from: number;
  readonly to: number;
  readonly name: string;
  /** Whether it is asked for, and not played yet. */
  readonly isAsked?: boolean;
}

/** A note under the pointer. */
export interface RollNote {
  /** The layer it lies in. */
  readonly layer: string;
  /** Index into the layer's notes. */
  readonly index: number;
  readonly pitch: number;
  readonly velocity: number;
  readonly start: number;
  /** Its release; `Infinity` while its key is still down. */
  readonly end: number;
}

/** What a roll tells its listeners. */
export interface RollEvents {
  /** Somebody pointed at another place in time: put the playhead there. */
  seek: number;
  /** The marker was moved to this time; `isFinal` when it was let go. */
  marker: { readonly time: number; readonly isFinal: boolean };
  /** Another selection, or none; `isFinal` when the pointer was let go. */
  select: { readonly selection: Selection | undefined; readonly isFinal: boolean };
  /** A key or a note was pressed: let it sound. */
  strike: { readonly pitch: number; readonly velocity: number };
  /** It was let go. */
  release: { readonly pitch: number };
  /** What the pointer is over: a note, or a time and a pitch, or nothing. */
  hover: { readonly time: number; readonly pitch: number; readonly note: RollNote | undefined } | undefined;
  /** The lane of chords was pressed, at this time. */
  chords: { readonly time: number };
  /** Other notes are picked, or none. */
  pick: { readonly notes: readonly RollNote[] };
  /** A change is asked for with the pencil. */
  edit: NoteEdit;
  /** A beat is dragged with the tool for beats, from a time to another; `isFinal` when it was let go. */
  beat: { readonly from: number; readonly to: number; readonly isFinal: boolean };
  /** Another part is shown. */
  view: View;
  /** Whether the roll follows the playhead: dragging it away ends that. */
  follow: boolean;
}

/** What dragging on the notes does: move the view, select a span, edit the notes, or move beats. */
export type RollTool = 'pan' | 'select' | 'edit' | 'beats';

export interface RollOptions {
  /** What a screen reader calls it; "Piano roll" by default. */
  readonly label?: string;
  /** The lowest and highest pitch shown; by default what the notes need, at least four octaves. */
  readonly pitches?: readonly [lowest: number, highest: number];
  /** What is shown around the notes; everything by default. */
  readonly parts?: {
    readonly ruler?: boolean;
    readonly keyboard?: boolean;
    readonly pedal?: boolean;
    readonly overview?: boolean;
    readonly readout?: boolean;
  };
  /**
   * Whether spans can be selected, by Shift and dragging (with Alt, of some pitches only) or the tool; true
   * by default.
   */
  readonly selectable?: boolean;
  /**
   * Whether the plain wheel pans (the default), or is left to a page that scrolls. Ctrl and wheel always
   * zoom.
   */
  readonly wheelPans?: boolean;
  /** The word at the marker; "primer ends here" by default. */
  readonly markerLabel?: string;
}
