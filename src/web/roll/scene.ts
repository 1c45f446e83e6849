/** What one frame of the roll shows. */
import type { BarGrid } from '../../notes/bar-grid.js';
import type { NoteEdit } from '../../notes/note-edit.js';
import type { Pedal } from '../../notes/pedal.js';
import type { Layout, PitchScale, TimeScale } from './geometry.js';
import type { RollLayer } from './layer.js';
import type { ChordLabel, RollNote, Selection } from './roll-types.js';
import type { RollTheme } from './theme.js';

export interface Scene {
  readonly layout: Layout;
  readonly time: TimeScale;
  readonly pitch: PitchScale;
  readonly theme: RollTheme;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
  /** Those that are shown, from below to above. */
  readonly layers: readonly RollLayer[];
  readonly pedal: Pedal | undefined;
  /** Bars to count time by; seconds where undefined. */
  readonly bars: BarGrid | undefined;
  readonly chords: readonly ChordLabel[];
  readonly playhead: number | undefined;
  readonly marker: number | undefined;
  readonly markerLabel: string;
  readonly selection: Selection | undefined;
  /** Where something is dragged to. */
  readonly guide: number | undefined;
  /** Whether notes are edited: strikes have a lane. */
  readonly isEdited: boolean;
  readonly picked: readonly RollNote[];
  /** What would be done if the pencil were lifted now. */
  readonly preview: NoteEdit | undefined;
  /** Keys that are played live. */
  readonly pressed: ReadonlySet<number>;
  readonly duration: number;
}
