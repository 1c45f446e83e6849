/** Edits by hand: each makes a take of its own, or changes the one that the last edit made. */
import {
  BarGrid,
  CadenzaError,
  type NoteEdit,
  type NoteTable,
  selectNotes,
  shiftNotes,
} from '../../../../src/index.js';
import type { RollNote } from '../../../../src/web/index.js';
import { transport } from '../../shell/sound.js';
import { countOf } from '../../shell/words.js';
import { type Edit, type EditedPiece, edited, inserted, nameOf, quantised } from '../../state/edited.js';
import type { Assembled } from '../../state/material.js';
import { complain } from '../../state/messages.js';
import { editOf, trackOfNotes } from '../../state/parts.js';
import { addTakes, type NewTake, type Recipe, replaceTake } from '../../state/session.js';
import { countedBeats } from '../../state/session-beats.js';
import { chosenForRecipe } from '../model.js';
import { commit, currentTake, newId, sessionOf, shownPiece, studio } from '../studio.js';
import { counting } from '../time/counting.js';

/** What is shown, as it can be edited. */
function editablePiece(piece: Assembled): EditedPiece {
  const session = sessionOf();
  const { materials } = studio.get();
  const { notes, pedal, made } = piece;
  const edit = editOf(session, materials);
  const isMade = new Set(Array.from(made.start, (_, n) => nameOf(made, n)));
  const isOwn =
    edit && new Set(Array.from(edit.notes.start, (_, n) => (edit.isOwn[n] ? nameOf(edit.notes, n) : '')));
  return {
    notes,
    ...(pedal && { pedal }),
    isMade: Uint8Array.from(notes.start, (_, n) => Number(isMade.has(nameOf(notes, n)))),
    isOwn: Uint8Array.from(notes.start, (_, n) => Number(isOwn?.has(nameOf(notes, n)) ?? false)),
    part: trackOfNotes(session, notes, materials),
  };
}

/**
 * The places of the notes that an edit is about: those that are picked, or else those of the selected span.
 */
function meantIn({ notes }: Assembled): number[] {
  const { picked, selection } = studio.get();
  const all = Array.from(notes.start.keys());
  if (picked.length > 0) {
    const names = new Set(picked.map(({ pitch, start }) => `${pitch} ${start}`));
    return all.filter((n) => names.has(nameOf(notes, n)));
  }
  if (selection === undefined) return [];
  return all.filter((n) => notes.start[n] >= selection.start && notes.start[n] < selection.end);
}

/** Notes of a table as they are picked on the roll. */
const pickedOf = ({ notes }: EditedPiece, places: readonly number[]): RollNote[] =>
  places.map((index) => ({
    layer: '',
    index,
    pitch: notes.pitch[index],
    velocity: notes.velocity[index],
    start: notes.start[index],
    end: notes.end[index],
  }));

function apply(change: (piece: EditedPiece, meant: readonly number[]) => Edit, label: string): void {
  const state = studio.get();
  if (state.making !== undefined || state.live !== 'off') {
    complain(new CadenzaError('something is being played or made; stop it, and edit then'));
    return;
  }
  const shown = shownPiece();
  const { piece, picked } = change(editablePiece(shown), meantIn(shown));
  const session = sessionOf();
  const current = currentTake();
  const id = newId();
  const end = piece.notes.end.reduce((latest, time) => Math.max(latest, time), 0);
  const recipe: Recipe = {
    model: chosenForRecipe(),
    options: {},
    variation: 0,
    seconds: end,
    isPlayed: true,
    isEdited: true,
  };
  const isEdited = current?.recipe.isEdited === true;
  const take: NewTake = { id, parent: isEdited ? current.parent : session.current, cut: 0, recipe };
  const next = isEdited ? replaceTake(session, current.id, take) : addTakes(session, [take]);
  commit({ ...next, cut: session.cut }, label, {
    materials: { ...state.materials, [id]: { events: [], knownTo: end, state: 'made', edited: piece } },
    picked: pickedOf(piece, picked),
  });
}

const WORDS: Record<NoteEdit['kind'], string> = {
  move: 'move',
  lengthen: 'lengthen',
  velocity: 'change the force of',
  remove: 'delete',
  draw: 'draw',
  pedal: 'move the pedal',
  lift: 'lift the pedal',
};

/** Does what was asked for with the pencil. */
export function edit(change: NoteEdit): void {
  const count = meantIn(shownPiece()).length;
  const isOfNotes = !['draw', 'pedal', 'lift'].includes(change.kind);
  if (isOfNotes && count === 0) return;
  if (change.kind === 'move' && change.seconds === 0 && change.semitones === 0) return;
  const what = change.kind === 'draw' ? ' a note' : isOfNotes ? ` ${countOf(count, 'note')}` : '';
  apply((piece, meant) => edited(piece, meant, change), `${WORDS[change.kind]}${what}`);
}

/** Brings what is picked, or selected, to the grid. */
export function quantise(): void {
  const count = meantIn(shownPiece()).length;
  if (count === 0) {
    complain(new CadenzaError('nothing is picked; pick notes with the pencil, or select a span'));
    return;
  }
  const grid = new BarGrid(countedBeats(sessionOf()));
  const parts = Math.max(1, counting.get().snap);
  apply(
    (piece, meant) => quantised(piece, meant, (seconds) => grid.nearest(seconds, parts)),
    `quantise ${countOf(count, 'note')}`,
  );
}

let clipboard: NoteTable | undefined;

/** Takes down what is picked, to be put in elsewhere; gives whether anything was. */
export function copyPicked(): boolean {
  const piece = shownPiece();
  const meant = meantIn(piece);
  if (meant.length === 0) return false;
  const notes = selectNotes(piece.notes, meant);
  clipboard = shiftNotes(notes, -notes.start[0]);
  return true;
}

/** Puts in what was taken down, at the playhead. */
export function pasteNotes(): boolean {
  if (clipboard === undefined) return false;
  const { snap } = counting.get();
  const at = transport.currentTime;
  const grid = new BarGrid(countedBeats(sessionOf()));
  const notes = shiftNotes(clipboard, Math.max(0, snap > 0 ? grid.nearest(at, snap) : at));
  apply((piece) => inserted(piece, notes), `put in ${countOf(notes.length, 'note')}`);
  return true;
}
