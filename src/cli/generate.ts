import { Command, InvalidArgumentError, Option } from 'commander';
import type { EventLstm } from '../model/event-lstm.js';
import type { Loaded } from '../model/model-checkpoint.js';
import type { TutorialLstm } from '../model/tutorial-lstm.js';
import type { NoteTable } from '../notes/note-table.js';
import { addExamples } from './examples.js';
import { decimalNumber, positiveNumber, seed, wholeNumber } from './options.js';
import { createProgress } from './progress.js';

export interface GenerateCliOptions {
  model: string;
  primer?: string;
  instruments?: 'first' | 'all';
  notes?: number;
  temperature: number;
  seed: number;
  seconds?: number;
  variations: number;
  primerEnd?: number;
  withPrimer?: boolean;
  topP?: number;
  timeTemperature?: number;
  pitchTemperature?: number;
  velocityTemperature?: number;
  density?: number;
  loudness?: number;
  key?: string;
  range?: readonly [number, number];
  maxPolyphony?: number;
  minStep?: number;
  maxStep?: number;
  minDuration?: number;
  maxDuration?: number;
  output?: string;
  force?: boolean;
  head: number;
  json?: boolean;
  quiet?: boolean;
}

const DEFAULT_OUTPUT = 'output.mid';
const TUTORIAL_NOTES = 100;
/** What a MIDI file of the default resolution can hold, in whole hours. */
const LONGEST_HOURS = 19;

/** `cadenza generate`: plays on from a primer into a MIDI file. */
export function generateCommand(): Command {
  const command = new Command('generate')
    .description('Play new notes, from a primer or from the built-in opening, into a MIDI file.')
    .option('--model <model>', 'a shipped model, a run folder, or a .safetensors file', 'maestro')
    .option('--primer <file>', 'a MIDI file to play on from (default: the built-in opening)')
    .option(
      '--notes <count>',
      'how many notes to play (default: 100 with the tutorial model)',
      wholeNumber(1, 1_000_000),
    )
    .option(
      '--temperature <t>',
      '0 plays the likeliest, 1 what was learned, more dares more',
      decimalNumber(0),
      1,
    )
    .option('--seed <seed>', 'another seed, another piece', seed, 0)
    .addOption(
      new Option(
        '--instruments <which>',
        "tutorial model: the primer's first instrument (default), or all but drums",
      ).choices(['first', 'all']),
    )
    .option('-o, --output <file>', `where to write it (default: ${DEFAULT_OUTPUT}, or the next free name)`)
    .option('--force', 'overwrite the output file')
    .option('--head <count>', 'rows of the table to print', wholeNumber(0), 10)
    .option('--json', 'one JSON object with all notes instead of the table')
    .option('--quiet', 'print only the name of the file')
    .action(generateAction);
  addControls(command);
  return addExamples(command, [
    ['cadenza generate', `a minute of piano into ${DEFAULT_OUTPUT}`],
    ['cadenza generate --primer piece.mid --variations 3 -o more.mid', 'play on from a piece, three times'],
    ['cadenza generate --key "D minor" --max-polyphony 4 --density 0.7', 'within limits'],
    ['cadenza generate --model runs/tutorial-001 --seed 7', 'with a model of your own'],
  ]);
}

/** What only performance models understand. */
function addControls(command: Command): void {
  command
    .optionsGroup('Performance models:')
    .option('--seconds <s>', 'how long to play (default: 60)', positiveNumber)
    .option('--variations <count>', 'how many, each into a file of its own', wholeNumber(1, 64), 1)
    .option('--primer-end <s>', 'play on from here instead of from the end of the primer', positiveNumber)
    .option('--with-primer', 'write the primer before what is played')
    .option(
      '--top-p <p>',
      'only the likeliest choices that together have this probability',
      decimalNumber(0, 1),
    )
    .option(
      '--time-temperature <t>',
      'of when the next event comes (default: --temperature)',
      decimalNumber(0),
    )
    .option('--pitch-temperature <t>', 'of which key is struck or released', decimalNumber(0))
    .option('--velocity-temperature <t>', 'of how hard it is struck', decimalNumber(0))
    .option('--density <factor>', 'about so many times as many notes a second', positiveNumber)
    .option(
      '--loudness <steps>',
      'louder above 0, softer below, in steps of velocity',
      decimalNumber(-64, 64),
    )
    .option('--key <key>', 'only pitches of a key, such as "C major", "F# minor", Bb')
    .option('--range <low-high>', 'only pitches between these two, such as 48-84', pitchRange)
    .option('--max-polyphony <count>', 'most keys that sound at once', wholeNumber(1, 88))
    .option('--min-step <s>', 'least time between strikes', decimalNumber(0))
    .option('--max-step <s>', 'most time between strikes', positiveNumber)
    .option('--min-duration <s>', 'least time that a note sounds', decimalNumber(0))
    .option('--max-duration <s>', 'most time that a note sounds', positiveNumber);
}

function pitchRange(text: string): [number, number] {
  const match = /^(\d+)-(\d+)$/.exec(text.trim());
  if (match !== null) return [Number(match[1]), Number(match[2])];
  throw new InvalidArgumentError('It must be two pitches, such as 48-84.');
}

