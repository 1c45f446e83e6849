/** Plays on from a piece. */
import { readSafetensors, writeSafetensors } from '../../../checkpoint/safetensors.js';
import { CadenzaError } from '../../../errors.js';
import type { Played, PlayRequest } from '../../../kinds/kind.js';
import { fieldsOf, numberIn, optional, wholeIn } from '../../../training/fields.js';
import { fileIn } from '../fields.js';
import { unpackNotes } from '../packing.js';
import type { JobKind } from './job.js';
import { modelIn } from './measure.js';

export interface PlayData {
  /** File of the model. */
  readonly model: string;
  /** File of the piece, and after it of its notes as the model hears them. */
  readonly piece: string;
  /** All of the request but the piece. */
  readonly request: Omit<PlayRequest, 'piece' | 'heard'>;
}

export interface PlayResult {
  /** File of what was played. */
  readonly played: string;
}

const MOST_VARIATIONS = 1000;

export const PLAY: JobKind<PlayData, PlayResult> = {
  name: 'play',
  check(data) {
    const request = fieldsOf(data.request, 'request');
    const options = fieldsOf(request.options, 'options');
    optional(options, 'variations', (from, name) => wholeIn(from, name, 1, MOST_VARIATIONS));
    optional(options, 'seed', wholeIn);
    numberIn(request, 'cut', 0);
    optional(request, 'seconds', (from, name) => numberIn(from, name, 0));
    optional(request, 'notes', wholeIn);
    return {
      model: fileIn(data, 'model'),
      piece: fileIn(data, 'piece'),
      request: request as unknown as PlayData['request'],
    };
  },
  async run({ model, piece: file, request }, { blobs, engine, signal, tell }) {
    const loaded = await modelIn(blobs, model);
    const [{ notes, pedal }, heard] = unpackNotes(await blobs.get(file), 'the piece of a job');
    const player = await loaded.kind.player(loaded, engine);
    const played: Played[] = [];
    try {
      const whole: PlayRequest = {
        ...request,
        piece: { notes, ...(pedal && { pedal }) },
        ...(heard && { heard: heard.notes }),
      };
      const { cut, seconds } = request;
      for await (const each of player.play(whole, () => signal.throwIfAborted())) {
        signal.throwIfAborted();
        played.push(each);
        if (seconds) tell(Math.max(0, Math.min(1, (each.knownTo - cut) / seconds)));
      }
    } finally {
      await player.release();
    }
    return { played: await blobs.put(packPlayed(played)) };
  },
};

export function packPlayed(played: readonly Played[]): Uint8Array<ArrayBuffer> {
  const shape = [played.length];
  return writeSafetensors([
    { name: 'variation', shape, data: Int32Array.from(played, ({ variation }) => variation) },
    { name: 'time', shape, data: Float64Array.from(played, ({ event }) => event.time) },
    { name: 'knownTo', shape, data: Float64Array.from(played, ({ knownTo }) => knownTo) },
    { name: 'pitch', shape, data: Uint8Array.from(played, ({ event }) => event.pitch) },
    { name: 'velocity', shape, data: Uint8Array.from(played, ({ event }) => event.velocity) },
  ]);
}

/** @throws CadenzaError when it is nothing that was played */
export function unpackPlayed(bytes: Uint8Array): Played[] {
  const { tensors } = readSafetensors(bytes, 'what was played');
  const column = (name: string) => {
    const data = tensors.find((tensor) => tensor.name === name)?.data;
    if (data instanceof BigInt64Array || data === undefined)
      throw new CadenzaError(`what was played lacks ${name}; run the command again`);
    return data;
  };
  const [time, knownTo, pitch, velocity] = ['time', 'knownTo', 'pitch', 'velocity'].map(column);
  return Array.from(column('variation'), (variation, i) => ({
    variation,
    event: { time: time[i], pitch: pitch[i], velocity: velocity[i] },
    knownTo: knownTo[i],
  }));
}
