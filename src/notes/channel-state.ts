/** How a channel stands at a tick: what its next note would sound like. */
import { SOSTENUTO, SUSTAIN } from '../midi/controllers.js';
import { inTimeOrder } from '../midi/merge-tracks.js';
import type { MidiFile } from '../midi/midi-file.js';

/** Bank, modulation, volume, pan, expression, bank (fine), soft pedal, reverb, chorus. */
const OF_THE_SOUND = [0, 32, 1, 7, 10, 11, 67, 91, 93];

export interface ChannelState {
  /** Channel messages that bring another channel to the same sound: status without channel, and data. */
  readonly setup: readonly (readonly [kind: number, data1: number, data2: number])[];
  /** Pedals that are down: their controllers. */
  readonly pedals: readonly number[];
  readonly program: number;
}

export function channelStateAt(midi: MidiFile, channel: number, lastTick: number): ChannelState {
  const { tick, status, data1, data2 } = midi.events;
  const controllers = new Map<number, number>();
  let program: number | undefined;
  for (const event of inTimeOrder(midi.events)) {
    if (tick[event] > lastTick) break;
    if (status[event] === (0xb0 | channel)) controllers.set(data1[event], data2[event]);
    else if (status[event] === (0xc0 | channel)) program = data1[event];
  }
  const known = OF_THE_SOUND.filter((controller) => controllers.has(controller));
  const of = (controller: number) => controllers.get(controller) ?? 0;
  return {
    setup: [
      ...known.map((controller) => [0xb0, controller, of(controller)] as const),
      [0xc0, program ?? 0, 0],
    ],
    pedals: [SUSTAIN, SOSTENUTO].filter((pedal) => of(pedal) >= 64),
    program: program ?? 0,
  };
}