/** Options that the tutorial model cannot follow. */
const PERFORMANCE_ONLY: readonly (keyof GenerateCliOptions)[] = [
  'seconds',
  'primerEnd',
  'withPrimer',
  'topP',
  'timeTemperature',
  'pitchTemperature',
  'velocityTemperature',
  'density',
  'loudness',
  'key',
  'range',
  'maxPolyphony',
  'minStep',
  'maxStep',
  'minDuration',
  'maxDuration',
];

async function generateAction(options: GenerateCliOptions): Promise<void> {
  const { loadModel } = await import('../node/load-model.js');
  const { isTutorial } = await import('../model/model-checkpoint.js');
  const { checkOutput } = await import('./output-file.js');
  for (const { output, defaultName } of targetsOf(options)) {
    await checkOutput({ output, force: options.force }, defaultName);
  }
  const loaded = await loadModel(options.model);
  if (isTutorial(loaded)) return generateTutorial(loaded, options);
  return generatePerformance(loaded, options);
}

/** Where each variation goes; several files are numbered. */
function targetsOf({ output, variations }: GenerateCliOptions) {
  const numbered = (path: string, index: number) =>
    variations === 1 ? path : path.replace(/(\.[^./\\]*)?$/, `-${index + 1}$1`);
  return Array.from({ length: variations }, (_, i) => ({
    output: output === undefined ? undefined : numbered(output, i),
    defaultName: numbered(DEFAULT_OUTPUT, i),
  }));
}

/** Plays and writes every variation. */
async function generatePerformance(loaded: Loaded<EventLstm>, options: GenerateCliOptions): Promise<void> {
  const { CadenzaError } = await import('../errors.js');
  if (options.instruments !== undefined) {
    throw new CadenzaError(`--instruments is for the tutorial model; ${options.model} hears all but drums`);
  }
  const [{ performAll }, { midiFromNotes, quantizeNotes }, { writeOutput }, { mergeNotes }, { shiftNotes }] =
    await Promise.all([
      import('./perform.js'),
      import('../notes/to-midi.js'),
      import('./output-file.js'),
      import('../notes/note-table.js'),
      import('../notes/transform.js'),
    ]);
  const targets = targetsOf(options);
  const played = await performAll(loaded, options);
  const written: { output: string; notes: NoteTable }[] = [];
  for (const [i, { notes, primer, primerSeconds }] of played.entries()) {
    const all = options.withPrimer ? mergeNotes([primer, shiftNotes(notes, primerSeconds)]) : notes;
    const midi = midiFromNotes(all, { trackName: 'Piano' });
    const { output: asked, defaultName } = targets[i];
    const output = await writeOutput({ output: asked, force: options.force }, defaultName, midi);
    written.push({ output, notes: quantizeNotes(all) });
  }
  if (!options.json) {
    for (const { output, notes } of written) await print(notes, output, options);
    return;
  }
  const { noteRows } = await import('./note-rows.js');
  const { model, primer = null, temperature, seed } = options;
  const result = written.map(({ output, notes }) => ({ output, notes: noteRows(notes) }));
  process.stdout.write(
    `${JSON.stringify({ model, primer, temperature, seed, variations: result }, null, 2)}\n`,
  );
}

async function generateTutorial(loaded: Loaded<TutorialLstm>, options: GenerateCliOptions): Promise<void> {
  const { CadenzaError } = await import('../errors.js');
  const extra = PERFORMANCE_ONLY.find((name) => options[name] !== undefined);
  if (extra !== undefined || options.variations !== 1) {
    const flag = (extra ?? 'variations').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new CadenzaError(`--${flag} is for performance models; leave it out, or choose another --model`);
  }
  const [{ createOnnxEngine }, sampling, { midiFromNotes, quantizeNotes }, { writeOutput }] =
    await Promise.all([
      import('../node/onnx-engine.js'),
      import('../sampling/generate.js'),
      import('../notes/to-midi.js'),
      import('./output-file.js'),
    ]);
  const primer = await readPrimer(options);
  const { windowLength } = loaded.model.config;
  if (primer.length > 0 && primer.length < windowLength) {
    const { warn } = await import('./warnings.js');
    warn(
      `the primer has ${primer.length} notes, fewer than the window of ${windowLength}; it is repeated to fill it`,
    );
  }

  const { notes: count = TUTORIAL_NOTES, temperature, seed } = options;
  const progress = createProgress({
    label: 'Playing',
    total: count,
    unit: 'notes',
    quiet: options.quiet || options.json || !process.stderr.isTTY,
  });
  const generated = [];
  const engine = await createOnnxEngine({ threads: 1 }); // a single window leaves nothing to share
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
    import('../dataset/file-kind.js'),
    import('../errors.js'),
    import('./warnings.js'),
  ]);
  const midi = readMidi(await readFileBytes(path, MAX_FILE_BYTES), path);
  reportWarnings(midi);
  const notes = notesFromMidi(midi, { instruments: instruments ?? 'first' });
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
