/** Kinds of models that say a performance event by event: `performance`, and two for comparison. */
import { type Checkpoint, expectKind, type ModelConfig } from '../../checkpoint/checkpoint.js';
import type { NoteTable } from '../../notes/note-table.js';
import type { Reading } from '../../notes/reading.js';
import { ALL_WISHES } from '../../playing/wish-table.js';
import type { Wish } from '../../playing/wishes.js';
import { NONE, placeOfGiven } from '../../representation/events.js';
import { METRICAL } from '../../representation/metrical.js';
import { MOST_STYLES, PERFORMANCE_GUIDED } from '../../representation/performance-guided.js';
import { PERFORMANCE_RECALL } from '../../representation/performance-recall.js';
import { REPRESENTATIONS } from '../../representation/representations.js';
import { type Dropout, PERFORMANCE_TRAIN_OPTIONS } from '../../training/options.js';
import { complain, expectSize, MAX_SIZE } from '../check-sizes.js';
import type { Kind, Loaded, PreparedPiece } from '../kind.js';
import { SIZE_ROWS } from '../sizes.js';
import { EventLstm, type EventLstmConfig } from './network.js';

const FORMAT = 1;
/** Layers beyond this are mistakes or attacks. */
const MAX_LAYERS = 64;
const MAX_KEY_FEATURES = 256;
/** T of the batches in which a model from a checkpoint hears pieces, unless it is made anew for others. */
export const HEARD_STEPS = 128;

/** What is wished of models that are told something of the piece, and of which thing. */
const WISHES_OF_GIVEN: Readonly<Record<string, readonly Wish[]>> = {
  left: ['isEnding'],
  style: ['style', 'styleStrength'],
};

/** What tells the kinds of models of events apart. */
interface Naming {
  readonly name: string;
  readonly title: string;
  readonly plays: string;
  readonly about: string;
  /** The representation with recall, if there is one, and the one that is told of the piece as well. */
  readonly recalling?: string;
  readonly guided?: string;
  readonly reading?: Reading;
}

function eventKind(naming: Naming): Kind {
  const { name, title, plays, about, recalling = name, guided = recalling, reading = 'sounding' } = naming;
  const { contextMaps, playing } = REPRESENTATIONS[guided];
  const hasMaps = contextMaps !== undefined;
  return {
    name,
    title,
    plays,
    about,
    canPlay: playing !== undefined,
    canFill: playing !== undefined,
    reading,
    usualLength: { seconds: 60 },
    options: PERFORMANCE_TRAIN_OPTIONS,
    batchOf: 'pieces',
    sizes: SIZE_ROWS,
    lossUnits: { loss: 'bits a note' },
    owns: (config) =>
      config.kind === 'events' &&
      [name, recalling, guided].includes((config as EventLstmConfig).representation),
    configure({
      layers = 2,
      hiddenSize = 512,
      headSize = Math.ceil(hiddenSize / 2),
      contextUnits = hasMaps ? 240 : 0,
      keyFeatures = hasMaps ? 8 : 0,
      recall = true,
      guidance = recall,
      styles = [],
    }): EventLstmConfig {
      const sizes = { layers, hiddenSize, headSize, contextUnits, keyFeatures };
      const representation = guidance ? guided : recall ? recalling : name;
      const known = styles.length > 0 && hears(representation, 'style') && { styles };
      return { kind: 'events', formatVersion: 1, representation, ...sizes, ...known };
    },
    sizesOf(config) {
      const { layers, hiddenSize, headSize, contextUnits, keyFeatures, representation, styles } =
        config as EventLstmConfig;
      const guidance = representation === guided;
      const recall = guidance || representation === recalling;
      return { layers, hiddenSize, headSize, contextUnits, keyFeatures, recall, guidance, styles };
    },
    wishesOf(config) {
      const { representation, styles = [] } = config as EventLstmConfig;
      const missing = Object.entries(WISHES_OF_GIVEN).flatMap(([each, wishes]) =>
        hears(representation, each) && (each !== 'style' || styles.length > 0) ? [] : wishes,
      );
      return new Set([...ALL_WISHES].filter((wish) => !missing.includes(wish)));
    },
    stylesOf: (config) => (config as EventLstmConfig).styles ?? [],
    mostStyles: hears(guided, 'style') ? MOST_STYLES : 0,
    network: (config, file) => networkOf(config, HEARD_STEPS, file),
    tooShort: () => 0,
    prepare: ({ length, pitch, velocity, start, end, beats }, composer) => ({
      notes: length,
      ...(composer !== undefined && { composer }),
      arrays: [pitch, velocity, start, end, ...(beats ? [beats.time, beats.place] : [])],
    }),
    async dataLoader(config, { train, validation }, options) {
      const { EventDataLoader } = await import('./data-loader.js');
      const model = networkOf(config, options.sequenceLength ?? HEARD_STEPS, undefined, options.dropout);
      const { styles = [] } = model.config;
      const styled = (piece: PreparedPiece) => ({
        ...tableOf(piece),
        style: styles.indexOf(piece.composer ?? ''),
      });
      const data = { train: train.map(styled), validation: validation.map(styled) };
      return new EventDataLoader(model, data, options);
    },
    async measure(loaded, engine, pieces, options) {
      const { measureBits } = await import('./measure.js');
      return measureBits(loaded as Loaded<EventLstm>, engine, pieces, options);
    },
    async summary(_config, measures, options) {
      const { summaryOfBits } = await import('./measure.js');
      return summaryOfBits(measures, options);
    },
    async bitsByMinute(loaded, engine, pieces) {
      const { bitsByMinute } = await import('./bits-by-minute.js');
      return bitsByMinute(loaded as Loaded<EventLstm>, engine, pieces);
    },
    async player(loaded, engine, shards) {
      const { PerformancePlayer } = await import('./player.js');
      return new PerformancePlayer(loaded as Loaded<EventLstm>, engine, shards);
    },
  };
}

