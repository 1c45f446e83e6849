import type { MidiFile } from '../midi/midi-file.js';
import { SUSTAIN_CONTROLLER } from './pedal.js';

/** Program, channel and track: what tells two instruments apart. */
export interface InstrumentKey {
  readonly program: number;
  readonly channel: number;
  readonly track: number;
}

/** Which note-on was closed by which note-off: one entry for each of the S note-ons, in file order. */
export interface Pairing {
  /** (S) index of the note-on among the file's events. */
  readonly onEvent: Int32Array;
  /** (S) index of the note-off; meaningless where `rank` is `NEVER_CLOSED`. */
  readonly offEvent: Int32Array;
  /** (S) the note's place in the order in which notes were closed, or `NEVER_CLOSED`. */
  readonly rank: Int32Array;
  /** (S) index into `instruments`; meaningless where `rank` is `NEVER_CLOSED`. */
  readonly instrument: Int32Array;
  /** In the order in which each first closed a note. */
  readonly instruments: InstrumentKey[];
  /** Indices among the file's events of all movements of a sustain pedal, in file order. */
  readonly pedalEvent: Int32Array;
}

export const NEVER_CLOSED = -1;

const KEYS = 16 * 128;
const NONE = -1;

/**
 * Pairs note-ons with note-offs as pretty_midi does. Within a track, a note-off (or a note-on of velocity 0) closes all
 * open notes of its channel and pitch that did not begin on its own tick. Those that did stay open if it closed any
 * others, and are dropped if not; so are notes that nothing closes. The program at the note-off counts.
 */
export function pairNotes(midi: MidiFile): Pairing {
  const { length, tick, status, data1, data2, track } = midi.events;
  // Counted without branches: keys and pedals alternate as they like, and every wrong guess costs the processor dear.
  // ((kind ^ k) − 1) is negative only where kind is k.
  let strikes = 0;
  let controls = 0;
  for (let i = 0; i < length; i++) {
    const kind = status[i] >> 4;
    strikes += (((kind ^ 0x9) - 1) >>> 31) & (-data2[i] >>> 31);
    controls += ((kind ^ 0xb) - 1) >>> 31;
  }

  // Signed, because engines calculate with numbers of 31 bits faster than with those of 32.
  const onEvent = new Int32Array(strikes);
  const offEvent = new Int32Array(strikes);
  const rank = new Int32Array(strikes).fill(NEVER_CLOSED);
  const instrument = new Int32Array(strikes);
  const instruments: InstrumentKey[] = [];
  const instrumentIndex = new Map<number, number>();

  // The open notes of each key as a linked list, oldest first.
  const first = new Int32Array(KEYS).fill(NONE);
  const last = new Int32Array(KEYS);
  const next = new Int32Array(strikes);
  const program = new Uint8Array(16);
  /** The instrument of each channel while its program lasts. */
  const current = new Int32Array(16).fill(NONE);
  let currentTrack = 0;
  let strike = 0;
  let closed = 0;
  const pedalEvent = new Int32Array(controls + 1); // the last place may be written and not kept
  let movements = 0;

  const findInstrument = (channel: number): number => {
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
      current.fill(NONE);
    }
    const kind = status[i] >> 4;
    if (kind === 0xb) {
      pedalEvent[movements] = i;
      movements += ((data1[i] ^ SUSTAIN_CONTROLLER) - 1) >>> 31;
      continue;
    }
    const channel = status[i] & 0x0f;
    if (kind === 0xc) {
      program[channel] = data1[i];
      current[channel] = NONE;
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
      const tickNow = tick[i];
      // Notes of this tick can only be the newest.
      while (open !== NONE && tick[onEvent[open]] !== tickNow) {
        if (current[channel] === NONE) current[channel] = findInstrument(channel);
        offEvent[open] = i;
        rank[open] = closed++;
        instrument[open] = current[channel];
        open = next[open];
      }
      first[key] = closed > closedBefore ? open : NONE;
    }
  }
  return { onEvent, offEvent, rank, instrument, instruments, pedalEvent: pedalEvent.subarray(0, movements) };
}
