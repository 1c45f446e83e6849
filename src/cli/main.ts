/**
 * The command line. Each command is one file that exports a function making it; such a file imports nothing
 * heavy at its top, its action imports what it needs, so that the program starts as fast as its help text.
 */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addExamples } from './examples.js';
import { run } from './run.js';

/** In the order of the help text. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  generate: async () => (await import('./generate.js')).generateCommand(),
  fill: async () => (await import('./fill.js')).fillCommand(),
  accompany: async () => (await import('./accompany.js')).accompanyCommand(),
  harmonise: async () => (await import('./harmonise.js')).harmoniseCommand(),
  render: async () => (await import('./render.js')).renderCommand(),
  score: async () => (await import('./score.js')).scoreCommand(),
  play: async () => (await import('./play.js')).playCommand(),
  train: async () => (await import('./train.js')).trainCommand(),
  evaluate: async () => (await import('./evaluate.js')).evaluateCommand(),
  metrics: async () => (await import('./metrics.js')).metricsCommand(),
  notes: async () => (await import('./notes.js')).notesCommand(),
  corpus: async () => (await import('./corpus.js')).corpusCommand(),
  summary: async () => (await import('./summary.js')).summaryCommand(),
  export: async () => (await import('./export.js')).exportCommand(),
  studio: async () => (await import('./studio.js')).studioCommand(),
  assets: async () => (await import('./assets.js')).assetsCommand(),
  worker: async () => (await import('./worker.js')).workerCommand(),
};

const { version, description } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string; description: string };

const program = new Command('cadenza').description(description).version(version);
addExamples(program, [
  ['cadenza generate', 'play a minute of new music into output.mid'],
  ['cadenza play output.mid', 'hear it'],
  ['cadenza train my-midi/', 'learn from a folder of MIDI files'],
  ['cadenza notes piece.mid --head 5', 'print the first notes of a MIDI file'],
  ['cadenza notes --help', 'options and examples of a command'],
]);
// Only the command that is named is loaded; all of them where none is, for the help text.
const [, , named = ''] = process.argv;
const wanted = Object.hasOwn(COMMANDS, named) ? [COMMANDS[named]] : Object.values(COMMANDS);
for (const command of await Promise.all(wanted.map((load) => load()))) program.addCommand(command);

await run(program, process.argv);
