/**
 * The published encoding of PerformanceRNN (Simon and Oore, "Performance RNN: Generating Music with
 * Expressive Timing and Dynamics", Magenta, 2017), as the baseline: a performance as a sequence of one kind
 * of token. Tokens 0 … 127 strike a pitch, 128 … 255 release one, 256 … 355 let 1 … 100 ticks pass, and 356 …
 * 387 set the velocity of the strikes that follow. Strikes and releases come in the order of event-order.ts,
 * the longest shifts of a gap first, and a velocity only where it changes. As published, nothing is ruled out
 * and nothing heard but the token before.
 */
import { type GridNotes, keyOf, LOWEST_PITCH, VELOCITY_BINS } from '../notes/grid.js';
import { eventOrder, GridWriter } from './event-order.js';
import { type EventRepresentation, type EventTable, type EventTracker, NONE } from './events.js';

const PITCHES = 128;
const LONGEST_SHIFT = 100;

/** The first token that releases; those before strike. */
const RELEASE = PITCHES;
/** The first token that shifts time, by one tick. */
const SHIFT = RELEASE + PITCHES;
/** The first token that sets a velocity. */
const VELOCITY = SHIFT + LONGEST_SHIFT;
const TOKENS = VELOCITY + VELOCITY_BINS;

/** What strikes before any velocity are played with; `encode` leaves none. */
const DEFAULT_VELOCITY = VELOCITY_BINS / 2;

function encode(notes: GridNotes): EventTable {
  const { key, velocity, onset, offset } = notes;
  const tokens: number[] = [];
  let now = 0;
  let current = NONE;
  for (const event of eventOrder(notes)) {
    const isStrike = event >= 0;
    const i = isStrike ? event : ~event;
    const tick = isStrike ? onset[i] : offset[i];
    while (now < tick) {
      const shift = Math.min(tick - now, LONGEST_SHIFT);
      tokens.push(SHIFT + shift - 1);
      now += shift;
    }
    if (isStrike && velocity[i] !== current) {
      current = velocity[i];
      tokens.push(VELOCITY + current);
    }
    tokens.push((isStrike ? 0 : RELEASE) + LOWEST_PITCH + key[i]);
  }
  return { length: tokens.length, columns: [Int32Array.from(tokens)] };
}

/** Pitches beyond the piano come back into it by octaves. */
function decode({ length, columns: [tokens] }: EventTable): GridNotes {
  const writer = new GridWriter(length);
  let velocity = DEFAULT_VELOCITY;
  for (let e = 0; e < length; e++) {
    const token = tokens[e];
    if (token < RELEASE) writer.strike(keyOf(token), velocity);
    else if (token < SHIFT) writer.release(keyOf(token - RELEASE));
    else if (token < VELOCITY) writer.wait(token - SHIFT + 1);
    else velocity = token - VELOCITY;
  }
  return writer.finish();
}

/** Knows nothing, as nothing is ruled out. */
const TRACKER: EventTracker = {
  reset() {},
  context() {},
  allowed(_attribute, _chosen, into, at) {
    into.fill(1, at, at + TOKENS);
  },
  push() {},
};

export const MIDI_LIKE: EventRepresentation = {
  name: 'midi-like',
  attributes: [{ name: 'token', size: TOKENS, classOf: (token) => token }],
  constrained: [false],
  contextSize: 0,
  encode,
  decode,
  createTracker: () => TRACKER,
};
