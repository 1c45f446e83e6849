import { parse } from 'csv-parse/sync';
import { SPLITS, type Split } from '../../dataset/corpus.js';
import { CadenzaError } from '../../errors.js';

/** What a csv like MAESTRO's says of a MIDI file. */
export interface TableEntry {
  readonly split?: Split;
  readonly composer?: string;
}

/** What a csv like MAESTRO's says of the MIDI files beside it. */
export interface CorpusTable {
  /** By MIDI file, relative to the csv's folder with forward slashes. */
  readonly files: ReadonlyMap<string, TableEntry>;
  /** Values of the split column that are no split. */
  readonly unknownSplits: readonly string[];
}

/**
 * Reads a csv in the layout of MAESTRO (https://magenta.withgoogle.com/datasets/maestro): a header that names
 * the columns `midi_filename` and `split`, in any place among others, of which `canonical_composer` is read
 * too. Returns undefined for a table without the two.
 *
 * @param name how to call the csv in an error message
 * @throws CadenzaError when the columns are there but the text is no csv
 */
export function parseCorpusTable(text: string, name: string): CorpusTable | undefined {
  const header = text.slice(0, text.search(/[\r\n]|$/));
  if (!/\bmidi_filename\b/.test(header) || !/\bsplit\b/.test(header)) return undefined;
  const [columns, ...rows] = parseCsv(text, name);
  const midiColumn = columns.indexOf('midi_filename');
  const splitColumn = columns.indexOf('split');
  if (midiColumn < 0 || splitColumn < 0) return undefined;
  const composerColumn = columns.indexOf('canonical_composer');

  const files = new Map<string, TableEntry>();
  const unknownSplits = new Set<string>();
  for (const row of rows) {
    const file = row[midiColumn];
    if (!file) continue;
    const value = row[splitColumn]?.toLowerCase();
    const split = SPLITS.find((known) => known === value);
    if (value && !split) unknownSplits.add(value);
    files.set(file, { split, composer: row[composerColumn] || undefined });
  }
  return { files, unknownSplits: [...unknownSplits] };
}

function parseCsv(text: string, name: string): string[][] {
  try {
    return parse(text, { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true });
  } catch (error) {
    throw new CadenzaError(`${name} is not a readable csv: ${(error as Error).message}`);
  }
}
