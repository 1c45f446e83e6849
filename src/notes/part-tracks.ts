/** Notes of several parts as tracks of a MIDI file, each on a channel of its own. */
import { META_TRACK_NAME } from '../midi/meta.js';
import type { TempoMap } from '../midi/tempo-map.js';
import { TrackWriter } from '../midi/write.js';
import { type NoteTable, selectNotes } from './note-table.js';
import type { Pedal } from './pedal.js';
import { type Shape, tracksOf, writeNotes } from './to-midi.js';

/** Parts by name, and which of them each note is of. */
export interface PartTracks {
  readonly names: readonly string[];
  /** (N) index into the names. */
  readonly of: ArrayLike<number>;
}

/** Channels for parts: all but the one of drums. */
const CHANNELS = Array.from({ length: 16 }, (_, channel) => channel).filter((channel) => channel !== 9);

/**
 * Tracks with the notes: one for each part, or as a shape has it where hands or a pedal are wanted, or one.
 * One key may sound in two parts at once; the pedal goes with each of them.
 *
 * @throws CadenzaError if a note or the pedal is out of range
 */
export function noteTracks(
  notes: NoteTable,
  tempoMap: TempoMap,
  {
    trackName,
    pedal,
    shape,
    parts,
  }: {
    readonly trackName?: string;
    readonly pedal?: Pedal;
    readonly shape?: Shape;
    readonly parts?: PartTracks;
  },
): TrackWriter[] {
  if (parts === undefined || parts.names.length < 2 || shape?.hasHands || shape?.isPedalled) {
    const tracks = tracksOf(trackName, shape);
    tracks[0].event(0, 0xc0, 0);
    writeNotes(tracks, notes, tempoMap, { pedal, shape });
    return tracks;
  }
  return parts.names.map((name, part) => {
    const channel = CHANNELS[part % CHANNELS.length];
    const track = new TrackWriter();
    track.meta(0, META_TRACK_NAME, new TextEncoder().encode(name));
    track.event(0, 0xc0 | channel, 0);
    const own = Array.from(notes.start.keys()).filter((n) => parts.of[n] === part);
    writeNotes([track], selectNotes(notes, own), tempoMap, { channel, pedal });
    return track;
  });
}
