import { Command, Option } from 'commander';
import type { NoteTable } from '../notes/note-table.js';
import { addExamples } from './examples.js';
import { decimalNumber, seed, wholeNumber } from './options.js';
import { createProgress } from './progress.js';

interface GenerateCliOptions {
  model: string;
  primer?: string;
  instruments: 'first' | 'all';
  notes: number;
  temperature: number;
  seed: number;
  output?: string;
  force?: boolean;
  head: number;
  json?: boolean;
  quiet?: boolean;
}

const DEFAULT_OUTPUT = 'output.mid';
/** What a MIDI file of the default resolution can hold, in whole hours. */
const LONGEST_HOURS = 19;

/** `cadenza generate`: plays on from a primer into a MIDI file. */
export function generateCommand(): Command {
  const command = new Command('generate')
    .description('Play new notes, from a primer or from the built-in opening, into a MIDI file.')
    .option('--model <model>', 'a shipped model, a run folder, or a .safetensors file', 'tutorial')
    .option('--primer <file>', 'a MIDI file to play on from (default: the built-in opening)')
    .addOption(
      new Option('--instruments <which>', "the primer's first instrument, or all but drums")
        .choices(['first', 'all'])
        .default('first'),
    )
    .option('--notes <count>', 'how many notes to play', wholeNumber(1, 1_000_000), 100)
    .option(
      '--temperature <t>',
      '0 plays the likeliest pitch, 1 what was learned, more dares more',
      decimalNumber(0),
      1,
    )
    .option('--seed <seed>', 'another seed, another piece', seed, 0)
    .option('-o, --output <file>', `where to write it (default: ${DEFAULT_OUTPUT}, or the next free name)`)
    .option('--force', 'overwrite the output file')
    .option('--head <count>', 'rows of the table to print', wholeNumber(0), 10)
    .option('--json', 'one JSON object with all notes instead of the table')
    .option('--quiet', 'print only the name of the file')
    .action(generateAction);
  return addExamples(command, [
    ['cadenza generate', `100 notes into ${DEFAULT_OUTPUT}`],
    ['cadenza generate --primer piece.mid --notes 300 -o more.mid', 'play on from the end of a piece'],
    ['cadenza generate --model runs/tutorial-001 --seed 7', 'with a model of your own'],
  ]);
}

async function generateAction(options: GenerateCliOptions): Promise<void> {
  const [
    { loadModel },
    { createOnnxEngine },
    sampling,
    { midiFromNotes, quantizeNotes },
    { checkOutput, writeOutput },
    { CadenzaError },
  ] = await Promise.all([
    import('../node/load-model.js'),
    import('../node/onnx-engine.js'),
    import('../sampling/generate.js'),
    import('../notes/to-midi.js'),
    import('./output-file.js'),
    import('../errors.js'),
  ]);
  await checkOutput(options, DEFAULT_OUTPUT);
  const loaded = await loadModel(options.model);
  const primer = await readPrimer(options);
  const { windowLength } = loaded.model.config;
  if (primer.length > 0 && primer.length < windowLength) {
    const { warn } = await import('./warnings.js');
    warn(
      `the primer has ${primer.length} notes, fewer than the window of ${windowLength}; it is repeated to fill it`,
    );
  }

  const progress = createProgress({
    label: 'Playing',
    total: options.notes,
    unit: 'notes',
    quiet: options.quiet || options.json || !process.stderr.isTTY,
  });
  const generated = [];
  const engine = await createOnnxEngine({ threads: 1 }); // a single window leaves nothing to share
  const { notes: count, temperature, seed } = options;
  try {
    for await (const note of sampling.generate(loaded, engine, primer, { notes: count, temperature, seed })) {
      if (note.end > LONGEST_HOURS * 3600) {
        const most = generated.length;
        throw new CadenzaError(
          `with note ${most + 1} the music is longer than the ${LONGEST_HOURS} hours that fit into a MIDI file; ` +
            (most > 0 ? `ask for --notes ${most}` : 'choose another model'),
        );
      }
      generated.push(note);
      progress.update(generated.length);
    }
  } finally {
    progress.finish();
  }
  const notes = sampling.tableOfGenerated(generated);
  const midi = midiFromNotes(notes, { trackName: 'Piano' });
  const output = await writeOutput(options, DEFAULT_OUTPUT, midi);
  await print(quantizeNotes(notes), output, options);
}

async function readPrimer({ primer: path, instruments }: GenerateCliOptions): Promise<NoteTable> {
  if (path === undefined) return (await import('../sampling/opening.js')).builtInOpening();
  const [
    { readMidi },
    { notesFromMidi },
    { readFileBytes },
    { MAX_FILE_BYTES },
    { CadenzaError },
    { reportWarnings },
  ] = await Promise.all([
    import('../midi/read.js'),
    import('../notes/from-midi.js'),
    import('../node/files.js'),
    import('../node/corpus-source.js'),
    import('../errors.js'),
    import('./warnings.js'),
  ]);
  const midi = readMidi(await readFileBytes(path, MAX_FILE_BYTES), path);
  reportWarnings(midi);
  const notes = notesFromMidi(midi, { instruments });
  if (notes.length === 0)
    throw new CadenzaError(`${path}: holds no notes to play on from; choose another primer`);
  return notes;
}

async function print(notes: NoteTable, output: string, options: GenerateCliOptions): Promise<void> {
  if (options.quiet) {
    process.stdout.write(`${output}\n`);
    return;
  }
  const [{ noteRows }, { formatTable }] = await Promise.all([import('./note-rows.js'), import('./table.js')]);
  const rows = noteRows(notes);
  // A note's step counts from the note before, the first one's from the primer's last note, where time begins.
  if (rows.length > 0) rows[0].step = rows[0].start;
  if (options.json) {
    const { model, primer = null, temperature, seed } = options;
    process.stdout.write(
      `${JSON.stringify({ output, model, primer, temperature, seed, notes: rows }, null, 2)}\n`,
    );
    return;
  }
  const columns = ['pitch', 'name', 'step', 'duration', 'start', 'end'] as const;
  process.stdout.write(formatTable(rows.slice(0, options.head), columns));
  const seconds = notes.end.reduce((latest, end) => Math.max(latest, end), 0);
  process.stdout.write(`${notes.length} notes, ${seconds.toFixed(1)} s, written to ${output}\n`);
}
