/**
 * What a synthesiser is told to do for a piece: strikes and releases of keys, each at a sample of the sound.
 */
import type { NoteTable } from '../notes/note-table.js';

/** Strikes and releases, K of them, by time; on one sample, releases come first. */
export interface Strikes {
  /** Number of strikes and releases, K. */
  readonly length: number;
  /** (K) samples from the beginning, ascending. */
  readonly frame: Float64Array;
  /** (K) 0 … 127. */
  readonly pitch: Uint8Array;
  /** (K) 1 … 127 for a strike, 0 for a release. */
  readonly velocity: Uint8Array;
}

/**
 * The strikes and releases of notes. A key cannot be held twice: where a pitch is struck again, the note
 * before ends. Of several strikes of a pitch on one sample, as of two hands on one key, the loudest sounds.
 */
export function strikesOf(notes: NoteTable, sampleRateHz: number): Strikes {
  const { length, pitch, velocity, start, end } = notes;
  const order = Uint32Array.from(start.keys()).sort((a, b) => start[a] - start[b] || a - b);
  const events: { frame: number; pitch: number; velocity: number }[] = [];
  const held: ({ strike: (typeof events)[number]; release: (typeof events)[number] } | undefined)[] = [];
  for (let n = 0; n < length; n++) {
    const i = order[n];
    const frame = Math.round(start[i] * sampleRateHz);
    // A strike and its release on one sample would be no note.
    const release = {
      frame: Math.max(frame + 1, Math.round(end[i] * sampleRateHz)),
      pitch: pitch[i],
      velocity: 0,
    };
    const before = held[pitch[i]];
    if (before !== undefined && before.strike.frame === frame) {
      before.strike.velocity = Math.max(before.strike.velocity, velocity[i]);
      before.release.frame = Math.max(before.release.frame, release.frame);
      continue;
    }
    if (before !== undefined) before.release.frame = Math.min(before.release.frame, frame);
    const strike = { frame, pitch: pitch[i], velocity: velocity[i] };
    held[pitch[i]] = { strike, release };
    events.push(strike, release);
  }
  events.sort((a, b) => a.frame - b.frame || Math.sign(a.velocity) - Math.sign(b.velocity));
  return {
    length: events.length,
    frame: Float64Array.from(events, (event) => event.frame),
    pitch: Uint8Array.from(events, (event) => event.pitch),
    velocity: Uint8Array.from(events, (event) => event.velocity),
  };
}