/** Whether a representation tells of the piece this beside its notes. */
const hears = (representation: string, name: string) =>
  placeOfGiven(REPRESENTATIONS[representation], name) !== NONE;

const tableOf = ({ notes: length, arrays }: PreparedPiece) => {
  const [pitch, velocity, start, end, time, place] = arrays;
  return { length, pitch, velocity, start, end, ...(time && { beats: { time, place } }) } as NoteTable;
};

function networkOf(given: ModelConfig, steps: number, name?: string, dropout?: Dropout): EventLstm {
  const file = { config: given, name };
  expectKind(file, 'events', FORMAT);
  const config = given as EventLstmConfig;
  for (const [key, most, least] of [
    ['layers', MAX_LAYERS, 1],
    ['hiddenSize', MAX_SIZE, 1],
    ['headSize', MAX_SIZE, 1],
    ['contextUnits', MAX_SIZE, 0],
    ['keyFeatures', MAX_KEY_FEATURES, 0],
  ] as const) {
    expectSize(file, key, config[key], most, least);
  }
  if (!Object.hasOwn(REPRESENTATIONS, config.representation)) {
    const known = Object.keys(REPRESENTATIONS).join(', ');
    complain(file, `representation is ${JSON.stringify(config.representation)}, expected one of ${known}`);
  }
  expectStyles(file, config);
  return new EventLstm(config, REPRESENTATIONS[config.representation], steps, dropout);
}

function expectStyles(file: Pick<Checkpoint, 'name'>, { styles, representation }: EventLstmConfig): void {
  if (styles === undefined) return;
  const most = hears(representation, 'style') ? MOST_STYLES : 0;
  const isList = Array.isArray(styles) && styles.every((style) => typeof style === 'string' && style !== '');
  if (!isList || styles.length > most || new Set(styles).size < styles.length) {
    complain(file, `styles is ${JSON.stringify(styles)}, expected up to ${most} different names`);
  }
}

export const PERFORMANCE_KIND = eventKind({
  name: 'performance',
  title: 'Performance',
  plays: 'keys, times and touch',
  about: 'Hears and plays keys struck and released, with velocity and pedal. The one for music.',
  recalling: PERFORMANCE_RECALL.name,
  guided: PERFORMANCE_GUIDED.name,
});
export const METRICAL_KIND = eventKind({
  name: METRICAL.name,
  title: 'Metrical',
  plays: 'keys, beats and touch',
  about:
    'Hears where in beat and bar everything is, and plays in time. The one for songs with a steady beat.',
  reading: 'beats',
});
export const MIDI_LIKE_KIND = eventKind({
  name: 'midi-like',
  title: 'MIDI-like',
  plays: 'nothing',
  about: 'There for comparison: it can be trained and measured, and cannot play.',
});
export const NOTE_TUPLES_KIND = eventKind({
  name: 'note-tuples',
  title: 'Note tuples',
  plays: 'nothing',
  about: 'There for comparison: it can be trained and measured, and cannot play.',
});
