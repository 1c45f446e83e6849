/**
 * The formats in which music is written. One that writes rows of notes is offered by `cadenza notes` and by
 * the studio as soon as it is a row here; MIDI and sound have writers of their own (notes/to-midi.ts,
 * audio/sound-file.ts).
 */
import { writeCsv } from './csv.js';
import { writeJson } from './json.js';
import type { Row } from './rows.js';

export interface Format {
  /** With its dot. */
  readonly extension: string;
  readonly mediaType: string;
  /** What a menu calls it, and what it says of it. */
  readonly label: string;
  readonly detail: string;
  /** Writes a table of notes. */
  readonly writeRows?: (rows: readonly Row[], columns: readonly string[]) => string;
}

export const FORMATS = {
  midi: { extension: '.mid', mediaType: 'audio/midi', label: 'MIDI', detail: 'all that is shown' },
  wav: { extension: '.wav', mediaType: 'audio/wav', label: 'WAV', detail: 'as it sounds here' },
  mp3: { extension: '.mp3', mediaType: 'audio/mpeg', label: 'MP3', detail: 'small, for everywhere' },
  ogg: { extension: '.ogg', mediaType: 'audio/ogg', label: 'Ogg Vorbis', detail: 'small, free of patents' },
  csv: {
    extension: '.csv',
    mediaType: 'text/csv',
    label: 'CSV',
    detail: 'a row a note, as it sounds',
    writeRows: writeCsv,
  },
  json: {
    extension: '.json',
    mediaType: 'application/json',
    label: 'JSON',
    detail: 'a list of notes, as they sound',
    writeRows: writeJson,
  },
} as const satisfies Record<string, Format>;

/** Those that write rows, by name. */
export const ROW_FORMATS: readonly (readonly [
  name: string,
  format: Format & Required<Pick<Format, 'writeRows'>>,
])[] = Object.entries<Format>(FORMATS).flatMap(([name, format]) => {
  const { writeRows } = format;
  return writeRows ? [[name, { ...format, writeRows }] as const] : [];
});
