import type { MidiFile } from '../midi/midi-file.js';

/** Program, channel and track: what tells two instruments apart. */
export interface InstrumentKey {
  readonly program: number;
  readonly channel: number;
  readonly track: number;
}

/** Which note-on was closed by which note-off: one entry for each of the S note-ons, in file order. */
export interface Pairing {
  /** (S) index of the note-on among the file's events. */
  readonly onEvent: Uint32Array;
  /** (S) index of the note-off; meaningless where `rank` is `NEVER_CLOSED`. */
  readonly offEvent: Uint32Array;
  /** (S) the note's place in the order in which notes were closed, or `NEVER_CLOSED`. */
  readonly rank: Uint32Array;
  /** (S) index into `instruments`; meaningless where `rank` is `NEVER_CLOSED`. */
  readonly instrument: Uint32Array;
  /** In the order in which each first closed a note. */
  readonly instruments: InstrumentKey[];
}

export const NEVER_CLOSED = 0xffffffff;

const KEYS = 16 * 128;
const NONE = -1;

/**
 * Pairs note-ons with note-offs as pretty_midi does. Within a track, a note-off (or a note-on of velocity 0) closes all
 * open notes of its channel and pitch that did not begin on its own tick. Those that did stay open if it closed any
 * others, and are dropped if not; so are notes that nothing closes. The program at the note-off counts.
 */
export function pairNotes(midi: MidiFile): Pairing {
  const { length, tick, status, data1, data2, track } = midi.events;
  let strikes = 0;
  for (let i = 0; i < length; i++) if (status[i] >> 4 === 0x9 && data2[i] > 0) strikes++;

  const onEvent = new Uint32Array(strikes);
  const offEvent = new Uint32Array(strikes);
  const rank = new Uint32Array(strikes).fill(NEVER_CLOSED);
  const instrument = new Uint32Array(strikes);
  const instruments: InstrumentKey[] = [];
  const instrumentIndex = new Map<number, number>();

  // The open notes of each key as a linked list, oldest first.
  const first = new Int32Array(KEYS).fill(NONE);
  const last = new Int32Array(KEYS);
  const next = new Int32Array(strikes);
  const program = new Uint8Array(16);
  let currentTrack = 0;
  let strike = 0;
  let closed = 0;

  const instrumentAt = (channel: number): number => {
    const key = (currentTrack * 16 + channel) * 128 + program[channel];
    let index = instrumentIndex.get(key);
    if (index === undefined) {
      index = instruments.length;
      instruments.push({ program: program[channel], channel, track: currentTrack });
      instrumentIndex.set(key, index);
    }
    return index;
  };

  for (let i = 0; i < length; i++) {
    if (track[i] !== currentTrack) {
      currentTrack = track[i];
      first.fill(NONE);
      program.fill(0);
    }
    const kind = status[i] >> 4;
    const channel = status[i] & 0x0f;
    if (kind === 0xc) {
      program[channel] = data1[i];
    } else if (kind === 0x9 && data2[i] > 0) {
      const key = channel * 128 + data1[i];
      onEvent[strike] = i;
      next[strike] = NONE;
      if (first[key] === NONE) first[key] = strike;
      else next[last[key]] = strike;
      last[key] = strike++;
    } else if (kind === 0x8 || kind === 0x9) {
      const key = channel * 128 + data1[i];
      let open = first[key];
      const closedBefore = closed;
      // Notes of this tick can only be the newest.
      while (open !== NONE && tick[onEvent[open]] !== tick[i]) {
        offEvent[open] = i;
        rank[open] = closed++;
        instrument[open] = instrumentAt(channel);
        open = next[open];
      }
      first[key] = closed > closedBefore ? open : NONE;
    }
  }
  return { onEvent, offEvent, rank, instrument, instruments };
}
