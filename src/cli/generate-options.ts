/** The options of `cadenza generate`, and those of them that only performance models understand. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import type { SoundFormat } from '../audio/sound-file.js';
import type { Device } from '../node/engine/devices.js';
import { type NoteValue, noteValueNamed } from '../notes/beat-grid.js';
import { type KeySignature, keySignatureNamed, type Metre, metreNamed } from '../notes/time-grid.js';
import { WISH_ROWS, type WishRow, type WishValue, type WishValues, wishesOf } from '../playing/wish-table.js';
import type { Wish, Wishes } from '../playing/wishes.js';
import { decimalNumber, flagOf, named, positiveNumber, wholeNumber } from './options.js';

/** What a MIDI file of the default resolution can hold, in whole hours. */
export const LONGEST_HOURS = 19;

/** What was said on the command line, beside wishes: see {@link wishesIn}. */
export interface GenerateCliOptions {
  model: string;
  device: Device;
  cluster?: string | true;
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
  audio?: SoundFormat;
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
    );
  for (const row of WISH_ROWS) if (row.name !== 'temperature') command.addOption(wishOption(row));
}

/** The option of a wish. */
export function wishOption({ name, is, least, most, placeholder, help }: WishRow): Option {
  const parsers: Record<WishRow['is'], ((text: string) => WishValue) | undefined> = {
    number: decimalNumber(least, most),
    positive: positiveNumber,
    whole: wholeNumber(least, most),
    range: pitchRange,
    key: undefined, // as it is written
    style: undefined,
    flag: undefined,
  };
  const option = new Option(is === 'flag' ? flagOf(name) : `${flagOf(name)} <${placeholder}>`, help);
  const parse = parsers[is];
  return parse === undefined ? option : option.argParser(parse);
}

/** What was wished on the command line. */
export function wishesIn(options: GenerateCliOptions): Wishes {
  return wishesOf(options as unknown as WishValues);
}

/** The first wish that a model cannot follow, by the name of its option. */
export function wishBeyond(options: GenerateCliOptions, wishes: ReadonlySet<Wish>): string | undefined {
  const asked = options as unknown as WishValues;
  return WISH_ROWS.find(({ name, wish }) => asked[name] !== undefined && !wishes.has(wish))?.name;
}

function pitchRange(text: string): [number, number] {
  const match = /^(\d+)-(\d+)$/.exec(text.trim());
  if (match !== null) return [Number(match[1]), Number(match[2])];
  throw new InvalidArgumentError('It must be two pitches, such as 48-84.');
}

/** Options beside wishes for models that follow every wish. */
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
];
