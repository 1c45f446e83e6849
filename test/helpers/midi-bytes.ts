/**
 * The bytes of a small MIDI file (format 0, 480 ticks a beat, 120 bpm): one note a beat, held for half of it.
 */
export function midiBytes(pitches: readonly number[]): Uint8Array {
  const events = pitches.flatMap((pitch) => [
    0,
    0x90,
    pitch,
    64,
    0x81,
    0x70,
    0x80,
    pitch,
    0,
    0x81,
    0x70,
    0xb0,
    1,
    0,
  ]);
  const track = [...events, 0, 0xff, 0x2f, 0];
  const header = [...ascii('MThd'), 0, 0, 0, 6, 0, 0, 0, 1, 0x01, 0xe0];
  return Uint8Array.from([...header, ...ascii('MTrk'), ...bigEndian32(track.length), ...track]);
}

function ascii(text: string): number[] {
  return [...text].map((character) => character.charCodeAt(0));
}

function bigEndian32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}
