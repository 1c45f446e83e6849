import type { MidiFile } from './midi-file.js';
import { TrackWriter } from './write.js';

const META = 0xff;

/** Which channel messages of a file to copy, by index, and up to which tick anything is. */
export interface Kept {
  readonly has: (event: number) => boolean;
  readonly lastTick: number;
}

/** The tracks of a file, to be written anew: every message as it stands, at its tick. */
export function copyTracks(midi: MidiFile, { has, lastTick }: Kept): TrackWriter[] {
  const { tick, status, data1, data2, track, length } = midi.events;
  const tracks = midi.tracks.map(() => new TrackWriter());
  let event = 0;
  let message = 0;
  for (const [t, writer] of tracks.entries()) {
    for (;;) {
      const next = midi.messages[message];
      const hasMessage = next !== undefined && next.track === t;
      const hasEvent = event < length && track[event] === t;
      if (hasMessage && (!hasEvent || next.before <= event)) {
        message++;
        if (next.tick > lastTick) continue;
        if (next.status === META) writer.meta(next.tick, next.type, next.data);
        else writer.sysEx(next.tick, next.data, next.status);
      } else if (hasEvent) {
        if (has(event)) writer.event(tick[event], status[event], data1[event], data2[event]);
        event++;
      } else break;
    }
  }
  return tracks;
}
