/** What page and inference worker say to each other. */
import type { ModelConfig } from '../../checkpoint/checkpoint.js';
import type { Fill, FillOptions, GivenPiece, PlayRequest, Start } from '../../kinds/kind.js';
import type { KeyEvent } from '../../notes/cut.js';
import type { NoteTable } from '../../notes/note-table.js';
import type { EngineUrls } from '../engine/open-engine.js';

export type ToPlaying =
  /** First of all: where the runtime lies, and what computes beside it. */
  | { readonly type: 'open'; readonly engine: EngineUrls }
  | { readonly type: 'load'; readonly model: string; readonly name: string; readonly bytes: Uint8Array }
  | {
      readonly type: 'prepare';
      readonly request: number;
      readonly model: string;
      readonly variations: number;
      readonly start: Start;
    }
  | { readonly type: 'play'; readonly job: number; readonly model: string; readonly request: PlayRequest }
  | { readonly type: 'fill'; readonly job: number; readonly model: string; readonly request: FillRequest }
  | { readonly type: 'cancel'; readonly job: number }
  | { readonly type: 'are you there' };

/** A span to be filled, as it can be sent. */
export interface FillRequest {
  readonly given: Omit<GivenPiece, 'isKept'>;
  /** Indices of the notes in the span that are given too. */
  readonly kept: readonly number[];
  readonly options: Omit<FillOptions, 'signal' | 'onProgress'>;
}

/** What one variation has played since the last message. */
export interface PlayedPart {
  readonly variation: number;
  /** Not ascending where a model tells a note's release together with its strike. */
  readonly events: readonly KeyEvent[];
  /** Nothing more will come before this time, seconds of the piece. */
  readonly knownTo: number;
}

export type FromPlaying =
  /** It is there. */
  | { readonly type: 'here' }
  | { readonly type: 'loaded'; readonly model: string; readonly config: ModelConfig }
  /** The model cannot be used; `isUsers` when the message is meant for the user. */
  | { readonly type: 'unusable'; readonly model: string; readonly message: string; readonly isUsers: boolean }
  /** What runs models could not be loaded, and will not be: another worker is needed. */
  | { readonly type: 'broken'; readonly message: string }
  /** It has heard in advance, or has given that up. */
  | { readonly type: 'prepared'; readonly request: number }
  /** How much of a long primer it has heard, 0 to 1. */
  | { readonly type: 'heard'; readonly job: number; readonly part: number }
  /** It has heard the primer and begins. */
  | { readonly type: 'begun'; readonly job: number }
  | { readonly type: 'played'; readonly job: number; readonly parts: readonly PlayedPart[] }
  /** How much of the span is filled, 0 to 1, and what the likeliest way plays up to there. */
  | { readonly type: 'filling'; readonly job: number; readonly part: number; readonly best: NoteTable }
  | { readonly type: 'filled'; readonly job: number; readonly fills: readonly Fill[] }
  | { readonly type: 'done'; readonly job: number; readonly wasCancelled: boolean }
  | { readonly type: 'failed'; readonly job: number; readonly message: string; readonly isUsers: boolean };
