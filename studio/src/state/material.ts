/** What takes hold, and what a session sounds like with them. */
import {
  createNoteTable,
  headOf,
  joined,
  type KeyEvent,
  type NoteTable,
  notesOfKeys,
  type Pedal,
  type PianoPiece,
  READINGS,
  type Reading,
  readMidi,
  selectNotes,
  soundingOf,
  tailOf,
} from '../../../src/index.js';
import { type EditedPiece, nameOf, notesOf } from './edited.js';
import { type Session, type Source, type Take, takeOf } from './session.js';
import { knownBeats } from './session-beats.js';

/** What was played of a take so far. */
export interface Material {
  readonly events: readonly KeyEvent[];
  /** Nothing more comes before this time of the piece. */
  readonly knownTo: number;
  /** Of a filled span: bits that the model needs for what is given within and after it; fewer fit better. */
  readonly bits?: number;
  /** The whole piece, where it was edited by hand: it stands for itself, whatever it goes on from. */
  readonly edited?: EditedPiece;
  /** `made` to its end, still in the `making`, or `stopped` on the way. */
  readonly state: 'making' | 'made' | 'stopped';
}

/** By take. */
export type Materials = Readonly<Record<string, Material>>;

/** A piece with what was given and what was made told apart. */
export interface Assembled extends PianoPiece {
  readonly given: NoteTable;
  readonly made: NoteTable;
  readonly pedal?: Pedal;
  /** Seconds to its end, what the pedal holds included. */
  readonly end: number;
}

const NOTHING: Material = { events: [], knownTo: 0, state: 'making' };

const sources = new WeakMap<Source, Assembled>();
/** Pieces of takes whose material is there to the end, by source, so that long chains are joined once. */
const known = new WeakMap<
  Source,
  WeakMap<Take, { readonly material: Material; readonly piece: Assembled }>
>();
/** Sources as they are read otherwise. */
const readAs = new WeakMap<Source, Map<Reading, Source>>();

/** The piece that a take, or the primer where undefined, stands for. */
export function assemble(session: Session, id: string | undefined, materials: Materials): Assembled {
  const take = takeOf(session, id);
  if (take === undefined) return assembleSource(session);
  const material = materials[take.id] ?? NOTHING;
  const ofSource = known.get(session.source) ?? new WeakMap();
  known.set(session.source, ofSource);
  const before = ofSource.get(take);
  if (before?.material === material) return before.piece;
  const piece = assembleTake(assemble(session, take.parent, materials), take, material);
  ofSource.set(take, { material, piece });
  return piece;
}

/**
 * The notes of a take, or of the primer, as a kind of model reads them that does not hear them as they sound;
 * undefined where it does.
 */
export function assembleAs(
  reading: Reading,
  session: Session,
  id: string | undefined,
  materials: Materials,
): NoteTable | undefined {
  if (reading === 'sounding') return undefined;
  if (reading === 'beats') {
    const sounding = soundingOf(assemble(session, id, materials));
    const beats = knownBeats(session);
    return { ...sounding, ...(beats && { beats }) };
  }
  return assemble({ ...session, source: sourceAs(reading, session.source) }, id, materials).notes;
}

function sourceAs(reading: Reading, source: Source): Source {
  const readings = readAs.get(source) ?? new Map<Reading, Source>();
  readAs.set(source, readings);
  const before = readings.get(reading);
  if (before !== undefined) return before;
  const { file, pedal: _, ...rest } = source;
  // What was recorded has no file, and only one instrument: its keys as they were held.
  const notes = file === undefined ? source.notes : READINGS[reading](readMidi(file, source.title));
  const read = { ...rest, notes };
  readings.set(reading, read);
  return read;
}

/**
 * The notes of a take that is still made, without what stands after it; those that are held end at infinity.
 */
export function growingNotes(session: Session, take: Take, materials: Materials): NoteTable {
  const { given, made, pedal, notes } = assemble(session, take.parent, materials);
  const { events } = materials[take.id] ?? NOTHING;
  const end = Number.POSITIVE_INFINITY;
  const head = (part: NoteTable) =>
    headOf({ notes: part, pedal }, take.cut, events, end, notes.start[0] ?? 0);
  return [head(made), { notes: notesOfKeys(events, end) }].reduce(joined, head(given)).notes;
}

