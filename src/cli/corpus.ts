import { Command } from 'commander';
import type { Split } from '../dataset/corpus.js';
import { clusterOption, withCluster } from './cluster-option.js';
import { addExamples } from './examples.js';
import { seed, splitOption, wholeNumber } from './options.js';
import { createProgress } from './progress.js';

interface CorpusCliOptions {
  out?: string;
  split?: Split;
  files?: number;
  seed: number;
  cluster?: string | true;
  cache: boolean;
  force?: boolean;
  json?: boolean;
  quiet?: boolean;
}

const DEFAULT_OUTPUT = 'notes.safetensors.gz';

/** `cadenza corpus`: the notes of a corpus for other programs. */
export function corpusCommand(): Command {
  const command = new Command('corpus')
    .description(
      'Write the notes of a corpus into one small file, read and divided as `cadenza train --preset performance` ' +
        'does: for the PyTorch twin, or a program of your own.',
    )
    .argument('<paths...>', 'MIDI files, folders, globs, .zip archives, or a MAESTRO csv')
    .option('--out <file>', `where to write it (default: ${DEFAULT_OUTPUT})`)
    .addOption(splitOption())
    .option('--files <count>', 'only this many files, chosen by seed', wholeNumber(1))
    .option('--seed <seed>', 'chooses files and the pieces that are held out', seed, 0)
    .addOption(clusterOption())
    .option('--no-cache', 'neither read nor keep parsed notes')
    .option('--force', 'overwrite the file')
    .option('--json', 'one JSON object about what was written')
    .option('--quiet', 'say nothing but warnings and errors')
    .action(corpusAction);
  return addExamples(command, [
    ['cadenza corpus maestro-v2.0.0/', `all of MAESTRO into ${DEFAULT_OUTPUT}, 22 MB`],
    ['python -m cadenza_twin train --notes notes.safetensors.gz --out run', 'learn from it with PyTorch'],
  ]);
}

async function corpusAction(paths: string[], options: CorpusCliOptions): Promise<void> {
  const [{ openCorpus }, { readPieces }, { splitPieces }, { notesFile }, { KINDS }, files, { warn }] =
    await Promise.all([
      import('../node/corpus/corpus.js'),
      import('../dataset/corpus.js'),
      import('../dataset/split.js'),
      import('../node/corpus/notes-file.js'),
      import('../kinds/kinds.js'),
      import('./output-file.js'),
      import('./warnings.js'),
    ]);
  const { out, force, split, seed, cache, json, quiet } = options;
  const target = { output: out, force };
  await files.checkOutput(target, DEFAULT_OUTPUT);
  const { reading, mostStyles = 0 } = KINDS.performance;
  const progress = createProgress({ label: 'Reading', unit: 'files', quiet: quiet || json });
  const read = await withCluster(options.cluster, async (cluster) => {
    const openReader = cluster && (await import('../node/cluster/reader.js')).clusterReader(cluster);
    const choice = { split, files: options.files, seed };
    const corpus = await openCorpus(paths, { ...choice, cache, reading, openReader });
    const pieces = [];
    for await (const piece of readPieces(corpus)) {
      pieces.push(piece);
      progress.update(pieces.length, '', corpus.entries.length);
    }
    return { pieces, problems: corpus.problems };
  }).finally(() => progress.finish());
  for (const { message } of read.problems) warn(message);
  const { train, validation } = splitPieces(read.pieces, { seed });
  const { bytes, notes, rounded, moved } = notesFile(train, validation, mostStyles);
  const output = await files.writeOutput(target, DEFAULT_OUTPUT, bytes);
  if (rounded > 0 && !json)
    warn(`${rounded} pieces were rounded to a microsecond, of which ${moved} sound otherwise on the grid`);
  const counts = { train: train.length, validation: validation.length, notes, bytes: bytes.length };
  if (json) process.stdout.write(`${JSON.stringify({ output, ...counts, rounded, moved })}\n`);
  else if (!quiet)
    process.stdout.write(
      `${output}: ${train.length} pieces to learn from, ${validation.length} held out, ${notes} notes, ` +
        `${(bytes.length / 1e6).toFixed(1)} MB\n`,
    );
}
