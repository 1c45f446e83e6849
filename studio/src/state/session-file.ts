/**
 * Sessions as text: a `.cadenza.json` that holds everything, and a link that holds what is needed to make one
 * take again. Both are read with care: they come from strangers.
 */
import {
  builtInOpening,
  CadenzaError,
  createNoteTable,
  evenBeats,
  type KeyEvent,
  readMidi,
} from '../../../src/index.js';
import { type EditedText, editedFrom, editedText } from './edited-text.js';
import type { Material, Materials } from './material.js';
import { base64Of, bytesOfBase64, packText, unpackText } from './packed-text.js';
import { PHRASES, phraseNamed } from './phrases.js';
import { notesFromRows, pedalFromRows, rowsOfNotes, rowsOfPedal } from './rows.js';
import {
  newSession,
  type Recipe,
  type Session,
  type Source,
  setBeats,
  type Take,
  takeOf,
} from './session.js';
import {
  beatsIn,
  check,
  Damaged,
  isListOfPlaces,
  isNumber,
  isPitch,
  isRecipe,
  isText,
  isTime,
  MOST_NOTES,
} from './session-checks.js';

const FORMAT = 'cadenza-session';
const VERSION = 1;
/** Browsers and messengers take links of this length. */
const LONGEST_LINK = 8000;
/** Bytes that a link may unfold to: many times what this studio puts into one. */
const LONGEST_TEXT = 16e6;
/** Characters of a MIDI file of 64 MB. */
const LONGEST_FILE = 90_000_000;

/** A session and what its takes hold; takes without material are to be made again. */
export interface Opened {
  readonly session: Session;
  readonly materials: Materials;
}

interface TakeText {
  readonly name: string;
  readonly parent?: number;
  readonly cut: number;
  readonly until?: number;
  readonly kept?: readonly number[];
  readonly recipe: Recipe;
  readonly starred?: true;
  /** Time, pitch, velocity of each strike and release. */
  readonly events?: readonly (readonly number[])[];
  readonly knownTo?: number;
  /** The whole piece, where it was edited by hand. */
  readonly edited?: EditedText;
  readonly bits?: number | null;
}

interface SessionText {
  readonly format: typeof FORMAT;
  readonly version: number;
  readonly source: {
    readonly title: string;
    readonly opening?: string;
    /** Pitch, velocity, start, end of each note. */
    readonly notes?: readonly (readonly number[])[];
    /** Time and position of each movement. */
    readonly pedal?: readonly (readonly number[])[];
    /** The MIDI file it was opened from, in base64. */
    readonly midi?: string;
  };
  readonly takes: readonly TakeText[];
  readonly current?: number;
  readonly cut?: number;
  /** Time of each beat, and which of its bar it is, where that was set by hand. */
  readonly beats?: readonly (readonly number[])[];
}

/** The built-in openings by name. */
export const OPENINGS: Readonly<Record<string, () => Source>> = {
  prelude: () => ({
    title: 'Prelude in C',
    opening: 'prelude',
    notes: builtInOpening(),
    beats: evenBeats(0, 72, 4),
  }),
  ...Object.fromEntries(PHRASES.map((name) => [name, () => sourceOfPhrase(name)])),
  silence: () => ({ title: 'From silence', opening: 'silence', notes: createNoteTable(0) }),
};

function sourceOfPhrase(name: string): Source {
  const { title, notes, beats } = phraseNamed(name);
  return { title, opening: name, notes, beats };
}

/** What is said of an opening. */
export function aboutOpening(name: string): string {
  if (name === 'prelude') return '4/4, C major: J. S. Bach, twelve bars';
  return name === 'silence' ? 'no primer at all' : phraseNamed(name).about;
}

/** A session as the text of a `.cadenza.json`, with all takes and what they hold. */
export function sessionToText(session: Session, materials: Materials): string {
  return `${JSON.stringify(textOf(session, materials), null, 1).replace(/\[\s+([^[\]]*?)\s+\]/g, squeeze)}\n`;
}

/** Rows of numbers in one line. */
function squeeze(_: string, row: string): string {
  return `[${row.replace(/\s*\n\s*/g, ' ')}]`;
}

function textOf(session: Session, materials: Materials): SessionText {
  const { source, takes, current, cut, beats } = session;
  const indexOf = (id: string | undefined) => {
    const index = takes.findIndex((take) => take.id === id);
    return index < 0 ? undefined : index;
  };
  const { title, opening, notes, pedal, file } = source;
  return {
    format: FORMAT,
    version: VERSION,
    source:
      opening !== undefined
        ? { title, opening }
        : {
            title,
            notes: rowsOfNotes(notes),
            ...(pedal && { pedal: rowsOfPedal(pedal) }),
            ...(file && { midi: base64Of(file) }),
          },
    takes: takes.map(({ id, name, parent, cut, until, kept, recipe, isStarred }) => {
      const material = materials[id];
      return {
        name,
        parent: indexOf(parent),
        cut,
        until,
        ...(kept && { kept }),
        recipe,
        ...(isStarred && { starred: true as const }),
        ...(material !== undefined && {
          events: material.events.map(({ time, pitch, velocity }) => [time, pitch, velocity]),
          knownTo: material.knownTo,
          ...(material.edited && { edited: editedText(material.edited) }),
          ...(Number.isFinite(material.bits) && { bits: material.bits }),
        }),
      };
    }),
    current: indexOf(current),
    cut,
    ...(beats && { beats: Array.from(beats.time, (time, i) => [time, beats.place[i]]) }),
  };
}

/**
 * Reads a `.cadenza.json`.
 *
 * @param newId gives every take an id of its own
 * @throws CadenzaError when it is no such file, or damaged
 */
