/** What page and rendering worker say to each other. */
import type { NoteTable } from '../../index.js';

export interface ToRendering {
  /** As they sound, the pedal folded in. */
  readonly notes: NoteTable;
  /** URL of the SoundFont. */
  readonly soundFont: string;
}

export type FromRendering =
  | { readonly type: 'progress'; readonly part: number }
  | { readonly type: 'done'; readonly wav: Blob }
  | { readonly type: 'failed'; readonly message: string; readonly isUsers: boolean };
