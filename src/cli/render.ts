import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { SOUND_FORMATS, type SoundFormat, soundFormatOf } from '../audio/sound-file.js';
import { CadenzaError } from '../errors.js';
import { addExamples } from './examples.js';
import { abortOnInterrupt } from './interrupt.js';
import {
  addSoundOptions,
  renderOptions,
  type SoundCliOptions,
  type SoundWritten,
  soundPathOf,
  writeSoundOutput,
} from './sound-output.js';

interface RenderCliOptions extends SoundCliOptions {
  output?: string;
  format?: SoundFormat;
  force?: boolean;
  json?: boolean;
  quiet?: boolean;
}

/** `cadenza render`: MIDI files become sound. */
export function renderCommand(): Command {
  const command = new Command('render')
    .description('Play MIDI files on a grand piano into sound files: stereo, with velocity and pedal.')
    .argument('<files...>', 'MIDI files; every instrument but drums is played on the piano')
    .option('-o, --output <file>', 'where to write it, or a folder (default: beside the MIDI file)')
    .addOption(
      new Option('--format <format>', 'of the sound files (default: what -o ends with, else wav)').choices(
        SOUND_FORMATS,
      ),
    )
    .option('--force', 'overwrite existing files');
  addSoundOptions(command)
    .option('--json', 'one JSON object about all files')
    .option('--quiet', 'print only the names of the files')
    .action(renderAction);
  return addExamples(command, [
    ['cadenza render piece.mid', 'into piece.wav'],
    ['cadenza render piece.mid -o loud.wav --gain 6 --reverb 0', 'louder, without the room'],
    ['cadenza render takes/*.mid -o sound/ --format mp3', 'many, into a folder'],
    ['cadenza render piece.mid -o piece.ogg', 'as Ogg Vorbis'],
    ['cadenza render piece.mid --soundfont upright.sf2', 'on another piano'],
  ]);
}

/** A file that was rendered. */
interface Rendered extends SoundWritten {
  readonly input: string;
  readonly output: string;
  readonly notes: number;
}

async function renderAction(files: string[], options: RenderCliOptions, command: Command): Promise<void> {
  const [{ loadSoundFont }, { formatTime }] = await Promise.all([
    import('../node/render-file.js'),
    import('./progress.js'),
  ]);
  const isFolder = options.output !== undefined && (await isExistingFolder(options.output));
  if (options.output !== undefined && !isFolder && files.length > 1) {
    command.error('error: several files need a folder to be written into: create it and name it with -o');
  }
  const soundFont = await loadSoundFont(options.soundfont);
  const controller = new AbortController();
  abortOnInterrupt(controller);
  const { signal } = controller;
  const rendered: Rendered[] = [];
  const problems: { input: string; message: string }[] = [];
  const taken = new Map<string, string>(); // output → input
  for (const input of files) {
    try {
      const target = targetOf(input, options, isFolder);
      const before = taken.get(resolve(target));
      if (before !== undefined)
        throw new CadenzaError(`${input}: ${target} has just been made of ${before}; name it with -o`);
      const { notes, ...written } = await renderOne(input, target, { soundFont, signal, options });
      taken.set(resolve(target), input);
      rendered.push({ input, output: target, notes, ...written });
      if (!options.json) {
        const told = `${target}: ${notes} notes, ${formatTime(written.seconds)}, peak ${decibels(written.peak)} dB`;
        process.stdout.write(`${options.quiet ? target : told}\n`);
      }
    } catch (error) {
      if (signal.aborted) {
        process.exitCode = 130;
        break;
      }
      if (!(error instanceof CadenzaError)) throw error;
      problems.push({ input, message: error.message });
      process.stderr.write(`cadenza: ${error.message}\n`);
      process.exitCode = 1;
    }
  }
  if (options.json) {
    const all = rendered.map(({ peak, ...file }) => ({ ...file, peakDb: Number(decibels(peak)) }));
    process.stdout.write(`${JSON.stringify({ files: all, problems }, null, 2)}\n`);
  }
}

async function renderOne(
  input: string,
  output: string,
  {
    soundFont,
    signal,
    options,
  }: {
    soundFont: Parameters<typeof writeSoundOutput>[0]['soundFont'];
    signal: AbortSignal;
    options: RenderCliOptions;
  },
): Promise<SoundWritten & { notes: number }> {
  const [{ readSoundingNotes }, { checkOutput }, { reportWarnings, warn }] = await Promise.all([
    import('../node/render-file.js'),
    import('./output-file.js'),
    import('./warnings.js'),
  ]);
  const { force, quiet, json } = options;
  const { midi, notes, remarks } = await readSoundingNotes(input);
  await checkOutput({ output, force }, output);
  reportWarnings(midi);
  for (const remark of remarks) warn(`${input}: ${remark}`);
  const written = await writeSoundOutput({
    notes,
    soundFont,
    output,
    options: renderOptions(options),
    force,
    quiet: quiet || json,
    signal,
  });
  return { notes: notes.length, ...written };
}

function targetOf(input: string, { output, format }: RenderCliOptions, isFolder: boolean): string {
  if (output === undefined || isFolder) {
    const beside = soundPathOf(input, format ?? 'wav');
    return isFolder ? join(output ?? '', basename(beside)) : beside;
  }
  if (format !== undefined && soundFormatOf(output) !== format) {
    throw new CadenzaError(
      `${output}: its name says another format than --format ${format}; call it .${format}`,
    );
  }
  return output;
}

async function isExistingFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/** Of full scale. */
function decibels(level: number): string {
  return (20 * Math.log10(Math.max(level, 1e-6))).toFixed(1);
}
