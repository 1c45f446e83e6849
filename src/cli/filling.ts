/** What the commands share that play something into a piece. */
import { type Command, Option } from 'commander';
import { type Fill, type Player, USUAL_PARTICLES } from '../kinds/kind.js';
import type { Beats } from '../notes/beats.js';
import { WISH_ROWS, type WishRow, type WishValues, wishesOf } from '../playing/wish-table.js';
import type { Wishes } from '../playing/wishes.js';
import { wishOption } from './generate-options.js';
import { seed, wholeNumber } from './options.js';
import type { OutputOptions } from './output-file.js';

/** Wishes that make no sense within a piece: it has an end, and what is weighed is not contrasted. */
const NOT_WITHIN = ['end', 'styleStrength', 'plain'];
const WISHES_WITHIN = WISH_ROWS.filter(({ name }) => !NOT_WITHIN.includes(name));

/** Where it goes, and what is printed of it. */
export interface MadeOptions extends OutputOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** What is shared by those that play between given notes. */
export interface FillingOptions extends MadeOptions {
  readonly model: string;
  readonly particles: number;
  readonly seed: number;
  readonly chords?: string;
}

/** Adds the options that they share. */
export function addFillingOptions(command: Command): Command {
  return command
    .option(
      '--particles <count>',
      'ways that are tried side by side: more fit better and take longer',
      wholeNumber(1, 1024),
      USUAL_PARTICLES,
    )
    .option('--seed <seed>', 'another seed, other music', seed, 0)
    .addOption(
      new Option(
        '--chords <chords>',
        'to be played, one a bar from the first bar on, again and again: "C Am F G"; lengths in bars as in "Dm7:0.5 G7:0.5 C:2"',
      ),
    );
}

/** Adds where it goes, and what is printed of it. */
export function addOutputOptions(command: Command, name: string): Command {
  return command
    .option('-o, --output <file>', `where to write it (default: ${name}, or the next free name)`)
    .option('--force', 'overwrite the output file')
    .option('--json', 'one JSON object with all notes')
    .option('--quiet', 'print only the names of the files');
}

/** Adds the options for what may be wished. */
export function addWishes(command: Command, rows: readonly WishRow[] = WISHES_WITHIN): void {
  command.optionsGroup('Wishes:');
  for (const row of rows) command.addOption(wishOption(row));
}

/** What was wished on the command line. */
export function wishesIn(options: object, rows: readonly WishRow[] = WISHES_WITHIN): Wishes {
  const values = options as WishValues;
  return wishesOf(Object.fromEntries(rows.map(({ name }) => [name, values[name]])));
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
  const [{ chordsNamed, chordsOver }, { CadenzaError }] = await Promise.all([
    import('../playing/chords.js'),
    import('../errors.js'),
  ]);
  const chords = chordsNamed(text);
  if (beats === undefined) throw new CadenzaError(`${name}: no bars are found in it, which chords need`);
  return { chords: chordsOver(chords, beats, from, to) };
}
