/** MIDI files that commands are given. */
import type { MidiFile } from '../midi/midi-file.js';

/** A MIDI file; says what was wrong with it. */
export async function readMidiFile(path: string): Promise<MidiFile> {
  const [{ readMidi }, { readFileBytes }, { MAX_FILE_BYTES }, { reportWarnings }] = await Promise.all([
    import('../midi/read.js'),
    import('../node/files/files.js'),
    import('../dataset/file-kind.js'),
    import('./warnings.js'),
  ]);
  const midi = readMidi(await readFileBytes(path, MAX_FILE_BYTES), path);
  reportWarnings(midi);
  return midi;
}
