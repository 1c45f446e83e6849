/** A MIDI file by its URL, as what a player shows and plays. */
import { MAX_FILE_BYTES } from '../../dataset/file-kind.js';
import { CadenzaError } from '../../errors.js';
import { readMidi } from '../../midi/read.js';
import { listen, pedalOf } from '../../notes/listen.js';
import type { NoteTable } from '../../notes/note-table.js';
import type { Pedal } from '../../notes/pedal.js';

export interface PlayerPiece {
  /** As they sound: held by the pedal. */
  readonly notes: NoteTable;
  /** Of the channel that uses it most; undefined if none does. */
  readonly pedal: Pedal | undefined;
}

/**
 * Fetches and reads a MIDI file.
 *
 * @throws CadenzaError in words if it cannot be had, read or played
 */
export async function loadPiece(url: URL, signal: AbortSignal): Promise<PlayerPiece> {
  const name = decodeName(url);
  const response = await fetch(url, { signal }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new CadenzaError(`${name} could not be fetched; check its address and the connection`);
  });
  if (!response.ok) {
    throw new CadenzaError(
      `${name} could not be fetched: the server answered ${response.status}; check its address`,
    );
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length > MAX_FILE_BYTES) {
    throw new CadenzaError(
      `${name} is too large to be a MIDI file (${Math.round(bytes.length / 2 ** 20)} MB)`,
    );
  }
  const midi = readMidi(bytes, name);
  const heard = listen(midi);
  const { notes } = heard;
  if (notes.length === 0) throw new CadenzaError(`${name} has no notes to play`);
  const pedals = Array.from(new Set(notes.channel), (channel) => pedalOf(heard, channel));
  const pedal = pedals.reduce((most, own) => (own.length > most.length ? own : most));
  return { notes, pedal: pedal.length > 0 ? pedal : undefined };
}

function decodeName(url: URL): string {
  const last = url.pathname.split('/').pop() || url.href;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
