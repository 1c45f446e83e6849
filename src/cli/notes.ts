import { Command, Option } from 'commander';
import { ROW_FORMATS } from '../formats/formats.js';
import { NOTE_COLUMNS, type Row } from '../formats/rows.js';
import type { MidiFile } from '../midi/midi-file.js';
import { addExamples } from './examples.js';
import { wholeNumber } from './options.js';

interface NotesOptions {
  head?: number;
  format: string;
  instruments: 'first' | 'all';
  sounding?: boolean;
}

const HEARD_COLUMNS = [...NOTE_COLUMNS, 'channel', 'track'];
const TABLE = 'table';

/** `cadenza notes`: the notes of one MIDI file as a table. */
export function notesCommand(): Command {
  const command = new Command('notes')
    .description(
      'Print the notes of a MIDI file: pitch, name, start, end, step, duration, velocity. Without --sounding, as ' +
        'pretty_midi and the tutorial model read them: keys of one instrument, without pedal.',
    )
    .argument('<file>', 'a MIDI file, or - for standard input')
    .option('--head <count>', 'only the first notes', wholeNumber(0))
    .addOption(
      new Option('--format <format>', 'output format')
        .choices([TABLE, ...ROW_FORMATS.map(([name]) => name)])
        .default(TABLE),
    )
    .addOption(
      new Option('--instruments <which>', 'notes of the first instrument, or of all but drums')
        .choices(['first', 'all'])
        .default('first'),
    )
    .addOption(
      new Option(
        '--sounding',
        'notes as they are heard, of all but drums: pedals and all that holds for a channel included; with channel ' +
          '(1 to 16) and track (from 0)',
      ).conflicts('instruments'),
    )
    .action(printNotes);
  return addExamples(command, [
    ['cadenza notes piece.mid --head 5', 'the first five notes, times in seconds'],
    ['cadenza notes piece.mid --format csv > piece.csv', 'all notes, with every digit'],
    ['cadenza notes piece.mid --sounding', 'as they are heard'],
    ['cadenza notes - --format json < piece.mid', 'from standard input, as JSON'],
  ]);
}

async function printNotes(file: string, options: NotesOptions): Promise<void> {
  const [{ readMidi }, { formatTable }, { reportWarnings, warn }] = await Promise.all([
    import('../midi/read.js'),
    import('./table.js'),
    import('./warnings.js'),
  ]);
  const midi = readMidi(await readInput(file), file === '-' ? 'standard input' : file);
  reportWarnings(midi);
  const rows = options.sounding ? await heardRows(midi, options) : await tutorialRows(midi, options);
  if (rows.length === 0 && options.head !== 0) warn(`${midi.name}: no notes in it`);
  const columns = options.sounding ? HEARD_COLUMNS : NOTE_COLUMNS;
  const format = ROW_FORMATS.find(([name]) => name === options.format)?.[1];
  const text = format === undefined ? formatTable(rows, columns) : format.writeRows(rows, columns);
  process.stdout.write(text);
}

/** The notes of an instrument, or of all; says which on standard error. */
async function tutorialRows(midi: MidiFile, { instruments, head }: NotesOptions): Promise<Row[]> {
  const [{ instrumentsOf, notesFromMidi }, { noteRows }] = await Promise.all([
    import('../notes/from-midi.js'),
    import('../formats/rows.js'),
  ]);
  const all = instrumentsOf(midi);
  const [first] = all;
  if (first !== undefined) {
    const { program, channel, track, name, isDrum } = first;
    const named = name === '' ? '' : ` "${name}"`;
    const what = `${isDrum ? 'drums' : `program ${program}`} on channel ${channel + 1}, track ${track}${named}`;
    const shown =
      instruments === 'first'
        ? `instrument 1 of ${all.length}, ${what}`
        : `${all.filter((each) => !each.isDrum).length} of ${all.length} instruments, all but drums`;
    process.stderr.write(`cadenza: ${midi.name}: ${shown}\n`);
  }
  return noteRows(notesFromMidi(midi, { instruments }), head).map((row) => ({ ...row }));
}

async function heardRows(midi: MidiFile, { head }: NotesOptions): Promise<Row[]> {
  const [{ listen, listeningRemarks }, { noteRows }, { warn }] = await Promise.all([
    import('../notes/listen.js'),
    import('../formats/rows.js'),
    import('./warnings.js'),
  ]);
  const heard = listen(midi);
  for (const remark of listeningRemarks(heard)) warn(`${midi.name}: ${remark}`);
  const { notes } = heard;
  return noteRows(notes, head).map((row, n) => ({
    ...row,
    channel: notes.channel[n] + 1,
    track: notes.track[n],
  }));
}

async function readInput(file: string): Promise<Uint8Array> {
  const { MAX_FILE_BYTES } = await import('../dataset/file-kind.js');
  const { readFileBytes, readStream } = await import('../node/files/files.js');
  if (file !== '-') return readFileBytes(file, MAX_FILE_BYTES);
  if (process.stdin.isTTY) {
    const { CadenzaError } = await import('../errors.js');
    throw new CadenzaError(
      'standard input is the keyboard; send a MIDI file to it: cadenza notes - < piece.mid',
    );
  }
  return readStream('standard input', process.stdin, MAX_FILE_BYTES);
}
