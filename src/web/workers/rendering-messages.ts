/** What page and rendering worker say to each other. */

import type { RenderOptions } from '../../audio/render.js';
import type { SoundFormat } from '../../audio/sound-file.js';
import type { NoteTable } from '../../notes/note-table.js';

export interface ToRendering {
  /** As they sound, the pedal folded in. */
  readonly notes: NoteTable;
  /** A SoundFont and what it is called. */
  readonly font: Uint8Array;
  readonly name: string;
  readonly options: RenderOptions;
  readonly format: SoundFormat;
  /** URL of what packs, where the format asks for it. */
  readonly encoder: string;
}

export type FromRendering =
  | { readonly type: 'progress'; readonly part: number }
  | { readonly type: 'done'; readonly sound: Blob }
  | { readonly type: 'failed'; readonly message: string; readonly isUsers: boolean };
