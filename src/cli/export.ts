import { Command, Option } from 'commander';
import type { NoteTable } from '../notes/note-table.js';
import type { Reading } from '../notes/reading.js';
import { addExamples } from './examples.js';
import { wholeNumber } from './options.js';

const FORMATS = ['onnx', 'safetensors', 'training-graph'] as const;

interface ExportCliOptions {
  format: (typeof FORMATS)[number];
  opening?: string;
  steps?: number;
  output?: string;
  force?: boolean;
  json?: boolean;
}

/** `cadenza export`: a model for other programs. */
export function exportCommand(): Command {
  const command = new Command('export')
    .description(
      'Write a model for other programs: one step as ONNX, its weights for PyTorch, or how it is trained.',
    )
    .argument('<model>', 'a shipped model, a run folder, or a .safetensors file')
    .addOption(
      new Option(
        '--format <format>',
        'onnx: a file that plays in any ONNX Runtime, and a .json that says what goes in and out; ' +
          'safetensors: the weights in float32, as PyTorch names them; ' +
          'training-graph: weights and, as data, what is to be learned, for the PyTorch twin',
      )
        .choices(FORMATS)
        .makeOptionMandatory(),
    )
    .option('--opening <file>', 'onnx: a MIDI file to begin with (default: the built-in opening)')
    .option(
      '--steps <count>',
      'training-graph: events the gradient goes back (default: 256)',
      wholeNumber(1, 65_536),
    )
    .option('-o, --output <file>', 'where to write it (default: the name of the model)')
    .option('--force', 'overwrite what is there')
    .option('--json', 'one JSON object about what was written')
    .action(exportAction);
  return addExamples(command, [
    ['cadenza export maestro --format onnx', 'into maestro.onnx and maestro.json'],
    ['cadenza export runs/tutorial-001 --format safetensors -o mine.safetensors', 'a model of your own'],
    ['cadenza export pop909 --format onnx --opening song.mid', 'which begins with a song'],
    ['cadenza export maestro --format training-graph', 'to learn on with PyTorch'],
  ]);
}

async function exportAction(name: string, options: ExportCliOptions): Promise<void> {
  const [{ basename }, { loadModel }, { CadenzaError }, { checkOutput }] = await Promise.all([
    import('node:path'),
    import('../node/load-model.js'),
    import('../errors.js'),
    import('./output-file.js'),
  ]);
  const { format, force, json, opening, steps } = options;
  const extension = format === 'onnx' ? '.onnx' : '.safetensors';
  const output = options.output ?? `${basename(name, '.safetensors')}${extension}`;
  if (!output.endsWith(extension)) throw new CadenzaError(`${output}: call the file ${extension}`);
  if (opening !== undefined && format !== 'onnx')
    throw new CadenzaError('--opening is for --format onnx; leave it out');
  if (steps !== undefined && format !== 'training-graph')
    throw new CadenzaError('--steps is for --format training-graph; leave it out');
  const target = { output, force };
  const description = { output: `${output.slice(0, -extension.length)}.json`, force };
  await checkOutput(target, output);
  if (format === 'onnx') await checkOutput(description, output);

  const loaded = await loadModel(name);
  const { license, credit } = loaded.checkpoint;
  const about = { ...(license !== undefined && { license }), ...(credit !== undefined && { credit }) };
  const files: [typeof target, Uint8Array][] = [];
  if (format === 'onnx') {
    const { exportOnnx } = await import('../export/export-onnx.js');
    const begin = opening === undefined ? {} : { opening: await notesOf(opening, loaded.kind.reading) };
    const made = exportOnnx(loaded, { ...about, ...begin });
    const text = textOf({ model: basename(name, '.safetensors'), ...made.description });
    files.push([target, made.bytes], [description, new TextEncoder().encode(text)]);
  } else if (format === 'training-graph') {
    const { exportTrainingGraph } = await import('../export/training-graph.js');
    files.push([target, exportTrainingGraph(loaded, { steps, ...about })]);
  } else {
    const { exportPytorch } = await import('../export/export-pytorch.js');
    files.push([target, exportPytorch(loaded, about)]);
  }
  const { writeOutput } = await import('./output-file.js');
  for (const [{ output }, bytes] of files) {
    await writeOutput({ output, force }, output, bytes);
    if (!json) process.stdout.write(`${output}: ${(bytes.length / 1e6).toFixed(1)} MB\n`);
  }
  const written = files.map(([{ output }, bytes]) => ({ file: output, bytes: bytes.length }));
  if (json) process.stdout.write(`${JSON.stringify({ model: name, format, written })}\n`);
}

/** The notes of a file as a kind of model hears them. */
async function notesOf(path: string, reading: Reading): Promise<NoteTable> {
  const [{ READINGS }, { readMidi }, { readFileBytes }, { MAX_FILE_BYTES }, { CadenzaError }] =
    await Promise.all([
      import('../notes/reading.js'),
      import('../midi/read.js'),
      import('../node/files/files.js'),
      import('../dataset/file-kind.js'),
      import('../errors.js'),
    ]);
  const notes = READINGS[reading](readMidi(await readFileBytes(path, MAX_FILE_BYTES), path));
  if (notes.length === 0)
    throw new CadenzaError(`${path}: holds no notes to begin with; choose another opening`);
  return notes;
}

/** JSON with rows of numbers on one line each. */
function textOf(value: object): string {
  const rows = /\[\s+([-\d.,e\s]+?)\s+\]/g;
  const text = JSON.stringify(value, null, 2).replace(
    rows,
    (_, row: string) => `[${row.replace(/\s+/g, ' ')}]`,
  );
  return `${text}\n`;
}
