import { basename } from 'node:path';
import { Command } from 'commander';
import type { MidiFile } from '../midi/midi-file.js';
import type { Beats } from '../notes/beats.js';
import { COMMON_TIME, type Metre, metreNamed } from '../notes/time-grid.js';
import { addExamples } from './examples.js';
import { named, positiveNumber } from './options.js';
import { checkOutput, type OutputOptions, writeOutput } from './output-file.js';

interface ScoreCliOptions extends OutputOptions {
  readonly bpm?: number;
  readonly metre?: Metre;
  readonly title?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `cadenza score`: a MIDI file becomes a score that notation programs read. */
export function scoreCommand(): Command {
  const command = new Command('score')
    .description(
      'Write a MIDI file as MusicXML: two staves, in bars, on the lines that note values have. What is played freely is rounded for reading.',
    )
    .argument('<file>', 'a MIDI file with beats, or one whose beats can be found')
    .option(
      '-o, --output <file>',
      'where to write it (default: beside it in this folder, or the next free name)',
    )
    .option(
      '--bpm <tempo>',
      'beats a minute from its first note on, where its beats are not found',
      positiveNumber,
    )
    .option('--metre <metre>', 'of its bars: 3/4, 6/8 (default: as they are found)', named(metreNamed))
    .option('--title <title>', 'over the score (default: the name of the file)')
    .option('--force', 'overwrite the output file')
    .option('--json', 'one JSON object with all notes as they are written')
    .option('--quiet', 'print only the name of the file')
    .action(scoreAction);
  return addExamples(command, [
    ['cadenza score waltz.mid', 'into waltz.musicxml'],
    ['cadenza score jig.mid -o jig.musicxml --metre 6/8', 'written in eighths'],
    ['cadenza score played.mid --bpm 96 --metre 3/4', 'played freely, at about that tempo'],
  ]);
}

async function scoreAction(path: string, options: ScoreCliOptions): Promise<void> {
  const [{ readMidiFile }, { pianoPieceOf }, { scoreOf }, { musicXmlOf }] = await Promise.all([
    import('./read-midi-file.js'),
    import('../notes/piano-piece.js'),
    import('../score/score.js'),
    import('../score/music-xml.js'),
  ]);
  const name = basename(path).replace(/\.(mid|midi|kar|rmi)$/i, '');
  const defaultName = `${name}.musicxml`;
  await checkOutput(options, defaultName);
  const midi = await readMidiFile(path);
  // As keys are held: what the pedal holds is not written.
  const { notes } = pianoPieceOf(midi);
  const beats = await beatsFor(midi, notes.start[0] ?? 0, options);
  const score = scoreOf(notes, beats, { ...(options.metre && { metre: options.metre }) });
  const text = new TextEncoder().encode(musicXmlOf(score, { title: options.title ?? name }));
  const output = await writeOutput(options, defaultName, text);
  if (options.json) {
    const { notes, bars, fifths } = score;
    process.stdout.write(`${JSON.stringify({ file: midi.name, output, fifths, bars, notes }, null, 2)}\n`);
  } else {
    process.stdout.write(
      options.quiet ? `${output}\n` : `${output}: ${score.notes.length} notes in ${score.bars.length} bars\n`,
    );
  }
}

/** @throws CadenzaError when no beats are found and no tempo is said */
async function beatsFor(midi: MidiFile, first: number, { bpm, metre }: ScoreCliOptions): Promise<Beats> {
  const [{ beatsOfFile }, { evenBeats }, { CadenzaError }] = await Promise.all([
    import('../notes/find-beats.js'),
    import('../notes/beats.js'),
    import('../errors.js'),
  ]);
  if (bpm !== undefined) {
    const { numerator, denominator } = metre ?? COMMON_TIME;
    const beats = (4 * numerator) / denominator;
    if (!Number.isInteger(beats))
      throw new CadenzaError(
        `bars of ${numerator}/${denominator} have no whole number of quarters; write 2/4, 3/4, 6/8 …`,
      );
    return evenBeats(first, bpm, beats);
  }
  const found = beatsOfFile(midi);
  if (found === undefined)
    throw new CadenzaError(`${midi.name}: no beats are found in it; say its tempo with --bpm`);
  return found;
}
