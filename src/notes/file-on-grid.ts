import { copyTracks } from '../midi/copy-track.js';
import { META_LAST_TEXT, META_TRACK_NAME } from '../midi/meta.js';
import type { MidiFile } from '../midi/midi-file.js';
import { heardTempoMapOf } from '../midi/tempo-map.js';
import { writeMidiOfDivision } from '../midi/write.js';
import type { NoteTable } from './note-table.js';
import { noteTracks, type PartTracks } from './part-tracks.js';
import type { Pedal } from './pedal.js';
import type { Shape } from './to-midi.js';
import { soundingOf } from './transform.js';

/** Instruments and their names belong to what is not written. */
const META_INSTRUMENT = 0x04;
const META_CHANNEL_PREFIX = 0x20;
const META_PORT = 0x21;

/**
 * Notes and pedal as a MIDI file with the time of another one: its ticks, tempo map, metre, key signatures,
 * texts and markers in a first track, and in a second one the notes, or in several those of the hands or the
 * parts.
 */
export function fileOnGridOf(
  midi: MidiFile,
  { notes, pedal }: { readonly notes: NoteTable; readonly pedal?: Pedal },
  trackName: string,
  shape?: Shape,
  parts?: PartTracks,
): Uint8Array {
  const isOfTracks = (type: number) =>
    type <= 0 || [META_TRACK_NAME, META_INSTRUMENT, META_CHANNEL_PREFIX, META_PORT].includes(type);
  const messages = midi.messages
    .filter(({ type }) => !isOfTracks(type) && (type <= META_LAST_TEXT || type > META_PORT))
    .map((message) => ({ ...message, track: 0, before: 0 }))
    .sort((a, b) => a.tick - b.tick);
  const none = { length: 0, tick: new Uint32Array(0), track: new Uint16Array(0) };
  const empty = { ...none, status: new Uint8Array(0), data1: new Uint8Array(0), data2: new Uint8Array(0) };
  const time = { ...midi, messages, events: empty, tracks: midi.tracks.slice(0, 1) };
  const [timing] = copyTracks(time, { has: () => false, lastTick: Number.POSITIVE_INFINITY });
  // A pedal that is found takes the place of the one there is.
  const played = shape?.isPedalled ? soundingOf({ notes, pedal }) : notes;
  const tracks = noteTracks(played, heardTempoMapOf(midi), { trackName, pedal, shape, parts });
  return writeMidiOfDivision(midi.division, [timing, ...tracks], 1);
}
