import { Command, InvalidArgumentError } from 'commander';
import type { Fill, Kind } from '../kinds/kind.js';
import type { MidiFile } from '../midi/midi-file.js';
import type { NoteTable } from '../notes/note-table.js';
import { WISH_ROWS } from '../playing/wish-table.js';
import type { Wishes } from '../playing/wishes.js';
import { addExamples } from './examples.js';
import { wishOption } from './generate-options.js';
import { decimalNumber, seed, wholeNumber } from './options.js';

/** A place in a piece, as it is asked for: seconds, or bar and beat, both from 1. */
type AskedPlace = number | { readonly bar: number; readonly beat: number };

interface FillCliOptions {
  from: AskedPlace;
  to: AskedPlace;
  model: string;
  keep: number;
  particles: number;
  candidates: number;
  seed: number;
  output?: string;
  force?: boolean;
  json?: boolean;
  quiet?: boolean;
}

/** Wishes that make no sense within a piece: it has an end, and what is weighed is not contrasted. */
const NOT_HERE = ['end', 'styleStrength', 'plain'];

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
    .option(
      '--particles <count>',
      'ways that are tried: more fit better and take longer',
      wholeNumber(1, 1024),
      32,
    )
    .option('--candidates <count>', 'of these the best, each into a file of its own', wholeNumber(1, 64), 1)
    .option('--seed <seed>', 'another seed, other fills', seed, 0)
    .option('-o, --output <file>', 'where to write it (default: filled.mid, or the next free name)')
    .option('--force', 'overwrite the output file')
    .option('--json', 'one JSON object with all notes')
    .option('--quiet', 'print only the names of the files')
    .action(fillAction);
  command.optionsGroup('Wishes:');
  for (const row of WISH_ROWS) if (!NOT_HERE.includes(row.name)) command.addOption(wishOption(row));
  return addExamples(command, [
    ['cadenza fill piece.mid --from 12.5 --to 16', 'a bridge of three and a half seconds'],
    ['cadenza fill song.mid --from 9:1 --to 11:1 --model pop909 --candidates 3', 'two bars, three ways'],
    ['cadenza fill piece.mid --from 30 --to 40 --keep 0.5', 'a variation that keeps every other note'],
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
  const [{ CadenzaError }, { checkOutput }, { loadModel }] = await Promise.all([
    import('../errors.js'),
    import('./output-file.js'),
    import('../node/load-model.js'),
  ]);
  const targets = targetsOf(options);
  for (const { output, defaultName } of targets)
    await checkOutput({ output, force: options.force }, defaultName);
  const midi = await readFile(path);
  const { loaded, player } = await open(options.model, loadModel);
  if (player.fill === undefined)
    throw new CadenzaError(`a ${loaded.kind.name} model cannot fill; choose another --model`);
  const { notes, from, to, isKept } = await givenOf(loaded.kind, midi, options);
  const fills = await fillWithProgress(
    (more) =>
      player.fill?.({ notes, from, to, isKept }, { ...wishesIn(options), ...more }) ?? Promise.resolve([]),
    options,
  );
  await player.release();
  await write(midi, { notes, from, to, isKept }, fills.slice(0, options.candidates), targets, options);
}

async function open(name: string, loadModel: typeof import('../node/load-model.js').loadModel) {
  const [loaded, { createOnnxEngine }] = await Promise.all([
    loadModel(name),
    import('../node/engine/onnx-engine.js'),
  ]);
  return { loaded, player: await loaded.kind.player(loaded, await createOnnxEngine()) };
}

async function readFile(path: string): Promise<MidiFile> {
  const [{ readMidi }, { readFileBytes }, { MAX_FILE_BYTES }, { reportWarnings }] = await Promise.all([
    import('../midi/read.js'),
    import('../node/files/files.js'),
    import('../dataset/file-kind.js'),
    import('./warnings.js'),
  ]);
  const midi = readMidi(await readFileBytes(path, MAX_FILE_BYTES), path);
  reportWarnings(midi);
  return midi;
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
  const [{ beatsOfFile }, { barsOf, secondsAtBeat, barAround }, { CadenzaError }] = await Promise.all([
    import('../notes/find-beats.js'),
    import('../notes/beats.js'),
    import('../errors.js'),
  ]);
  const beats = beatsOfFile(midi);
  if (beats === undefined) throw new CadenzaError(`${midi.name}: no bars are found in it; say seconds`);
  const bars = barsOf(beats);
  const known = bars.line.length - 1;
  const last = barAround(bars, bars.line[known - 1]);
  const beyond = Math.max(0, place.bar - known);
  const line = bars.line[Math.min(place.bar, known) - 1] + beyond * last.beats;
  return secondsAtBeat(beats, line + place.beat - 1);
}

function wishesIn(options: FillCliOptions): Wishes {
  const values = options as unknown as Readonly<Record<string, never>>;
  let wishes: Wishes = {};
  for (const { name, put } of WISH_ROWS) {
    if (values[name] === undefined || NOT_HERE.includes(name)) continue;
    const { temperatures, ...others } = put(values[name]);
    wishes = {
      ...wishes,
      ...others,
      ...(temperatures && { temperatures: { ...wishes.temperatures, ...temperatures } }),
    };
  }
  return wishes;
}

async function fillWithProgress(
  fill: (
    more: { readonly onProgress: (part: number) => void } & Pick<FillCliOptions, 'particles' | 'seed'>,
  ) => Promise<readonly Fill[]>,
  { particles, seed, quiet, json }: FillCliOptions,
): Promise<readonly Fill[]> {
  const { createProgress } = await import('./progress.js');
  const progress = createProgress({
    label: 'Filling',
    total: 100,
    unit: '%',
    isPassing: true,
    quiet: quiet || json || !process.stderr.isTTY,
  });
  try {
    return await fill({ particles, seed, onProgress: (part) => progress.update(Math.floor(100 * part)) });
  } finally {
    progress.finish();
  }
}

/** Where each candidate goes; several files are numbered. */
function targetsOf({ output, candidates }: FillCliOptions) {
  const numbered = (path: string, index: number) =>
    candidates === 1 ? path : path.replace(/(\.[^./\\]*)?$/, `-${index + 1}$1`);
  return Array.from({ length: candidates }, (_, i) => ({
    output: output === undefined ? undefined : numbered(output, i),
    defaultName: numbered('filled.mid', i),
  }));
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
  targets: ReturnType<typeof targetsOf>,
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
