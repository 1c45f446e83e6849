/**
 * A file as somebody hears it who plays it on a General MIDI instrument. What holds for a channel holds
 * whichever track it stands in, and so do tempos for the whole file. A string sounds once: struck again, it
 * begins anew.
 *
 * Specifications: MIDI 1.0 (controllers 64, 66, 120, 121, 123 … 127), General MIDI 1 and 2, GS, XG.
 */
import { inTimeOrder } from '../midi/merge-tracks.js';
import type { MidiFile } from '../midi/midi-file.js';
import { heardTempoMapOf } from '../midi/tempo-map.js';
import { pairStrikes } from './key-releases.js';
import type { NoteTable } from './note-table.js';
import type { Pedal } from './pedal.js';
import { soundOf } from './sounding-keys.js';

/** Notes as they sound, N of them, in the order in which they were struck: `end` is when the sound stops. */
export interface HeardNotes extends NoteTable {
  /** (N) seconds at which the key is let go; at most the end of the sound. */
  readonly released: Float64Array;
  /** (N) 0 … 15. */
  readonly channel: Uint8Array;
  /** (N) index of the track in which the strike stands. */
  readonly track: Uint16Array;
  /** (N) program of the channel at the strike, 0 … 127. */
  readonly program: Uint8Array;
}

export interface Heard {
  /** All but drums. */
  readonly notes: HeardNotes;
  /** Strikes of drums, which are left out. */
  readonly drums: number;
  /** Keys that nobody releases: they sound until their track ends. */
  readonly unreleased: number;
  /** Movements of the sustain pedals of all channels. */
  readonly pedals: Pedal & { readonly channel: Uint8Array };
}

/**
 * The notes of a file as they are heard.
 *
 * @example
 * import { readFileSync } from 'node:fs';
 * import { listen, readMidi } from 'cadenza';
 *
 * const { notes, drums } = listen(readMidi(readFileSync('piece.mid')));
 * console.log(notes.length, notes.channel[0], drums);
 */
export function listen(midi: MidiFile): Heard {
  const order = inTimeOrder(midi.events);
  const strikes = pairStrikes(midi, order);
  const { released, end, unreleased, movements } = soundOf(midi, order, strikes);
  const { tick, data1, data2, status, track } = midi.events;
  const { event, isDrum, program } = strikes;

  const kept = new Int32Array(strikes.length);
  let length = 0;
  let drums = 0;
  for (let strike = 0; strike < strikes.length; strike++) {
    drums += isDrum[strike];
    // What begins and ends in one moment is not heard.
    if (isDrum[strike] === 0 && end[strike] > tick[event[strike]]) kept[length++] = strike;
  }
  const map = heardTempoMapOf(midi);
  const startTick = new Uint32Array(length);
  const endTick = new Uint32Array(length);
  const releaseTick = new Uint32Array(length);
  const notes = {
    length,
    pitch: new Uint8Array(length),
    velocity: new Uint8Array(length),
    channel: new Uint8Array(length),
    track: new Uint16Array(length),
    program: new Uint8Array(length),
  };
  for (let n = 0; n < length; n++) {
    const on = event[kept[n]];
    startTick[n] = tick[on];
    endTick[n] = end[kept[n]];
    releaseTick[n] = released[kept[n]];
    notes.pitch[n] = data1[on];
    notes.velocity[n] = data2[on];
    notes.channel[n] = status[on] & 0x0f;
    notes.track[n] = track[on];
    notes.program[n] = program[kept[n]];
  }
  const times = {
    start: map.secondsOf(startTick),
    end: map.secondsOf(endTick),
    released: map.secondsOf(releaseTick),
  };
  const pedals = { ...movements, time: map.secondsOf(movements.tick) };
  return { notes: { ...notes, ...times }, drums, unreleased, pedals };
}

/** The movements of one channel's sustain pedal. */
export function pedalOf({ pedals }: Heard, channel: number): Pedal {
  const own: number[] = [];
  for (let i = 0; i < pedals.length; i++) if (pedals.channel[i] === channel) own.push(i);
  return {
    length: own.length,
    time: Float64Array.from(own, (i) => pedals.time[i]),
    value: Uint8Array.from(own, (i) => pedals.value[i]),
  };
}

/** What somebody should know who listens: that keys were never released. */
export function listeningRemarks({ unreleased }: Heard): string[] {
  if (unreleased === 0) return [];
  return [
    unreleased === 1
      ? '1 key is never released: it sounds until its track ends'
      : `${unreleased} keys are never released: they sound until their tracks end`,
  ];
}
