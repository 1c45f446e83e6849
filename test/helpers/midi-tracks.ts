/** Small MIDI files for tests of what is heard: tracks as lists of events at ticks. 480 ticks a beat. */
import { TrackWriter, writeMidi } from '../../src/midi/write.js';

export type TrackEvent =
  | { readonly at: number; readonly message: readonly number[] }
  | { readonly at: number; readonly sysEx: readonly number[] }
  | { readonly at: number; readonly beatsPerMinute: number }
  | { readonly at: number; readonly meta: number; readonly data: readonly number[] };

export const strike = (at: number, pitch: number, velocity = 80, channel = 0): TrackEvent => ({
  at,
  message: [0x90 | channel, pitch, velocity],
});
export const release = (at: number, pitch: number, channel = 0): TrackEvent => ({
  at,
  message: [0x80 | channel, pitch, 0],
});
export const control = (at: number, controller: number, value: number, channel = 0): TrackEvent => ({
  at,
  message: [0xb0 | channel, controller, value],
});
export const program = (at: number, value: number, channel = 0): TrackEvent => ({
  at,
  message: [0xc0 | channel, value],
});
export const tempo = (at: number, beatsPerMinute: number): TrackEvent => ({ at, beatsPerMinute });
export const sysEx = (at: number, ...bytes: number[]): TrackEvent => ({ at, sysEx: [...bytes, 0xf7] });
/** A key held for some ticks. */
export const key = (at: number, ticks: number, pitch: number, velocity = 80, channel = 0): TrackEvent[] => [
  strike(at, pitch, velocity, channel),
  release(at + ticks, pitch, channel),
];

/** Events come by tick, those of one tick as they stand; a track ends at `end`, or with its last event. */
export function fileOf(tracks: readonly (readonly TrackEvent[])[], ends: readonly number[] = []): Uint8Array {
  const writers = tracks.map((events, t) => {
    const writer = new TrackWriter();
    const inTime = [...events].sort((a, b) => a.at - b.at);
    for (const event of inTime) {
      if ('message' in event) {
        const [status, data1, data2 = 0] = event.message;
        writer.event(event.at, status, data1, data2);
      } else if ('sysEx' in event) writer.sysEx(event.at, Uint8Array.from(event.sysEx));
      else if ('meta' in event) writer.meta(event.at, event.meta, Uint8Array.from(event.data));
      else {
        const microseconds = Math.round(6e7 / event.beatsPerMinute);
        writer.meta(event.at, 0x51, Uint8Array.of(microseconds >> 16, microseconds >> 8, microseconds));
      }
    }
    if (ends[t] !== undefined) writer.endAt(ends[t]);
    return writer;
  });
  return writeMidi(480, writers);
}
