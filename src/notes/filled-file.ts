/** A MIDI file with a span of it played anew: all else stays as it is, event by event. */
import { copyTracks } from '../midi/copy-track.js';
import { inTimeOrder } from '../midi/merge-tracks.js';
import type { MidiFile } from '../midi/midi-file.js';
import { heardTempoMapOf } from '../midi/tempo-map.js';
import { writeMidiOfDivision } from '../midi/write.js';
import { ownChannel } from './continued-file.js';
import { NEVER, pairStrikes } from './key-releases.js';
import type { NoteTable } from './note-table.js';
import { type Shape, tracksOf, writeNotes } from './to-midi.js';

/** What is taken out of a file. */
export interface TakenOut {
  /** Seconds: notes that begin from here on, and before `to`. */
  readonly from: number;
  readonly to: number;
  /** Whether a note of the span stays all the same: its MIDI note number, and when it begins. */
  readonly isKept?: (pitch: number, start: number) => boolean;
}

/**
 * The file without the notes that begin in a span (drums stay), and with others, seconds of the file, in a
 * track and, where one is free, on a channel of their own.
 */
export function filledFile(
  midi: MidiFile,
  { from, to, isKept = () => false }: TakenOut,
  notes: NoteTable,
  trackName: string,
  shape?: Shape,
): Uint8Array {
  const map = heardTempoMapOf(midi);
  const order = inTimeOrder(midi.events);
  const strikes = pairStrikes(midi, order);
  const { tick, status, data1 } = midi.events;
  const removed = new Set<number>();
  for (let strike = 0; strike < strikes.length; strike++) {
    const on = strikes.event[strike];
    const start = map.secondsAt(tick[on]);
    if (strikes.isDrum[strike] || start < from || start >= to) continue;
    if (isKept(data1[on], start)) continue;
    removed.add(on);
    const releasedAt = strikes.releasedAt[strike];
    // What releases all keys of a channel stays.
    if (releasedAt !== NEVER && status[order[releasedAt]] >> 4 <= 0x9) removed.add(order[releasedAt]);
  }
  const tracks = copyTracks(midi, {
    lastTick: Number.POSITIVE_INFINITY,
    has: (event) => !removed.has(event),
  });
  for (const [t, writer] of tracks.entries()) writer.endAt(midi.tracks[t].endTick);
  const own = tracksOf(trackName, shape);
  // On a grid what is played may begin a little before the span.
  const begin = map.tickAt(Math.max(0, Math.min(from, notes.start[0] ?? from)));
  const { channel, setup } = ownChannel(midi, begin);
  for (const [kind, data1, data2] of setup) own[0].event(begin, kind | channel, data1, data2);
  writeNotes(own, notes, map, { channel, shape });
  return writeMidiOfDivision(midi.division, [...tracks, ...own], 1);
}
