/**
 * Loads the synthesiser: the library, its worklet and a SoundFont, each only when the first sound is wanted.
 */
import type { WorkletSynthesizer } from 'spessasynth_lib';
import { CadenzaError } from '../../errors.js';
import { notThere } from '../assets.js';
import { fetchBytes } from '../fetching.js';

/** Where a SoundFont and the worklet's script lie. */
export interface SynthSources {
  readonly soundFont: string | URL;
  /** Its bytes, as they come. */
  readonly bank: Promise<ArrayBuffer>;
  readonly worklet: string | URL;
}

/**
 * A synthesiser in a context, with its SoundFont. `connect` is called as soon as it is made: its clock counts
 * what it has rendered, and a node that leads nowhere is not asked to render.
 */
export async function loadSynth(
  context: BaseAudioContext,
  { bank: coming, worklet, soundFont }: SynthSources,
  connect: (synth: WorkletSynthesizer) => void,
): Promise<WorkletSynthesizer> {
  const [{ WorkletSynthesizer }, bank] = await Promise.all([
    import('./synthesizer.js'),
    coming,
    addWorklet(context, worklet),
  ]);
  const synth = new WorkletSynthesizer(context, { eventsEnabled: false });
  try {
    connect(synth);
    await synth.isReady;
    await new Promise<void>((resolve, reject) => {
      synth.eventHandler.addEvent('soundBankError', 'cadenza', (error) => {
        const detail = error instanceof Error ? error.message : String(error);
        reject(new CadenzaError(`${soundFont} is no SoundFont that can be played: ${detail}`));
      });
      synth.soundBankManager.addSoundBank(bank, 'piano').then(resolve, reject);
    });
  } catch (error) {
    synth.destroy();
    throw error;
  }
  return synth;
}

async function addWorklet(context: BaseAudioContext, url: string | URL): Promise<void> {
  if (context.audioWorklet === undefined) {
    throw new CadenzaError(
      globalThis.isSecureContext === false
        ? 'this page has no sound: browsers play it only on pages from https or localhost'
        : 'this browser has no AudioWorklet, which the piano needs; a newer one has',
    );
  }
  try {
    await context.audioWorklet.addModule(url);
  } catch {
    throw notThere('the synthesiser', String(url));
  }
}

/** Fetches the bytes of a SoundFont. */
export async function fetchSoundFont(url: string | URL): Promise<ArrayBuffer> {
  return (await fetchBytes(url, 'the sound of the piano', {}, notThere)).buffer;
}
