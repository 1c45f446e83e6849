import { Command, Option } from 'commander';
import { SOUND_FORMATS, type SoundFormat, soundFormatOf } from '../audio/sound-file.js';
import type { NoteTable } from '../notes/note-table.js';
import { WISH_ROWS } from '../playing/wish-table.js';
import type { Wish } from '../playing/wishes.js';
import { clusterOption, withCluster } from './cluster-option.js';
import { addExamples } from './examples.js';
import {
  addControls,
  type GenerateCliOptions,
  PERFORMANCE_ONLY,
  wishBeyond,
  wishOption,
} from './generate-options.js';
import { deviceOption, flagOf, seed, wholeNumber } from './options.js';
import type { Written } from './play-on.js';
import { renderBeside, soundPathOf } from './sound-output.js';

const DEFAULT_OUTPUT = 'output.mid';

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
    .addOption(wishOption(WISH_ROWS[0]).default(1))
    .option('--seed <seed>', 'another seed, another piece', seed, 0)
    .addOption(
      new Option(
        '--instruments <which>',
        "tutorial model: the primer's first instrument (default), or all but drums",
      ).choices(['first', 'all']),
    )
    .option('-o, --output <file>', `where to write it (default: ${DEFAULT_OUTPUT}, or the next free name)`)
    .addOption(
      new Option('--audio <format>', 'also as sound, into a file beside each MIDI file').choices(
        SOUND_FORMATS,
      ),
    )
    .option('--wav', 'the same as --audio wav')
    .addOption(deviceOption())
    .addOption(clusterOption())
    .option('--force', 'overwrite the output file')
    .option('--head <count>', 'rows of the table to print', wholeNumber(0), 10)
    .option('--json', 'one JSON object with all notes instead of the table')
    .option('--quiet', 'print only the names of the files')
    .action(generateAction);
  addControls(command);
  return addExamples(command, [
    ['cadenza generate', `a minute of piano into ${DEFAULT_OUTPUT}`],
    ['cadenza generate --primer piece.mid --variations 3 -o more.mid', 'play on from a piece, three times'],
    ['cadenza generate --audio mp3', 'and as sound, into output.mp3'],
    ['cadenza generate --key "D minor" --max-polyphony 4 --density 0.7', 'within limits'],
    ['cadenza generate --pedal --hands', 'as a player would write it: two hands and a pedal'],
    ['cadenza generate --model runs/tutorial-001 --seed 7', 'with a model of your own'],
  ]);
}

async function generateAction(options: GenerateCliOptions): Promise<void> {
  const { loadModel } = await import('../node/load-model.js');
  const { checkOutput, targetsOf } = await import('./output-file.js');
  const { CadenzaError } = await import('../errors.js');
  for (const { output, defaultName } of targetsOf(options.output, DEFAULT_OUTPUT, options.variations)) {
    await checkOutput({ output, force: options.force }, defaultName);
    const format = audioOf(options);
    if (format === undefined || output === undefined) continue;
    const sound = soundPathOf(output, format);
    if (sound === output) {
      throw new CadenzaError(`${output}: the sound is to be written to this name; call the MIDI file .mid`);
    }
    await checkOutput({ output: sound, force: options.force }, output);
  }
  const [loaded, { playAll }] = await Promise.all([loadModel(options.model), import('./play-on.js')]);
  const wishes = loaded.kind.wishesOf(loaded.model.config);
  await refuseWhatIsNotFor(wishes, options);
  const played = await withCluster(options.cluster, (cluster) => playAll(loaded, options, cluster));
  await writeAll(played, wishes, options);
}

/** Which models follow what not all of those follow that follow most. */
const LEARNED_BY: Readonly<Record<string, string>> = {
  end: 'models that have learned how pieces end, such as pop909',
  style: 'models that have learned styles, such as maestro',
  styleStrength: 'models that have learned styles, such as maestro',
};

