import type { MidiFile } from './midi-file.js';
import { TrackWriter, writeMidiOfDivision } from './write.js';

const META = 0xff;

/**
 * A file as one of format 0: all that its tracks hold in a single one, by tick; what stands on one tick in
 * the order of the tracks, and within a track as it stands there.
 */
export function oneTrackFile(midi: MidiFile): Uint8Array {
  const { tick, status, data1, data2, track, length } = midi.events;
  interface Item {
    readonly tick: number;
    readonly track: number;
    /**
     * Twice its place among the channel messages; a message that stands before one is a half step ahead of
     * it.
     */
    readonly place: number;
    readonly write: (writer: TrackWriter) => void;
  }
  const items: Item[] = midi.messages.map((message) => ({
    tick: message.tick,
    track: message.track,
    place: 2 * message.before - 1,
    write: (writer) =>
      message.status === META
        ? writer.meta(message.tick, message.type, message.data)
        : writer.sysEx(message.tick, message.data, message.status),
  }));
  for (let event = 0; event < length; event++) {
    items.push({
      tick: tick[event],
      track: track[event],
      place: 2 * event,
      write: (writer) => writer.event(tick[event], status[event], data1[event], data2[event]),
    });
  }
  items.sort((a, b) => a.tick - b.tick || a.track - b.track || a.place - b.place);
  const writer = new TrackWriter();
  for (const item of items) item.write(writer);
  writer.endAt(midi.tracks.reduce((last, { endTick }) => Math.max(last, endTick), 0));
  return writeMidiOfDivision(midi.division, [writer], 0);
}
