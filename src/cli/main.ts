/**
 * The command line. Each command is one file that exports a function making it; such a file imports nothing
 * heavy at its top, its action imports what it needs, so that the program starts as fast as its help text.
 */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { evaluateCommand } from './evaluate.js';
import { addExamples } from './examples.js';
import { generateCommand } from './generate.js';
import { metricsCommand } from './metrics.js';
import { notesCommand } from './notes.js';
import { playCommand } from './play.js';
import { renderCommand } from './render.js';
import { run } from './run.js';
import { studioCommand } from './studio.js';
import { summaryCommand } from './summary.js';
import { trainCommand } from './train.js';

const commands = [
  generateCommand,
  renderCommand,
  playCommand,
  trainCommand,
  evaluateCommand,
  metricsCommand,
  notesCommand,
  summaryCommand,
  studioCommand,
];

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
for (const create of commands) program.addCommand(create());

await run(program, process.argv);