/** @throws CadenzaError for options that the model knows nothing of */
async function refuseWhatIsNotFor(wishes: ReadonlySet<Wish>, options: GenerateCliOptions): Promise<void> {
  const { CadenzaError } = await import('../errors.js');
  const isAll = wishes.has('variations');
  if (isAll && options.instruments !== undefined) {
    throw new CadenzaError(`--instruments is for the tutorial model; ${options.model} hears all but drums`);
  }
  const extra =
    wishBeyond(options, wishes) ??
    (isAll ? undefined : PERFORMANCE_ONLY.find((name) => options[name] !== undefined));
  if (extra !== undefined || (!isAll && options.variations !== 1)) {
    const flag = flagOf(extra ?? 'variations');
    const which = (isAll && extra && LEARNED_BY[extra]) || 'performance models';
    throw new CadenzaError(`${flag} is for ${which}; leave it out, or choose another --model`);
  }
  if (options.hands && options.type === '0') {
    throw new CadenzaError('a file of type 0 has one track for all; leave out --hands or --type 0');
  }
}

/** In which format it is to be heard, too. */
function audioOf({ audio, wav }: GenerateCliOptions): SoundFormat | undefined {
  return audio ?? (wav ? 'wav' : undefined);
}

/** The sound file, for programs: by its format. */
function soundEntry(sound: string | undefined): Record<string, string> {
  return sound === undefined ? {} : { [soundFormatOf(sound)]: sound };
}

/** Writes what was played, and says so. */
async function writeAll(
  played: readonly Written[],
  wishes: ReadonlySet<Wish>,
  options: GenerateCliOptions,
): Promise<void> {
  const { targetsOf, writeOutput } = await import('./output-file.js');
  const targets = targetsOf(options.output, DEFAULT_OUTPUT, options.variations);
  const format = audioOf(options);
  const written: { output: string; sound?: string; notes: NoteTable }[] = [];
  for (const [i, { midi, notes }] of played.entries()) {
    const { output: asked, defaultName } = targets[i];
    const others = format === undefined ? [] : [`.${format}`];
    const output = await writeOutput({ output: asked, force: options.force }, defaultName, midi, others);
    written.push({ output, notes });
  }
  if (format !== undefined) await renderBeside(written, format, options);
  if (!options.json || !wishes.has('variations')) {
    for (const { output, sound, notes } of written) await print(notes, output, sound, options);
    return;
  }
  const { noteRows } = await import('../formats/rows.js');
  const { model, primer = null, temperature, seed } = options;
  const result = written.map(({ notes, output, sound }) => ({
    output,
    ...soundEntry(sound),
    notes: noteRows(notes),
  }));
  process.stdout.write(
    `${JSON.stringify({ model, primer, temperature, seed, variations: result }, null, 2)}\n`,
  );
}

async function print(
  notes: NoteTable,
  output: string,
  sound: string | undefined,
  options: GenerateCliOptions,
): Promise<void> {
  if (options.quiet) {
    process.stdout.write(sound === undefined ? `${output}\n` : `${output}\n${sound}\n`);
    return;
  }
  const [{ noteRows }, { formatTable }] = await Promise.all([
    import('../formats/rows.js'),
    import('./table.js'),
  ]);
  const rows = noteRows(notes);
  // A note's step counts from the note before, the first one's from the primer's last note, where time
  // begins.
  if (rows.length > 0) rows[0].step = rows[0].start;
  if (options.json) {
    const { model, primer = null, temperature, seed } = options;
    process.stdout.write(
      `${JSON.stringify({ output, ...soundEntry(sound), model, primer, temperature, seed, notes: rows }, null, 2)}\n`,
    );
    return;
  }
  const columns = ['pitch', 'name', 'step', 'duration', 'start', 'end'] as const;
  process.stdout.write(formatTable(rows.slice(0, options.head), columns));
  const seconds = notes.end.reduce((latest, end) => Math.max(latest, end), 0);
  process.stdout.write(
    `${notes.length} notes, ${seconds.toFixed(1)} s, written to ${output}${sound === undefined ? '' : ` and ${sound}`}\n`,
  );
}
