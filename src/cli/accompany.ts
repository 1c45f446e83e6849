import { Command } from 'commander';
import type { Beats } from '../notes/beats.js';
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
import { positiveNumber } from './options.js';

const DEFAULT_OUTPUT = 'accompanied.mid';

interface AccompanyCliOptions extends FillingOptions {
  seconds?: number;
}

/** `cadenza accompany`: plays something to a tune. */
export function accompanyCommand(): Command {
  const command = new Command('accompany')
    .description(
      'Play an accompaniment to a tune, below it or above a low one: every note of it stays to the tick.',
    )
    .argument('<file>', 'a MIDI file that holds the tune')
    .option('--model <model>', 'a shipped model, a run folder, or a .safetensors file', 'pop909')
    .option('--seconds <s>', 'only to so much of the tune (default: to its end)', positiveNumber)
    .action(accompanyAction);
  addWishes(addOutputOptions(addFillingOptions(command), DEFAULT_OUTPUT));
  return addExamples(command, [
    ['cadenza accompany tune.mid', 'into accompanied.mid, with chords that suit it'],
    [
      'cadenza accompany tune.mid --chords "C Am F G"',
      'with these chords, one a bar; with none: --chords none',
    ],
    [
      'cadenza accompany tune.mid --range 21-108 --max-polyphony 6 --seed 3',
      'all over the piano, and not too thick',
    ],
  ]);
}

async function accompanyAction(path: string, options: AccompanyCliOptions): Promise<void> {
  const [
    { checkOutput, writeOutput },
    { startOf },
    { soundingOf },
    { filledFile },
    { noteRows },
    { ACCOMPANYING_WISHES, freeSideOf },
  ] = await Promise.all([
    import('./output-file.js'),
    import('../kinds/start.js'),
    import('../notes/transform.js'),
    import('../notes/filled-file.js'),
    import('../formats/rows.js'),
    import('../playing/free-side.js'),
  ]);
  await checkOutput(options, DEFAULT_OUTPUT);
  const midi = await (await import('./read-midi-file.js')).readMidiFile(path);
  const { kind, fill, release } = await openFiller(options.model);
  const start = startOf(kind, midi);
  const notes = start.heard ?? soundingOf(start.piece);
  const from = notes.start[0];
  const end = notes.end.reduce((latest, time) => Math.max(latest, time), 0);
  const to = Math.min(end, from + (options.seconds ?? Number.POSITIVE_INFINITY));
  const given = { notes, from, to, isKept: () => true };
  const found = (await import('../notes/find-beats.js')).beatsOfFile(midi);
  const beats = notes.beats ?? found;
  const chords = await chordsFor(notes, found, options.chords, { from, to });
  // Unless it is said otherwise, it is played where the tune leaves room, and steadily.
  const asked = wishesIn(options);
  const wishes = {
    range: freeSideOf(notes),
    ...asked,
    temperatures: { ...ACCOMPANYING_WISHES.temperatures, ...asked.temperatures },
    ...(await chordsIn(chords, beats, { from, to, name: path })),
  };
  const [best] = await withProgress((more) => fill(given, { ...wishes, ...more }), options);
  await release();
  const bytes = filledFile(midi, { from, to, isKept: () => true }, best.notes, 'Accompaniment');
  const output = await writeOutput(options, DEFAULT_OUTPUT, bytes);
  if (options.json) {
    const { model, particles, seed } = options;
    const made = { output, ...(chords && { chords }), bits: best.bits, notes: noteRows(best.notes) };
    process.stdout.write(
      `${JSON.stringify({ file: midi.name, model, particles, seed, ...made }, null, 2)}\n`,
    );
  } else if (options.quiet) {
    process.stdout.write(`${output}\n`);
  } else {
    const perNote = best.bits / Math.max(1, notes.length);
    process.stdout.write(
      `${output}: ${best.notes.length} notes to ${notes.length} of the tune, which needs ${perNote.toFixed(2)} bits a note with them${chords ? `; chords ${shortened(chords)}` : ''}\n`,
    );
  }
}

/** Characters of a line of chords that are printed. */
const MOST_PRINTED = 60;
const shortened = (line: string) =>
  line.length <= MOST_PRINTED ? line : `${line.slice(0, line.lastIndexOf(' ', MOST_PRINTED))} …`;

/** The chords that were asked for; where none were, those that songs have to such a tune. */
async function chordsFor(
  tune: NoteTable,
  beats: Beats | undefined,
  asked: string | undefined,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<string | undefined> {
  if (asked === 'none' || (asked === undefined && beats === undefined)) return undefined;
  if (asked !== undefined) return asked;
  const [{ chordsOfTune }, { chordLine }] = await Promise.all([
    import('../playing/tune-chords.js'),
    import('../playing/read-chords.js'),
  ]);
  return chordLine(chordsOfTune(tune, beats as Beats, from, to));
}
