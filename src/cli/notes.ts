import { Command, Option } from 'commander';
import type { NoteTable } from '../notes/note-table.js';
import { addExamples } from './examples.js';
import { wholeNumber } from './options.js';

interface NotesOptions {
  head?: number;
  format: 'table' | 'csv' | 'json';
  instruments: 'first' | 'all';
}

/** One line of the output. */
interface NoteRow {
  pitch: number;
  name: string;
  start: number;
  end: number;
  step: number;
  duration: number;
  velocity: number;
}

const COLUMNS = ['pitch', 'name', 'start', 'end', 'step', 'duration', 'velocity'] as const;
const WARNINGS_SHOWN = 10;

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
  const [{ readMidi }, { notesFromMidi }, { describeWarning }] = await Promise.all([
    import('../midi/read.js'),
    import('../notes/from-midi.js'),
    import('../midi/midi-file.js'),
  ]);
  const midi = readMidi(await readInput(file), file === '-' ? 'standard input' : file);
  const notes = notesFromMidi(midi, { instruments: options.instruments });
  for (const warning of midi.warnings.slice(0, WARNINGS_SHOWN)) warn(describeWarning(midi, warning));
  if (midi.warningCount > WARNINGS_SHOWN) {
    warn(`${midi.name}: ${midi.warningCount - WARNINGS_SHOWN} more warnings`);
  }
  if (notes.length === 0) warn(`${midi.name}: no notes in it`);
  const rows = await rowsOf(notes, options.head);
  process.stdout.write({ table: formatTable, csv: formatCsv, json: formatJson }[options.format](rows));
}

async function readInput(file: string): Promise<Uint8Array> {
  const { MAX_FILE_BYTES } = await import('../node/corpus-source.js');
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

function warn(message: string): void {
  process.stderr.write(`cadenza: warning: ${message}\n`);
}

async function rowsOf(notes: NoteTable, head = notes.length): Promise<NoteRow[]> {
  const [{ durationsOf, sliceNotes, stepsOf }, { noteName }] = await Promise.all([
    import('../notes/note-table.js'),
    import('../notes/note-name.js'),
  ]);
  const shown = sliceNotes(notes, 0, head);
  const steps = stepsOf(shown);
  const durations = durationsOf(shown);
  return Array.from({ length: shown.length }, (_, i) => ({
    pitch: shown.pitch[i],
    name: noteName(shown.pitch[i]),
    start: shown.start[i],
    end: shown.end[i],
    step: steps[i],
    duration: durations[i],
    velocity: shown.velocity[i],
  }));
}

/** Right-aligned columns behind the note's number, times with six decimals: the look of a pandas table. */
function formatTable(rows: readonly NoteRow[]): string {
  const isTime = {
    pitch: false,
    name: false,
    start: true,
    end: true,
    step: true,
    duration: true,
    velocity: false,
  };
  const index = ['', ...rows.map((_, i) => String(i))];
  const indexWidth = widest(index);
  const lines = index.map((cell) => cell.padEnd(indexWidth));
  for (const column of COLUMNS) {
    const cells = [
      column,
      ...rows.map((row) => (isTime[column] ? (row[column] as number).toFixed(6) : String(row[column]))),
    ];
    const width = widest(cells);
    cells.forEach((cell, i) => {
      lines[i] += `  ${cell.padStart(width)}`;
    });
  }
  return `${lines.join('\n')}\n`;
}

function widest(cells: readonly string[]): number {
  return cells.reduce((width, cell) => Math.max(width, cell.length), 0);
}

function formatCsv(rows: readonly NoteRow[]): string {
  return `${[COLUMNS.join(','), ...rows.map((row) => COLUMNS.map((column) => row[column]).join(','))].join('\n')}\n`;
}

function formatJson(rows: readonly NoteRow[]): string {
  return rows.length === 0 ? '[]\n' : `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`;
}
