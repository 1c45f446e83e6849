import { Command } from 'commander';
import { WISH_ROWS } from '../playing/wish-table.js';
import { addExamples } from './examples.js';
import { addOutputOptions, addWishes, chordsIn, type MadeOptions, wishesIn } from './filling.js';
import { seed, wholeNumber } from './options.js';

const DEFAULT_OUTPUT = 'harmonised.mid';

interface HarmoniseCliOptions extends MadeOptions {
  chords: string;
  bars: number;
  model: string;
  seed: number;
}

/** `cadenza harmonise`: new music to chords. */
export function harmoniseCommand(): Command {
  const command = new Command('harmonise')
    .alias('harmonize')
    .description('Play new music to chords. For chords to a tune: accompany --chords.')
    .requiredOption(
      '--chords <chords>',
      'one a bar, again and again: "C Am F G"; with lengths in bars: "Dm7:0.5 G7:0.5 C:2"',
    )
    .option('--bars <count>', 'how many bars', wholeNumber(1, 1000), 8)
    .option('--model <model>', 'a shipped model, a run folder, or a .safetensors file', 'pop909')
    .option('--seed <seed>', 'another seed, other music', seed, 0)
    .action(harmoniseAction);
  addWishes(addOutputOptions(command, DEFAULT_OUTPUT), WISH_ROWS);
  return addExamples(command, [
    ['cadenza harmonise --chords "C Am F G"', 'eight bars into harmonised.mid'],
    ['cadenza harmonise --chords "C Am Dm7 G7 C C Dm7:0.5 G7:0.5 C" --end', 'with a close in the last bar'],
    ['cadenza harmonise --chords "Am7 D9 Gmaj7 Cmaj7" --bars 16 --model maestro', 'in a free hand'],
  ]);
}

async function harmoniseAction(options: HarmoniseCliOptions): Promise<void> {
  const [{ checkOutput, writeOutput }, { loadModel }, { createOnnxEngine }, { CadenzaError }, opening] =
    await Promise.all([
      import('./output-file.js'),
      import('../node/load-model.js'),
      import('../node/engine/onnx-engine.js'),
      import('../errors.js'),
      import('../playing/opening.js'),
    ]);
  const [{ notesOfKeys }, { beatsOf }, { midiFromNotes }, { noteRows }, { shiftNotes }] = await Promise.all([
    import('../notes/cut.js'),
    import('../notes/metrical-grid.js'),
    import('../notes/to-midi.js'),
    import('../formats/rows.js'),
    import('../notes/transform.js'),
  ]);
  await checkOutput(options, DEFAULT_OUTPUT);
  const { kind, ...loaded } = await loadModel(options.model);
  if (!kind.wishesOf(loaded.model.config).has('chords'))
    throw new CadenzaError(`a ${kind.name} model follows no chords; choose another --model`);
  const player = await kind.player(loaded, await createOnnxEngine({ threads: 1 }));
  const notes = opening.builtInOpening();
  const beats = beatsOf(notes);
  const cut = notes.end.reduce((latest, time) => Math.max(latest, time), 0);
  const { barSeconds, microsecondsPerBeat } = opening.OPENING_TIME;
  const seconds = options.bars * barSeconds;
  const wishes = {
    ...wishesIn(options, WISH_ROWS),
    ...(await chordsIn(options.chords, beats, { from: cut, to: cut + seconds, name: 'the opening' })),
    seed: options.seed,
  };
  const piece = { notes: { ...notes, beats } };
  const keys = [];
  // A close may ring out; what goes on is cut off with the last bar.
  const isCutOff = !wishes.isEnding;
  const request = { piece, heard: piece.notes, cut, seconds, isCutOff, options: wishes };
  for await (const { event } of player.play(request))
    keys.push({ ...event, time: Math.max(cut, event.time) });
  await player.release();
  const played = shiftNotes(notesOfKeys(keys, cut + seconds), -cut);
  const midi = midiFromNotes(played, { trackName: 'Piano', microsecondsPerBeat });
  const output = await writeOutput(options, DEFAULT_OUTPUT, midi);
  if (options.json) {
    const { chords, bars, model, seed } = options;
    process.stdout.write(
      `${JSON.stringify({ output, model, chords, bars, seed, notes: noteRows(played) }, null, 2)}\n`,
    );
  } else if (options.quiet) {
    process.stdout.write(`${output}\n`);
  } else {
    process.stdout.write(
      `${output}: ${played.length} notes in ${options.bars} bars, ${seconds.toFixed(1)} s\n`,
    );
  }
}
