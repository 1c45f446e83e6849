/**
 * The state of Compose, and the few ways in which it changes. What is done with it is in the files beside.
 */

import { ALL_WISHES, KINDS, type Kind, type Start, type Wish } from '../../../src/index.js';
import type { RollNote, RollTool } from '../../../src/web/index.js';
import { done, type History, newHistory, redone, undone } from '../state/history.js';
import { type Assembled, assemble, assembleAs, type Materials } from '../state/material.js';
import { say } from '../state/messages.js';
import { newSession, type Session, type Take, takeOf } from '../state/session.js';
import { OPENINGS } from '../state/session-file.js';
import { FIRST_SESSION } from '../state/storage.js';
import { createStore } from '../state/store.js';
import type { Keeping } from './keeping.js';

/** By who made it, by the tracks of the file, or by hands. */
export type PartsBy = 'making' | 'tracks' | 'hands';

/** Takes that are being made. */
export interface Making {
  readonly takes: readonly string[];
  /** `loading` the model, `listening` to what it goes on from, `playing`, or `filling` a span. */
  readonly phase: 'loading' | 'listening' | 'playing' | 'filling';
  /** How much it has heard or filled, 0 to 1; undefined where that takes no time. */
  readonly part?: number;
  /** Calls it off; what was made stays. */
  readonly cancel: () => void;
}

export interface StudioState {
  /** Which of the sessions in the browser's storage is open. */
  readonly sessionId: string;
  /** Whether the session of the last visit was looked for. */
  readonly isReady: boolean;
  readonly history: History;
  readonly materials: Materials;
  readonly modelState: 'loading' | 'ready' | 'failed';
  /** Of what kind the model is; of the usual one until it is loaded. */
  readonly kind: Kind;
  /** What may be wished of it, and the styles that it has learned. */
  readonly wishes: ReadonlySet<Wish>;
  readonly styles: readonly string[];
  readonly making: Making | undefined;
  /** Seconds of the piece that are selected. */
  readonly selection: { readonly start: number; readonly end: number } | undefined;
  /** Notes that were picked with the pencil. */
  readonly picked: readonly RollNote[];
  /** What parts of the piece are told apart; those that are `silent` are not played. */
  readonly partsBy: PartsBy;
  readonly silent: ReadonlySet<string>;
  /** What dragging on the roll does. */
  readonly tool: RollTool;
  /** What stays in a span that is rewritten. */
  readonly keeping: Keeping;
  /** `recording` a primer, or playing by turns with the model. */
  readonly live: 'off' | 'recording' | 'turns';
  /** Beats until a recording that is counted in begins. */
  readonly countIn: number | undefined;
  /** Ends what is live. */
  readonly stopLive: () => void;
  /** Whether the selection, or the whole piece where nothing is selected, is played again and again. */
  readonly isLooping: boolean;
  /** Whether the score is shown instead of the roll. */
  readonly isScoreOpen: boolean;
  /** Whether the panel is open where it is a sheet. */
  readonly isSheetOpen: boolean;
  readonly isHelpOpen: boolean;
}

export const studio = createStore<StudioState>({
  sessionId: FIRST_SESSION,
  isReady: false,
  history: newHistory(newSession(OPENINGS.prelude())),
  materials: {},
  modelState: 'loading',
  kind: KINDS.performance,
  wishes: ALL_WISHES,
  styles: [],
  making: undefined,
  selection: undefined,
  partsBy: 'making',
  silent: new Set(),
  picked: [],
  tool: 'pan',
  keeping: 'nothing',
  live: 'off',
  countIn: undefined,
  stopLive: () => {},
  isLooping: false,
  isScoreOpen: false,
  isSheetOpen: false,
  isHelpOpen: false,
});

export const sessionOf = (state: StudioState = studio.get()): Session => state.history.present;

/** The take that is shown; undefined for the primer. */
export const currentTake = (state: StudioState = studio.get()): Take | undefined =>
  takeOf(sessionOf(state), sessionOf(state).current);

/** What is shown, as a piece. */
export function shownPiece(state: StudioState = studio.get()): Assembled {
  return assemble(sessionOf(state), sessionOf(state).current, state.materials);
}

/** Where the next take goes on. */
export function cutOf(state: StudioState = studio.get()): number {
  return sessionOf(state).cut ?? shownPiece(state).end;
}

/** What a model of the chosen kind hears where it goes on from a take, or from the primer. */
export function startOf(session: Session, id: string | undefined, cut: number): Start {
  const { kind, materials } = studio.get();
  const { notes, pedal } = assemble(session, id, materials);
  const heard = assembleAs(kind.reading, session, id, materials);
  return { piece: { notes, pedal }, cut, ...(heard && { heard }) };
}

/** Goes on to another session, as a step that can be undone. */
export function commit(session: Session, label: string, more: Partial<StudioState> = {}): void {
  studio.set(({ history }) => ({ history: done(history, session, label), ...more }));
}

export function undo(): void {
  studio.get().stopLive();
  const { history } = studio.get();
  const step = history.past.at(-1);
  if (step === undefined) {
    say('There is nothing to undo.');
    return;
  }
  studio.set({ history: undone(history), selection: undefined, picked: [] });
  stopIfGone();
  say(`Undone: ${step.label}.`, { label: 'Redo', run: redo });
}

export function redo(): void {
  studio.get().stopLive();
  const { history } = studio.get();
  const step = history.future.at(-1);
  if (step === undefined) {
    say('There is nothing to redo.');
    return;
  }
  studio.set({ history: redone(history), selection: undefined, picked: [] });
  say(`Done again: ${step.label}.`);
}

/** What is being made for a session that is no longer there is called off. */
export function stopIfGone(): void {
  const { making, history } = studio.get();
  if (making?.takes.some((id) => takeOf(history.present, id) === undefined)) making.cancel();
}

let lastId = 0;
/** An id that no take of any session has. */
export function newId(): string {
  return `${Date.now().toString(36)}-${(lastId++).toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
}
