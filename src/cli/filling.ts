/** What the commands share that play something into a piece. */
import { type Command, Option } from 'commander';
import type { Fill, Player } from '../kinds/kind.js';
import type { MidiFile } from '../midi/midi-file.js';
import type { Beats } from '../notes/beats.js';
import { WISH_ROWS, type WishValues, wishesOf } from '../playing/wish-table.js';
import type { Wishes } from '../playing/wishes.js';
import { wishOption } from './generate-options.js';

/** Wishes that make no sense within a piece: it has an end, and what is weighed is not contrasted. */
const NOT_HERE = ['end', 'styleStrength', 'plain'];
const ROWS = WISH_ROWS.filter(({ name }) => !NOT_HERE.includes(name));

/** What all of them can be told. */
export interface FillingOptions {
  readonly particles: number;
  readonly seed: number;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** Adds the options for what may be wished. */
export function addWishes(command: Command): void {
  command.optionsGroup('Wishes:');
  for (const row of ROWS) command.addOption(wishOption(row));
}

/** What was wished on the command line. */
export function wishesIn(options: object): Wishes {
  const values = options as WishValues;
  return wishesOf(Object.fromEntries(ROWS.map(({ name }) => [name, values[name]])));
}

/**
 * A model that can fill, ready to do so.
 *
 * @throws CadenzaError when there is no such model, or it cannot
 */
export async function openFiller(name: string) {
  const [{ loadModel }, { createOnnxEngine }, { CadenzaError }] = await Promise.all([
    import('../node/load-model.js'),
    import('../node/engine/onnx-engine.js'),
    import('../errors.js'),
  ]);
  const { kind, ...loaded } = await loadModel(name);
  const player = await kind.player(loaded, await createOnnxEngine());
  if (player.fill === undefined)
    throw new CadenzaError(`a ${kind.name} model cannot fill; choose another --model`);
  const fill: NonNullable<Player['fill']> = player.fill.bind(player);
  return { kind, fill, release: () => player.release() };
}

/** A MIDI file; says what was wrong with it. */
export async function readMidiFile(path: string): Promise<MidiFile> {
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

/** Fills, and shows how far it has come. */
export async function withProgress(
  fill: (
    more: Pick<FillingOptions, 'particles' | 'seed'> & { readonly onProgress: (part: number) => void },
  ) => Promise<readonly Fill[]>,
  { particles, seed, quiet, json }: FillingOptions,
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
export function targetsOf(
  { output, candidates = 1 }: { readonly output?: string; readonly candidates?: number },
  name: string,
) {
  const numbered = (path: string, index: number) =>
    candidates === 1 ? path : path.replace(/(\.[^./\\]*)?$/, `-${index + 1}$1`);
  return Array.from({ length: candidates }, (_, i) => ({
    output: output === undefined ? undefined : numbered(output, i),
    defaultName: numbered(name, i),
  }));
}

/** The option for chords. */
export function chordsOption(): Option {
  return new Option(
    '--chords <chords>',
    'to be played, one a bar from the first bar on, again and again: "C Am F G"; lengths in bars as in "Dm7:0.5 G7:0.5 C:2"',
  );
}

/**
 * Chords that were asked for, in time: from the bar in which a time lies.
 *
 * @throws CadenzaError when one is not known, or there are no bars
 */
export async function chordsIn(
  text: string | undefined,
  beats: Beats | undefined,
  { from, to, name }: { readonly from: number; readonly to: number; readonly name: string },
): Promise<Pick<Wishes, 'chords'>> {
  if (text === undefined) return {};
  const [{ chordsNamed, chordSpans }, { barsFrom, barsOf, beatAt, secondsAtBeat }, { CadenzaError }] =
    await Promise.all([import('../playing/chords.js'), import('../notes/beats.js'), import('../errors.js')]);
  const chords = chordsNamed(text);
  if (beats === undefined) throw new CadenzaError(`${name}: no bars are found in it, which chords need`);
  const lineOf = barsFrom(barsOf(beats), beatAt(beats, from) + EARLY);
  return { chords: chordSpans(chords, (bar) => secondsAtBeat(beats, lineOf(bar)), to) };
}

/** Part of a beat by which what is early belongs to its bar. */
const EARLY = 1 / 24;
