import { Command, InvalidArgumentError } from 'commander';
import type { Fill, Kind } from '../kinds/kind.js';
import type { MidiFile } from '../midi/midi-file.js';
import type { NoteTable } from '../notes/note-table.js';
import { addExamples } from './examples.js';
import {
  addFillingOptions,
  addOutputOptions,
  addWishes,
  chordsIn,
  type FillingOptions,
  openFiller,
  wishesIn,
  withProgress,
} from './filling.js';
import { decimalNumber, wholeNumber } from './options.js';

/** A place in a piece, as it is asked for: seconds, or bar and beat, both from 1. */
type AskedPlace = number | { readonly bar: number; readonly beat: number };

const DEFAULT_OUTPUT = 'filled.mid';

interface FillCliOptions extends FillingOptions {
  from: AskedPlace;
  to: AskedPlace;
  keep: number;
  candidates: number;
}

/** `cadenza fill`: plays a span of a piece anew, so that it leads into what follows. */
export function fillCommand(): Command {
  const command = new Command('fill')
    .description('Play a span of a MIDI file anew, so that it leads from what is before to what comes after.')
    .argument('<file>', 'a MIDI file; all of it stays as it is but the notes that begin in the span')
    .requiredOption('--from <place>', 'where it begins: seconds, or bar:beat such as 9:1', place)
    .requiredOption('--to <place>', 'where it ends', place)
    .option('--model <model>', 'a shipped model, a run folder, or a .safetensors file', 'maestro')
    .option(
      '--keep <part>',
      'part of the notes in the span that stay, chosen by seed',
      decimalNumber(0, 1),
      0,
    )
    .option('--candidates <count>', 'of these the best, each into a file of its own', wholeNumber(1, 64), 1)
    .action(fillAction);
  addWishes(addOutputOptions(addFillingOptions(command), DEFAULT_OUTPUT));
  return addExamples(command, [
    ['cadenza fill piece.mid --from 12.5 --to 16', 'a bridge of three and a half seconds'],
    ['cadenza fill song.mid --from 9:1 --to 11:1 --model pop909 --candidates 3', 'two bars, three ways'],
    ['cadenza fill piece.mid --from 30 --to 40 --keep 0.5', 'a variation that keeps half of the notes'],
  ]);
}

function place(text: string): AskedPlace {
  const bars = /^(\d+):(\d+(?:\.\d+)?)$/.exec(text.trim());
  if (bars !== null && Number(bars[1]) >= 1 && Number(bars[2]) >= 1)
    return { bar: Number(bars[1]), beat: Number(bars[2]) };
  if (bars !== null) throw new InvalidArgumentError('Bars and beats are counted from 1.');
  return decimalNumber(0)(text);
}

async function fillAction(path: string, options: FillCliOptions): Promise<void> {
  const { checkOutput, targetsOf } = await import('./output-file.js');
  const targets = targetsOf(options.output, DEFAULT_OUTPUT, options.candidates);
  for (const { output, defaultName } of targets)
    await checkOutput({ output, force: options.force }, defaultName);
  const midi = await (await import('./read-midi-file.js')).readMidiFile(path);
  const { kind, fill, release } = await openFiller(options.model);
  const given = await givenOf(kind, midi, options);
  const beats = given.notes.beats ?? (await import('../notes/find-beats.js')).beatsOfFile(midi);
  const span = { from: given.from, to: given.to, name: path };
  const wishes = { ...wishesIn(options), ...(await chordsIn(options.chords, beats, span)) };
  const fills = await withProgress((more) => fill(given, { ...wishes, ...more }), options);
  await release();
  await write(midi, given, fills.slice(0, options.candidates), targets, options);
}

/** What is given of a file, as a kind of model hears it. */
async function givenOf(kind: Kind, midi: MidiFile, options: FillCliOptions) {
  const [{ startOf }, { soundingOf }, { Random }, { CadenzaError }] = await Promise.all([
    import('../kinds/start.js'),
    import('../notes/transform.js'),
    import('../random.js'),
    import('../errors.js'),
  ]);
  const start = startOf(kind, midi);
  const notes = start.heard ?? soundingOf(start.piece);
  const [from, to] = await Promise.all([options.from, options.to].map((each) => secondsOf(each, midi)));
  if (!(from < to)) throw new CadenzaError(`the span ends (${to} s) before it begins (${from} s)`);
  const random = new Random(options.seed).fork('kept notes');
  const kept = new Set<number>();
  for (let n = 0; n < notes.length; n++)
    if (notes.start[n] >= from && notes.start[n] < to && random.next() < options.keep) kept.add(n);
  return { notes, from, to, isKept: (note: number) => kept.has(note) };
}

/** @throws CadenzaError when bars are asked for and none are found */
async function secondsOf(place: AskedPlace, midi: MidiFile): Promise<number> {
  if (typeof place === 'number') return place;
  const [{ beatsOfFile }, { BarGrid }, { CadenzaError }] = await Promise.all([
    import('../notes/find-beats.js'),
    import('../notes/bar-grid.js'),
    import('../errors.js'),
  ]);
  const beats = beatsOfFile(midi);
  if (beats === undefined) throw new CadenzaError(`${midi.name}: no bars are found in it; say seconds`);
  return new BarGrid(beats).secondsOf(place.bar, place.beat);
}

async function write(
  midi: MidiFile,
  given: {
    readonly notes: NoteTable;
    readonly from: number;
    readonly to: number;
    isKept(note: number): boolean;
  },
  fills: readonly Fill[],
  targets: readonly { readonly output: string | undefined; readonly defaultName: string }[],
  options: FillCliOptions,
): Promise<void> {
  const [{ filledFile }, { writeOutput }, { noteRows }] = await Promise.all([
    import('../notes/filled-file.js'),
    import('./output-file.js'),
    import('../formats/rows.js'),
  ]);
  const { notes, from, to, isKept } = given;
  const stays = new Set<string>();
  for (let n = 0; n < notes.length; n++) if (isKept(n)) stays.add(`${notes.pitch[n]} ${notes.start[n]}`);
  const span = { from, to, isKept: (pitch: number, start: number) => stays.has(`${pitch} ${start}`) };
  const candidates: object[] = [];
  if (fills.length < options.candidates) {
    const { warn } = await import('./warnings.js');
    warn(`no more than ${fills.length} different ways were found; ask for more --particles`);
  }
  for (const [i, { notes, bits, bitsAfter, weight }] of fills.entries()) {
    const { output: asked, defaultName } = targets[i];
    const bytes = filledFile(midi, span, notes, 'Fill');
    const output = await writeOutput({ output: asked, force: options.force }, defaultName, bytes);
    candidates.push({ output, bits, bitsAfter, weight, notes: noteRows(notes) });
    if (options.json) continue;
    process.stdout.write(
      options.quiet
        ? `${output}\n`
        : `${output}: ${notes.length} notes from ${from.toFixed(2)} to ${to.toFixed(2)} s; what is given needs ${bits.toFixed(1)} bits\n`,
    );
  }
  if (options.json) {
    const { model, particles, seed } = options;
    process.stdout.write(
      `${JSON.stringify({ file: midi.name, model, from, to, particles, seed, candidates }, null, 2)}\n`,
    );
  }
}
