/** The options of `cadenza generate`, and those of them that only performance models understand. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { CadenzaError } from '../errors.js';
import { type NoteValue, noteValueNamed } from '../notes/beat-grid.js';
import { type KeySignature, keySignatureNamed, type Metre, metreNamed } from '../notes/time-grid.js';
import { decimalNumber, positiveNumber, wholeNumber } from './options.js';

/** What a MIDI file of the default resolution can hold, in whole hours. */
export const LONGEST_HOURS = 19;

/** What was said on the command line. */
export interface GenerateCliOptions {
  model: string;
  primer?: string;
  instruments?: 'first' | 'all';
  notes?: number;
  temperature: number;
  seed: number;
  seconds?: number;
  variations: number;
  primerEnd?: number;
  withPrimer?: boolean;
  bpm?: number;
  metre?: Metre;
  keySignature?: KeySignature;
  pedal?: boolean;
  hands?: boolean;
  quantize?: NoteValue;
  type?: '0' | '1';
  topP?: number;
  minP?: number;
  timeTemperature?: number;
  pitchTemperature?: number;
  velocityTemperature?: number;
  density?: number;
  loudness?: number;
  key?: string;
  range?: readonly [number, number];
  maxPolyphony?: number;
  minStep?: number;
  maxStep?: number;
  minDuration?: number;
  maxDuration?: number;
  wav?: boolean;
  output?: string;
  force?: boolean;
  head: number;
  json?: boolean;
  quiet?: boolean;
}

/** Adds the options that only performance models understand. */
export function addControls(command: Command): void {
  command
    .optionsGroup('Performance models:')
    .option('--seconds <s>', 'how long to play (default: 60)', positiveNumber)
    .option('--variations <count>', 'how many, each into a file of its own', wholeNumber(1, 64), 1)
    .option(
      '--primer-end <s>',
      'play on from this second of the primer instead of from its end',
      positiveNumber,
    )
    .option('--with-primer', 'write the primer before what is played, all its events as they are')
    .option(
      '--bpm <beats>',
      'beats a minute to write, where the primer does not say (default: 120)',
      decimalNumber(4, 1000),
    )
    .option(
      '--metre <metre>',
      'metre to write, where the primer does not say (default: 4/4)',
      named(metreNamed),
    )
    .option(
      '--key-signature <key>',
      'key signature to write, such as "Eb" or "F# minor", where the primer does not say',
      named(keySignatureNamed),
    )
    .option('--pedal', 'write keys as hands hold them, and the sustain pedal; it sounds the same')
    .option('--hands', 'write right and left hand as two tracks')
    .option(
      '--quantize <value>',
      'move what is played to a grid of beats: 1/8, 1/16, 1/8t (triplets) …; swing stays',
      named(noteValueNamed),
    )
    .addOption(
      new Option('--type <type>', 'of the MIDI file: one track, or several (default: 1)').choices(['0', '1']),
    )
    .option(
      '--top-p <p>',
      'only the likeliest choices that together have this probability',
      decimalNumber(0, 1),
    )
    .option(
      '--min-p <p>',
      'only keys at least this part as likely as the likeliest (default: 0.05)',
      decimalNumber(0, 1),
    )
    .option(
      '--time-temperature <t>',
      'of when the next event comes (default: --temperature)',
      decimalNumber(0),
    )
    .option('--pitch-temperature <t>', 'of which key is struck or released', decimalNumber(0))
    .option('--velocity-temperature <t>', 'of how hard it is struck', decimalNumber(0))
    .option('--density <factor>', 'about so many times as many notes a second', positiveNumber)
    .option(
      '--loudness <steps>',
      'louder above 0, softer below, in steps of velocity',
      decimalNumber(-64, 64),
    )
    .option('--key <key>', 'only pitches of a key, such as "C major", "F# minor", Bb')
    .option('--range <low-high>', 'only pitches between these two, such as 48-84', pitchRange)
    .option('--max-polyphony <count>', 'most keys that sound at once', wholeNumber(1, 88))
    .option('--min-step <s>', 'least time between strikes', decimalNumber(0))
    .option('--max-step <s>', 'most time between strikes', positiveNumber)
    .option('--min-duration <s>', 'least time that a note sounds', decimalNumber(0))
    .option('--max-duration <s>', 'most time that a note sounds', positiveNumber);
}

/** A parser whose errors are the option's. */
function named<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw error instanceof CadenzaError ? new InvalidArgumentError(`There is ${error.message}.`) : error;
    }
  };
}

function pitchRange(text: string): [number, number] {
  const match = /^(\d+)-(\d+)$/.exec(text.trim());
  if (match !== null) return [Number(match[1]), Number(match[2])];
  throw new InvalidArgumentError('It must be two pitches, such as 48-84.');
}

/** Options that the tutorial model cannot follow. */
export const PERFORMANCE_ONLY: readonly (keyof GenerateCliOptions)[] = [
  'seconds',
  'primerEnd',
  'withPrimer',
  'bpm',
  'metre',
  'keySignature',
  'pedal',
  'hands',
  'quantize',
  'type',
  'topP',
  'minP',
  'timeTemperature',
  'pitchTemperature',
  'velocityTemperature',
  'density',
  'loudness',
  'key',
  'range',
  'maxPolyphony',
  'minStep',
  'maxStep',
  'minDuration',
  'maxDuration',
];
