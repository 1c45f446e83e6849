/** Which release ends which strike, when keys are struck again before they were released. */
import { ALL_NOTES_OFF, ALL_SOUND_OFF, BANK_SELECT } from '../midi/controllers.js';
import type { MidiEvents, MidiFile, MidiMessage } from '../midi/midi-file.js';
import { DrumChannels } from './drums.js';

export const CHANNELS = 16;
export const PITCHES = 128;
/** Keys of all channels: channel · 128 + pitch. */
export const KEYS = CHANNELS * PITCHES;

/** Nothing released a key before it was struck again, or at all. */
export const NEVER = -1;

/** The strikes of a file in time order, S of them. */
export interface Strikes {
  /** S */
  length: number;
  /** (≥ S) index of the note-on among the file's events. */
  readonly event: Int32Array;
  /** (≥ S) where in time order the message stands that releases the key, or `NEVER`. */
  readonly releasedAt: Int32Array;
  /** (≥ S) program of the channel at the strike. */
  readonly program: Uint8Array;
  /** (≥ S) 1 where a drum was struck. */
  readonly isDrum: Uint8Array;
  /** When the instrument is reset: at which tick, and before which event in time order (E: after all). */
  readonly resets: { readonly at: number; readonly tick: number }[];
}

/**
 * Pairs strikes with releases of the same channel and key, in whatever tracks they stand. Of several
 * releases, the one that leaves no strike unanswered ends a note; where that is missing, the last one before
 * the key is struck again.
 *
 * @param order (E) indices of the events in time order
 */
export function pairStrikes(midi: MidiFile, order: Uint32Array): Strikes {
  const { events } = midi;
  const { status, data1, data2 } = events;
  const strikes: Strikes = {
    length: 0,
    event: new Int32Array(order.length),
    releasedAt: new Int32Array(order.length),
    program: new Uint8Array(order.length),
    isDrum: new Uint8Array(order.length),
    resets: [],
  };
  const drums = new DrumChannels();
  const program = new Uint8Array(CHANNELS);
  /**
   * The strike of each key that waits for its release; the last release that left others unanswered; how many
   * are.
   */
  const open = new Int32Array(KEYS).fill(NEVER);
  const lastRelease = new Int32Array(KEYS).fill(NEVER);
  const unanswered = new Int32Array(KEYS);
  const messages = inTime(midi.messages.filter(({ status }) => status === 0xf0));
  let nextMessage = 0;

  const close = (key: number, at: number) => {
    strikes.releasedAt[open[key]] = at;
    open[key] = NEVER;
  };
  const releaseAll = (from: number, to: number, at: number) => {
    for (let key = from; key < to; key++) {
      if (open[key] !== NEVER) close(key, at);
      unanswered[key] = 0;
    }
  };

  const hear = ({ data, tick }: MidiMessage, at: number) => {
    if (!drums.hear(data)) return;
    strikes.resets.push({ at, tick });
    releaseAll(0, KEYS, at);
    program.fill(0);
  };

  for (let at = 0; at < order.length; at++) {
    const event = order[at];
    while (nextMessage < messages.length && comesBefore(messages[nextMessage], events, event)) {
      hear(messages[nextMessage++], at);
    }
    const message = status[event] >> 4;
    const channel = status[event] & 0x0f;
    const key = channel * PITCHES + data1[event];
    if (message === 0x9 && data2[event] > 0) {
      if (open[key] !== NEVER) close(key, lastRelease[key]);
      const strike = strikes.length++;
      strikes.event[strike] = event;
      strikes.releasedAt[strike] = NEVER;
      strikes.program[strike] = program[channel];
      strikes.isDrum[strike] = Number(drums.has(channel));
      open[key] = strike;
      lastRelease[key] = NEVER;
      unanswered[key]++;
    } else if (message === 0x8 || message === 0x9) {
      if (unanswered[key] > 0) unanswered[key]--;
      if (open[key] === NEVER) continue;
      lastRelease[key] = at;
      if (unanswered[key] === 0) close(key, at);
    } else if (message === 0xb) {
      const controller = data1[event];
      const from = channel * PITCHES;
      if (controller === BANK_SELECT) drums.selectBank(channel, data2[event]);
      else if (controller >= ALL_NOTES_OFF || controller === ALL_SOUND_OFF)
        releaseAll(from, from + PITCHES, at);
    } else if (message === 0xc) {
      program[channel] = data1[event];
      drums.changeProgram(channel);
    }
  }
  while (nextMessage < messages.length) hear(messages[nextMessage++], order.length);
  for (let key = 0; key < KEYS; key++) if (open[key] !== NEVER) close(key, lastRelease[key]);
  return strikes;
}

function inTime(messages: readonly MidiMessage[]): readonly MidiMessage[] {
  return [...messages].sort((a, b) => a.tick - b.tick || a.track - b.track || a.before - b.before);
}

/** Whether a message is sent before an event of whatever track. */
function comesBefore(message: MidiMessage, { tick, track }: MidiEvents, event: number): boolean {
  if (message.tick !== tick[event]) return message.tick < tick[event];
  if (message.track !== track[event]) return message.track < track[event];
  return message.before <= event;
}