function assembleSource({ source }: Session): Assembled {
  const piece = sources.get(source) ?? finish(source.notes, { notes: createNoteTable(0) }, source.pedal);
  sources.set(source, piece);
  return piece;
}

function assembleTake(parent: Assembled, take: Take, material: Material): Assembled {
  if (material.edited !== undefined) return assembleEdited(material.edited);
  const { cut, until, kept, recipe } = take;
  if (until !== undefined && kept !== undefined)
    return assembleFilled(parent, { cut, until, kept }, material);
  const { pedal } = parent;
  const { events, knownTo } = material;
  const end = Math.max(cut, knownTo);
  const head = (notes: NoteTable) => headOf({ notes, pedal }, cut, events, end, parent.notes.start[0] ?? 0);
  const given = head(parent.given);
  const own: PianoPiece = { notes: notesOfKeys(events, end) };
  const before: PianoPiece = { notes: head(parent.made).notes };
  if (recipe.isPlayed) return finish(joined(given, own).notes, before, given.pedal);
  const made = joined(before, own);
  if (until === undefined) return finish(given.notes, made, given.pedal);
  const tail = (notes: NoteTable): PianoPiece => tailOf({ notes, pedal }, until);
  const whole = joined(given, tail(parent.given));
  return finish(whole.notes, joined(made, { notes: tail(parent.made).notes }), whole.pedal);
}

function assembleEdited(edited: EditedPiece): Assembled {
  const { notes, pedal, isMade } = edited;
  const piece: PianoPiece = { notes, ...(pedal && { pedal }) };
  const given = notesOf(edited, (n) => isMade[n] === 0);
  return { ...piece, given, made: notesOf(edited, (n) => isMade[n] === 1), end: endOf(piece) };
}

/** All stays as it sounds but the notes that begin in the span and are not kept. */
function assembleFilled(
  parent: Assembled,
  { cut, until, kept }: { readonly cut: number; readonly until: number; readonly kept: readonly number[] },
  { events, knownTo }: Material,
): Assembled {
  const { notes, pedal } = parent;
  const sounding = soundingOf(parent);
  const ends = new Map<string, number>();
  for (let n = 0; n < notes.length; n++) ends.set(nameOf(notes, n), sounding.end[n]);
  const isKept = new Set(kept.map((n) => nameOf(notes, n)));
  const stay = (part: NoteTable): NoteTable => {
    const { start } = part;
    const all = Array.from(start.keys());
    const table = selectNotes(
      part,
      all.filter((n) => start[n] < cut || start[n] >= until || isKept.has(nameOf(part, n))),
    );
    // The pedal rests in the span: what it held sounds as long as before.
    for (let n = 0; n < table.length; n++) {
      const end = ends.get(nameOf(table, n)) ?? 0;
      if (table.start[n] < until && end > cut) table.end[n] = Math.max(table.end[n], end);
    }
    return table;
  };
  const none = createNoteTable(0);
  const [before, after] = [headOf({ notes: none, pedal }, cut), tailOf({ notes: none, pedal }, until)];
  const own = { notes: notesOfKeys(events, Math.max(cut, knownTo)) };
  return finish(
    stay(parent.given),
    joined({ notes: stay(parent.made) }, own),
    pedal && joined(before, after).pedal,
  );
}

/** The notes whose beginnings, seconds, are as asked for. */
export function notesWhere(notes: NoteTable, isIn: (start: number) => boolean): NoteTable {
  return selectNotes(
    notes,
    Array.from(notes.start.keys()).filter((n) => isIn(notes.start[n])),
  );
}

function finish(given: NoteTable, { notes: made }: PianoPiece, pedal: Pedal | undefined): Assembled {
  const { notes } = joined({ notes: given }, { notes: made });
  const piece: PianoPiece = { notes, ...(pedal && { pedal }) };
  return { ...piece, given, made, end: endOf(piece) };
}

function endOf(piece: PianoPiece): number {
  let end = 0;
  for (const time of soundingOf(piece).end) end = Math.max(end, time);
  return end;
}
