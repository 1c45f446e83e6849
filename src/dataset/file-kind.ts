/** The most that is read of one MIDI file or csv; real ones stay far below 10 MiB. */
export const MAX_FILE_BYTES = 64 * 2 ** 20;

const MIDI_NAME = /\.(midi?|kar|rmi)$/i;
const TABLE_NAME = /\.csv$/i;
const ZIP_NAME = /\.zip$/i;

/** What a file of a corpus is, by its name. */
export function fileKindOf(name: string): 'midi' | 'table' | 'zip' | undefined {
  if (MIDI_NAME.test(name)) return 'midi';
  if (TABLE_NAME.test(name)) return 'table';
  return ZIP_NAME.test(name) ? 'zip' : undefined;
}
