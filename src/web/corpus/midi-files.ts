/** Files that a visitor has dropped or picked, as MIDI files. */
import { CadenzaError } from '../../errors.js';
import type { MidiFile } from '../../midi/midi-file.js';
import { readMidi } from '../../midi/read.js';
import { filesOfList } from './dropped-files.js';
import { type DroppedFile, openCorpus } from './read-corpus.js';

/**
 * Reads the MIDI files among files, in zip archives too, in the order of their names. What cannot be used is
 * left out.
 *
 * @param files of a file picker (`input.files`), of a drop (`filesOfDrop`), or a list
 * @param onProblem told of every file that is left out, in words
 */
export async function* midiFiles(
  files: Iterable<File | DroppedFile>,
  onProblem: (error: CadenzaError) => void = () => {},
): AsyncGenerator<MidiFile, void, undefined> {
  const all = [...files];
  const picked = await filesOfList(all.filter((file) => file instanceof File));
  const dropped = all.filter((file): file is DroppedFile => !(file instanceof File));
  const { entries, problems } = await openCorpus([...picked, ...dropped]);
  for (const { message } of problems) onProblem(new CadenzaError(message));
  for (const { name, readBytes } of entries) {
    try {
      yield readMidi(await readBytes(), name);
    } catch (error) {
      if (!(error instanceof CadenzaError)) throw error;
      onProblem(error);
    }
  }
}
