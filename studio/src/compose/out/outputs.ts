/** Where the sound goes: the piano of the page, or an instrument at a MIDI port, with a clock to follow. */
import { CadenzaError } from '../../../../src/index.js';
import { MidiOutput } from '../../../../src/web/index.js';
import { instrument, piano, transport } from '../../shell/sound.js';
import { complain, say } from '../../state/messages.js';
import { createStore } from '../../state/store.js';

export interface Outputs {
  /** Ports that were found, once somebody has asked for them. */
  readonly ports: readonly { readonly id: string; readonly name: string }[];
  readonly isAsked: boolean;
  /** The port that is played on; the piano where undefined. */
  readonly chosen: string | undefined;
  readonly sendsClock: boolean;
}

export const outputs = createStore<Outputs>({
  ports: [],
  isAsked: false,
  chosen: undefined,
  sendsClock: false,
});

let access: MIDIAccess | undefined;

/** Asks the browser for MIDI ports. */
export async function findPorts(): Promise<void> {
  try {
    if (navigator.requestMIDIAccess === undefined) throw new CadenzaError('this browser has no Web MIDI');
    access = await navigator.requestMIDIAccess().catch(() => {
      throw new CadenzaError('MIDI is not allowed for this page; allow it in the browser and try again');
    });
    access.onstatechange = listPorts;
    listPorts();
    if (outputs.get().ports.length === 0) say('No MIDI instrument is plugged in.');
  } catch (error) {
    complain(error);
  }
}

function listPorts(): void {
  const ports = [...(access?.outputs.values() ?? [])]
    .filter(({ state }) => state !== 'disconnected')
    .map(({ id, name }) => ({ id, name: name ?? 'MIDI instrument' }));
  outputs.set({ ports, isAsked: true });
  const { chosen } = outputs.get();
  if (chosen === undefined || ports.some(({ id }) => id === chosen)) return;
  choosePiano();
  say('The MIDI instrument is gone; the piano of the page plays.');
}

export function choosePiano(): void {
  transport.pause();
  instrument.target = piano;
  outputs.set({ chosen: undefined });
}

export function choosePort(id: string): void {
  const port = access?.outputs.get(id);
  if (port === undefined) return;
  transport.pause();
  instrument.target = new MidiOutput(port);
  outputs.set({ chosen: id });
}

// Whoever follows the clock begins and stops with the transport.
transport.on('state', (state) => {
  const { target } = instrument;
  if (!outputs.get().sendsClock || !(target instanceof MidiOutput)) return;
  if (state === 'playing') target.startClock(transport.currentTime < 0.05);
  else if (state === 'paused' || state === 'stopped') target.stopClock();
});
