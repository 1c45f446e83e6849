import { CadenzaError } from '../errors.js';
import { META_KEY_SIGNATURE, META_TEMPO, META_TIME_SIGNATURE } from '../midi/meta.js';
import type { MidiFile } from '../midi/midi-file.js';
import { type KeySignature, type Metre, nameOfKey, timeGridOf } from './time-grid.js';
import { keySignatureData, metreData, tempoData } from './to-midi.js';

/** What somebody says of a piece that it may not say itself. */
export interface DeclaredGrid {
  readonly beatsPerMinute?: number;
  readonly metre?: Metre;
  readonly keySignature?: KeySignature;
}

export const microsecondsOf = (beatsPerMinute: number) => Math.round(6e7 / beatsPerMinute);

/**
 * A file with tempo, metre and key that it does not say itself, from its beginning on: it is heard and
 * written so.
 *
 * @throws CadenzaError when the file says them itself
 */
export function declareGrid(midi: MidiFile, { beatsPerMinute, metre, keySignature }: DeclaredGrid): MidiFile {
  const grid = timeGridOf(midi);
  const refuse = (what: string, flag: string): never => {
    throw new CadenzaError(`${midi.name}: ${what} itself; leave out ${flag}`);
  };
  const messages: { type: number; data: Uint8Array }[] = [];
  const at = { tick: 0, track: 0 };
  let { tempos, timeSignatures, keySignatures } = midi;
  if (beatsPerMinute !== undefined && midi.ticksPerSecond === undefined) {
    const [said] = grid.tempos;
    if (said) refuse(`says ${Number((6e7 / said.microsecondsPerBeat).toFixed(2))} beats a minute`, '--bpm');
    const microsecondsPerBeat = microsecondsOf(beatsPerMinute);
    tempos = [{ ...at, microsecondsPerBeat }];
    messages.push({ type: META_TEMPO, data: tempoData(microsecondsPerBeat) });
  }
  if (metre !== undefined) {
    const [said] = grid.metres;
    if (said) refuse(`says ${said.numerator}/${said.denominator}`, '--metre');
    timeSignatures = [{ ...at, ...metre }];
    messages.push({ type: META_TIME_SIGNATURE, data: metreData(metre) });
  }
  if (keySignature !== undefined) {
    const [said] = grid.keys;
    if (said) refuse(`says ${nameOfKey(said)}`, '--key-signature');
    keySignatures = [{ ...at, ...keySignature }];
    messages.push({ type: META_KEY_SIGNATURE, data: keySignatureData(keySignature) });
  }
  const said = messages.map((message) => ({ ...at, before: 0, status: 0xff, ...message }));
  return { ...midi, tempos, timeSignatures, keySignatures, messages: [...said, ...midi.messages] };
}