export function sessionFromText(text: string, name: string, newId: () => string): Opened {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new CadenzaError(`${name}: is damaged or no text of a session; export it again`);
  }
  const { format, version } = (json ?? {}) as Partial<SessionText>;
  if (format !== FORMAT) {
    throw new CadenzaError(`${name}: is no session of Cadenza; drop a MIDI file or a .cadenza.json`);
  }
  if (version !== VERSION) {
    throw new CadenzaError(`${name}: is of version ${version}, this studio reads ${VERSION}; update Cadenza`);
  }
  try {
    return opened(json as SessionText, newId);
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    throw new CadenzaError(`${name}: ${error.message}; export it again`);
  }
}

function opened(text: SessionText, newId: () => string): Opened {
  const source = sourceOf(text.source);
  check(Array.isArray(text.takes) && text.takes.length <= 10_000, 'the list of takes');
  const takes: Take[] = [];
  const materials: Record<string, Material> = {};
  for (const [i, take] of text.takes.entries()) {
    const what = `take ${i + 1}`;
    check(typeof take === 'object' && take !== null && isText(take.name), what);
    const { name, parent, cut, until, kept, recipe, starred, events, knownTo, bits, edited } = take;
    check(parent === undefined || (Number.isInteger(parent) && parent >= 0 && parent < i), `${what}'s place`);
    check(isTime(cut) && (until === undefined || (isTime(until) && until > cut)), `${what}'s place`);
    check(kept === undefined || (until !== undefined && isListOfPlaces(kept)), `${what}'s notes`);
    // Once some were written that are no number.
    check(bits === undefined || bits === null || typeof bits === 'number', what);
    check(isRecipe(recipe), `the recipe of ${what}`);
    const id = newId();
    takes.push({
      id,
      name,
      parent: parent === undefined ? undefined : takes[parent].id,
      cut,
      ...(until !== undefined && { until }),
      ...(kept && { kept }),
      recipe,
      isStarred: starred === true,
    });
    if (events === undefined) continue;
    check(isTime(knownTo), what);
    const made = { events: eventsOf(events, what), knownTo, state: 'made' as const };
    materials[id] = {
      ...made,
      ...(typeof bits === 'number' && { bits }),
      ...(edited !== undefined && { edited: editedFrom(edited, what) }),
    };
  }
  const { current, cut } = text;
  check(current === undefined || takes[current] !== undefined, 'the current take');
  check(cut === undefined || isTime(cut), 'the marker');
  const beats = text.beats && beatsIn(text.beats);
  const opened = { ...newSession(source), takes, current: takes[current ?? -1]?.id, cut };
  const session = beats === undefined ? opened : setBeats(opened, beats);
  return { session, materials };
}

function sourceOf(text: SessionText['source']): Source {
  check(typeof text === 'object' && text !== null && isText(text.title), 'the primer');
  const { title, opening, notes: rows, pedal: movements } = text;
  if (opening !== undefined) {
    check(Object.hasOwn(OPENINGS, opening), 'the opening');
    return OPENINGS[opening]();
  }
  const notes = notesFromRows(rows, 'the primer', 'note');
  const file = text.midi === undefined ? {} : { file: fileOf(text.midi) };
  const pedal = movements && { pedal: pedalFromRows(movements) };
  return { title, notes, ...pedal, ...file };
}

/** The bytes of a MIDI file that can be read. */
function fileOf(base64: unknown): Uint8Array {
  check(typeof base64 === 'string' && base64.length <= LONGEST_FILE, "the primer's MIDI file");
  try {
    const bytes = bytesOfBase64(base64);
    readMidi(bytes);
    return bytes;
  } catch {
    throw new Damaged("the primer's MIDI file is damaged");
  }
}

function eventsOf(rows: unknown, what: string): KeyEvent[] {
  check(Array.isArray(rows) && rows.length <= MOST_NOTES && rows.every(Array.isArray), what);
  return rows.map(([time, pitch, velocity]) => {
    check(isTime(time) && isPitch(pitch) && isNumber(velocity, 0, 127), what);
    return { time, pitch, velocity };
  });
}

/**
 * What comes after `#/compose?s=` in a link that makes the current take again.
 *
 * @throws CadenzaError when it needs what a link cannot hold
 */
export async function sessionToLink(session: Session): Promise<string> {
  const chain: Take[] = [];
  for (let t = takeOf(session, session.current); t !== undefined; t = takeOf(session, t.parent))
    chain.unshift(t);
  const strange = chain.find(({ recipe }) => recipe.isPlayed || !recipe.model.id.startsWith('shipped:'));
  if (strange !== undefined) {
    const why = strange.recipe.isPlayed
      ? 'was played by hand'
      : `was made by ${strange.recipe.model.name}, which only you have`;
    throw new CadenzaError(
      `take ${strange.name} ${why}: no link can make it again; export a .cadenza.json instead`,
    );
  }
  const source = { ...session.source, file: undefined };
  const text = JSON.stringify(textOf({ ...session, source, takes: chain }, {}));
  const code = await packText(text);
  if (code.length <= LONGEST_LINK) return code;
  throw new CadenzaError(
    `the primer has ${session.source.notes.length} notes, too many for a link; export a .cadenza.json instead`,
  );
}

/** @throws CadenzaError when it is no such link, or was cut off */
export async function sessionFromLink(code: string, newId: () => string): Promise<Opened> {
  let text: string;
  try {
    text = await unpackText(code, LONGEST_TEXT);
  } catch {
    throw new CadenzaError('the link is damaged or was cut off; copy all of it');
  }
  return sessionFromText(text, 'the link', newId);
}
