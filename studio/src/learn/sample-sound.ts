/** The sound of samples: one at a time, from the beginning. */
import { Piano, Transport } from '../../../src/web/index.js';
import { PIANO } from '../shell/sound.js';
import { createStore, useStore } from '../state/store.js';
import type { Sample } from './training/run-record.js';

let made: Transport | undefined;
const playing = createStore<{ readonly sample?: Sample }>({});

/** What samples are played by; made when it is first asked for. */
export function sampleTransport(): Transport {
  if (made === undefined) {
    made = new Transport(new Piano({ soundFont: PIANO }));
    made.on('ended', () => playing.set({ sample: undefined }));
  }
  return made;
}

/**
 * Plays a sample from its beginning, or stops with none.
 *
 * @throws CadenzaError where there is no sound
 */
export async function playSample(sample: Sample | undefined): Promise<void> {
  const transport = sampleTransport();
  transport.stop();
  playing.set({ sample });
  if (sample === undefined) return;
  transport.load(sample.notes);
  try {
    await transport.play();
  } catch (error) {
    playing.set({ sample: undefined });
    throw error;
  }
}

/** The sample that is heard. */
export function useSamplePlaying(): Sample | undefined {
  return useStore(playing, (state) => state.sample);
}
