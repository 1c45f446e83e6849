/** What a player can be given to play, and how it becomes notes. */
import { fileKindOf, MAX_FILE_BYTES } from '../../dataset/file-kind.js';
import { CadenzaError } from '../../errors.js';
import type { Played } from '../../kinds/kind.js';
import { readMidi } from '../../midi/read.js';
import type { KeyEvent } from '../../notes/cut.js';
import { listen, pedalOf } from '../../notes/listen.js';
import type { NoteTable } from '../../notes/note-table.js';
import type { Pedal } from '../../notes/pedal.js';
import { here } from '../assets.js';
import { fetchBytes } from '../fetching.js';

/** Strikes and releases as they become known: of a recording, or of one variation that a model plays. */
export type PlayerStream = AsyncIterable<KeyEvent | Played>;

/**
 * A MIDI file by its URL (relative to the page), as a file or as bytes; notes as they sound; or events that
 * still stream in, such as those of `createPerformer(…).play(…)`.
 */
export type PlayerSource = string | URL | Blob | ArrayBuffer | Uint8Array | NoteTable | PlayerStream;

export interface PlayerPiece {
  /** As they sound: held by the pedal. */
  readonly notes: NoteTable;
  /** Of the channel that uses it most; undefined if none does. */
  readonly pedal: Pedal | undefined;
}

export function isStream(source: PlayerSource): source is PlayerStream {
  return typeof source === 'object' && Symbol.asyncIterator in source;
}

export function isNotes(source: PlayerSource): source is NoteTable {
  return typeof source === 'object' && 'pitch' in source;
}

/**
 * Fetches and reads a MIDI file.
 *
 * @throws CadenzaError in words if it cannot be had, read or played
 */
export async function loadPiece(
  source: Exclude<PlayerSource, NoteTable | PlayerStream>,
  signal: AbortSignal,
): Promise<PlayerPiece> {
  const { name, bytes } = await bytesOf(source, signal);
  if (bytes.length > MAX_FILE_BYTES) {
    throw new CadenzaError(
      `${name} is too large to be a MIDI file (${Math.round(bytes.length / 2 ** 20)} MB)`,
    );
  }
  const heard = listen(readMidi(bytes, name));
  const { notes } = heard;
  if (notes.length === 0) throw new CadenzaError(`${name} has no notes to play`);
  const pedals = Array.from(new Set(notes.channel), (channel) => pedalOf(heard, channel));
  const pedal = pedals.reduce((most, own) => (own.length > most.length ? own : most));
  return { notes, pedal: pedal.length > 0 ? pedal : undefined };
}

async function bytesOf(
  source: Exclude<PlayerSource, NoteTable | PlayerStream>,
  signal: AbortSignal,
): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  if (source instanceof Uint8Array) return { name: 'the piece', bytes: source };
  if (source instanceof ArrayBuffer) return { name: 'the piece', bytes: new Uint8Array(source) };
  if (source instanceof Blob) {
    const name = source instanceof File ? source.name : 'the piece';
    return { name, bytes: new Uint8Array(await source.arrayBuffer()) };
  }
  const url = new URL(source, here());
  const name = nameOf(url);
  return { name, bytes: await fetchBytes(url, name, { signal }) };
}

/** What to call a source where people read it: the name of its file; undefined where it has none. */
export function titleOf(source: PlayerSource | undefined): string | undefined {
  if (source instanceof File) return withoutEnding(source.name);
  if (typeof source === 'string' || source instanceof URL)
    return withoutEnding(nameOf(new URL(source, here())));
  return undefined;
}

function withoutEnding(name: string): string {
  return fileKindOf(name) === 'midi' ? name.replace(/\.\w+$/, '') : name;
}

function nameOf(url: URL): string {
  const last = url.pathname.split('/').pop() || url.href;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
