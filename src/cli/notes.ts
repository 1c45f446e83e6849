import { Command, Option } from 'commander';
import { addExamples } from './examples.js';
import type { NoteRow } from './note-rows.js';
import { wholeNumber } from './options.js';

interface NotesOptions {
  head?: number;
  format: 'table' | 'csv' | 'json';
  instruments: 'first' | 'all';
}

const COLUMNS = ['pitch', 'name', 'start', 'end', 'step', 'duration', 'velocity'] as const;

/** `cadenza notes`: the notes of one MIDI file as a table. */
export function notesCommand(): Command {
  const command = new Command('notes')
    .description('Print the notes of a MIDI file: pitch, name, start, end, step, duration, velocity.')
    .argument('<file>', 'a MIDI file, or - for standard input')
    .option('--head <count>', 'only the first notes', wholeNumber(0))
    .addOption(
      new Option('--format <format>', 'output format').choices(['table', 'csv', 'json']).default('table'),
    )
    .addOption(
      new Option('--instruments <which>', 'notes of the first instrument, or of all but drums')
        .choices(['first', 'all'])
        .default('first'),
    )
    .action(printNotes);
  return addExamples(command, [
    ['cadenza notes piece.mid --head 5', 'the first five notes, times in seconds'],
    ['cadenza notes piece.mid --format csv > piece.csv', 'all notes, with every digit'],
    ['cadenza notes - --format json < piece.mid', 'from standard input, as JSON'],
  ]);
}

async function printNotes(file: string, options: NotesOptions): Promise<void> {
  const [{ readMidi }, { notesFromMidi }, { noteRows }, { formatTable }, { reportWarnings, warn }] =
    await Promise.all([
      import('../midi/read.js'),
      import('../notes/from-midi.js'),
      import('./note-rows.js'),
      import('./table.js'),
      import('./warnings.js'),
    ]);
  const midi = readMidi(await readInput(file), file === '-' ? 'standard input' : file);
  const notes = notesFromMidi(midi, { instruments: options.instruments });
  reportWarnings(midi);
  if (notes.length === 0) warn(`${midi.name}: no notes in it`);
  const rows = noteRows(notes, options.head);
  const text = {
    table: () => formatTable(rows, COLUMNS),
    csv: () => formatCsv(rows),
    json: () => formatJson(rows),
  }[options.format]();
  process.stdout.write(text);
}

async function readInput(file: string): Promise<Uint8Array> {
  const { MAX_FILE_BYTES } = await import('../dataset/file-kind.js');
  const { readFileBytes, readStream } = await import('../node/files.js');
  if (file !== '-') return readFileBytes(file, MAX_FILE_BYTES);
  if (process.stdin.isTTY) {
    const { CadenzaError } = await import('../errors.js');
    throw new CadenzaError(
      'standard input is the keyboard; send a MIDI file to it: cadenza notes - < piece.mid',
    );
  }
  return readStream('standard input', process.stdin, MAX_FILE_BYTES);
}

function formatCsv(rows: readonly NoteRow[]): string {
  return `${[COLUMNS.join(','), ...rows.map((row) => COLUMNS.map((column) => row[column]).join(','))].join('\n')}\n`;
}

function formatJson(rows: readonly NoteRow[]): string {
  return rows.length === 0 ? '[]\n' : `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`;
}
