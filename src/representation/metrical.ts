/**
 * A performance in musical time: strikes and releases as in `performance`, but when is said as a musician
 * counts: how many beats ahead, and at which of the 24 ticks of that beat. So what lies on a beat is one
 * class wherever it comes from. Metre and tempo are heard beside (metrical-tracker.ts); events come in the
 * order of event-order.ts, and time begins with a bar line.
 */
import { type GridNotes, KEYS } from '../notes/grid.js';
import {
  type MetricalNotes,
  PARTS_OF_BEATS,
  TICKS_PER_BEAT,
  type TickedBars,
  USUAL_BEATS,
  USUAL_TEMPO,
} from '../notes/metrical-grid.js';
import { lastAtMost } from '../search.js';
import { ENDING_SIZE, leftColumn } from './ending.js';
import { eventOrder, GridWriter } from './event-order.js';
import {
  type Attribute,
  type EventRepresentation,
  type EventTable,
  type Given,
  type Hints,
  NONE,
} from './events.js';
import { METRICAL_PLAYING } from './metrical-playing.js';
import {
  BEAT_BINS,
  CONTEXT_SIZE,
  ENDING_AT,
  KEY_MAPS,
  MetricalTracker,
  PLAIN_MAPS,
  TIME_MAPS,
} from './metrical-tracker.js';
import { SYMBOL, VELOCITY } from './performance.js';

const BEATS: Attribute<'beats'> = {
  name: 'beats',
  size: BEAT_BINS.count,
  classOf: BEAT_BINS.binOf,
  widthOf: BEAT_BINS.width,
  classMaps: TIME_MAPS,
};
const PLACE: Attribute<'place'> = {
  name: 'place',
  size: TICKS_PER_BEAT,
  classOf: (tick) => tick,
  classMaps: TIME_MAPS,
};

/** Beats of the bar in which an event lies, beats a minute there, and ticks to the last strike. */
const GIVEN: readonly Given[] = [
  { name: 'bar', usual: USUAL_BEATS },
  { name: 'tempo', usual: USUAL_TEMPO },
  { name: 'left', usual: NONE, heardAt: { from: ENDING_AT, to: ENDING_AT + ENDING_SIZE } },
];

/** Bars of notes that say none. */
const USUAL_BARS: TickedBars = {
  line: Int32Array.of(0, USUAL_BEATS * TICKS_PER_BEAT),
  tempo: Float32Array.of(USUAL_TEMPO),
};

function encode(notes: GridNotes, { tellsEnd = false }: Hints = {}): EventTable {
  const { key, velocity, onset, offset } = notes;
  const { line, tempo } = (notes as Partial<MetricalNotes>).bars ?? USUAL_BARS;
  const order = eventOrder(notes);
  const { length } = order;
  const columns = Array.from({ length: 6 }, () => new Int32Array(length));
  const [beats, places, symbols, velocities, bars, tempos] = columns;
  let now = 0;
  for (let e = 0; e < length; e++) {
    const isStrike = order[e] >= 0;
    const i = isStrike ? order[e] : ~order[e];
    const tick = isStrike ? onset[i] : offset[i];
    const beat = Math.floor(tick / TICKS_PER_BEAT);
    beats[e] = Math.min(beat - Math.floor(now / TICKS_PER_BEAT), BEAT_BINS.most);
    places[e] = tick - beat * TICKS_PER_BEAT;
    symbols[e] = isStrike ? key[i] : KEYS + key[i];
    velocities[e] = isStrike ? velocity[i] : NONE;
    const bar = Math.min(lastAtMost(line, tick), tempo.length - 1);
    bars[e] = (line[bar + 1] - line[bar]) / TICKS_PER_BEAT;
    tempos[e] = Math.round(tempo[bar]);
    now = tick;
  }
  const left = tellsEnd ? leftColumn(notes) : new Int32Array(length).fill(NONE);
  return { length, columns: [...columns, left] };
}

/** Where the first bar line is, and how long bars are, is not kept. */
function decode({ length, columns: [beats, places, symbols, velocities] }: EventTable): GridNotes {
  const writer = new GridWriter(length);
  let inBeat = 0;
  for (let e = 0; e < length; e++) {
    writer.wait(beats[e] * TICKS_PER_BEAT + places[e] - inBeat);
    inBeat = places[e];
    if (symbols[e] < KEYS) writer.strike(symbols[e], velocities[e]);
    else writer.release(symbols[e] - KEYS);
  }
  return writer.finish();
}

/** Strikes and releases of keys with velocity, by beats and bars. */
export const METRICAL: EventRepresentation<'beats' | 'place' | 'symbol' | 'velocity'> = {
  name: 'metrical',
  attributes: [BEATS, PLACE, SYMBOL, VELOCITY],
  constrained: [false, true, true, false],
  given: GIVEN,
  contextSize: CONTEXT_SIZE,
  contextMaps: KEY_MAPS,
  plainMaps: PLAIN_MAPS,
  rounding: PARTS_OF_BEATS,
  playing: METRICAL_PLAYING,
  encode,
  decode,
  createTracker: () => new MetricalTracker(),
};
