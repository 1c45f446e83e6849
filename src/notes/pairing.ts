import { SUSTAIN } from '../midi/controllers.js';
import type { MidiEvents, MidiFile } from '../midi/midi-file.js';

/** Program, channel and track: what tells two instruments apart. */
export interface InstrumentKey {
  readonly program: number;
  readonly channel: number;
  readonly track: number;
  /** Notes that were closed in its name. */
  noteCount: number;
}

/** Which note-on was closed by which note-off: one entry for each of the S note-ons, in file order. */
export interface Pairing {
  /** S, the number of note-ons. */
  readonly length: number;
  /** (≥ S) index of the note-on among the file's events. */
  readonly onEvent: Int32Array;
  /** (≥ S) index of the note-off, or `NEVER_CLOSED`. */
  readonly offEvent: Int32Array;
  /** (≥ S) index into `instruments`; meaningless where the note is never closed. */
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
 * Pairs note-ons with note-offs as pretty_midi does. Within a track, a note-off (or a note-on of velocity 0)
 * closes all open notes of its channel and pitch that did not begin on its own tick. Those that did stay open
 * if it closed any others, and are dropped if not; so are notes that nothing closes. The program at the
 * note-off counts.
 */
export function pairNotes({ events }: MidiFile): Pairing {
  const { tick, status, data1, data2, track } = events;
  const { keyEvent, pedalEvent } = sortOut(events);
  // Signed, because engines calculate with numbers of 31 bits faster than with those of 32.
  const onEvent = new Int32Array(keyEvent.length);
  const offEvent = new Int32Array(keyEvent.length);
  const instrument = new Int32Array(keyEvent.length);
  const instruments: InstrumentKey[] = [];
  const instrumentIndex = new Map<number, number>();

  // The open notes of each key as a linked list, oldest first.
  const first = new Int32Array(KEYS).fill(NONE);
  const last = new Int32Array(KEYS);
  const next = new Int32Array(keyEvent.length);
  const program = new Uint8Array(16);
  /** The instrument of each channel while its program lasts. */
  const current = new Int32Array(16).fill(NONE);
  let currentTrack = 0;
  let length = 0;

  const findInstrument = (channel: number): number => {
    const key = (currentTrack * 16 + channel) * 128 + program[channel];
    let index = instrumentIndex.get(key);
    if (index === undefined) {
      index = instruments.length;
      instruments.push({ program: program[channel], channel, track: currentTrack, noteCount: 0 });
      instrumentIndex.set(key, index);
    }
    return index;
  };

  for (let k = 0; k < keyEvent.length; k++) {
    const event = keyEvent[k];
    if (track[event] !== currentTrack) {
      currentTrack = track[event];
      first.fill(NONE);
      program.fill(0);
      current.fill(NONE);
    }
    const tickNow = tick[event];
    const message = status[event] >> 4;
    const channel = status[event] & 0x0f;
    const key = channel * 128 + data1[event];
    if (message === 0x9 && data2[event] > 0) {
      onEvent[length] = event;
      offEvent[length] = NEVER_CLOSED;
      next[length] = NONE;
      if (first[key] === NONE) first[key] = length;
      else next[last[key]] = length;
      last[key] = length++;
    } else if (message !== 0xc) {
      const oldest = first[key];
      let open = oldest;
      // Notes of this tick can only be the newest.
      while (open !== NONE && tick[onEvent[open]] !== tickNow) {
        if (current[channel] === NONE) current[channel] = findInstrument(channel);
        offEvent[open] = event;
        instrument[open] = current[channel];
        instruments[current[channel]].noteCount++;
        open = next[open];
      }
      first[key] = open === oldest ? NONE : open;
    } else {
      program[channel] = data1[event];
      current[channel] = NONE;
    }
  }
  return { length, onEvent, offEvent, instrument, instruments, pedalEvent };
}

/**
 * Indices of the events that pairing has to look at (notes on and off, changes of program), and of the
 * sustain pedal's. Without branches: keys and pedals alternate as they like, and every wrong guess costs the
 * processor dear.
 */
function sortOut({ length, status, data1 }: MidiEvents) {
  const keyEvent = new Int32Array(length);
  const pedalEvent = new Int32Array(length);
  let keys = 0;
  let movements = 0;
  for (let i = 0; i < length; i++) {
    // ((message ^ k) − 1) is negative only where message is k.
    const message = status[i] >> 4;
    keyEvent[keys] = i;
    keys += ((((message & 0xe) ^ 0x8) - 1) | ((message ^ 0xc) - 1)) >>> 31;
    pedalEvent[movements] = i;
    movements += (((message ^ 0xb) | (data1[i] ^ SUSTAIN)) - 1) >>> 31;
  }
  return { keyEvent: keyEvent.subarray(0, keys), pedalEvent: pedalEvent.subarray(0, movements) };
}
