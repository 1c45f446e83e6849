/**
 * What every representation of a performance offers: notes on the grid become a sequence of events, an event
 * is a few attributes, and an attribute is one of a fixed number of classes. Models, training, measuring and
 * sampling know no more than this, so representations can be compared like with like.
 */
import { type GridNotes, type Rounding, TEN_MILLISECONDS } from '../notes/grid.js';
import type { DrawRule, KeyAction } from '../playing/draw.js';

/** One thing to be said of an event, after those before it in the list. */
export interface Attribute<Name extends string = string> {
  readonly name: Name;
  /** V: number of classes. */
  readonly size: number;
  /** The class of a value. */
  classOf(value: number): number;
  /** How many values a class stands for, each equally likely within it; 1 where not given. */
  widthOf?(index: number): number;
  /** Into how many maps over the 88 keys its classes fall, if they do: class = map · 88 + key. */
  readonly keyMaps?: number;
  /**
   * Maps over its classes at the end of the context, those of the first attribute first; none where not
   * given.
   */
  readonly classMaps?: number;
}

/** Something that is heard of an event and never said: it goes on as it was when a model plays. */
export interface Given {
  readonly name: string;
  /** Where there was no event yet. */
  readonly usual: number;
  /** The numbers of the context that are 0 where it is NONE, if they tell nothing else. */
  readonly heardAt?: Span;
}

/** Numbers `from` up to, and without, `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What is told of a piece beside its notes. */
export interface Hints {
  /** Whether it is heard how far the end is. */
  readonly tellsEnd?: boolean;
  /** In whose style it is, counted from 0; not told where not given. */
  readonly style?: number;
}

/** The value of an attribute that an event does not have, such as the velocity of a release. */
export const NONE = -1;

/** E events: for every attribute, in order, a column (E) of values; then one for each thing given. */
export interface EventTable {
  readonly length: number;
  readonly columns: readonly Int32Array[];
}

/**
 * Walks along events and knows what is so at each of them: which keys are down, what may come next. What it
 * remembers lies in fields, so that it can be copied (filling/copy-of.ts).
 */
export interface EventTracker {
  /** Back to the beginning of a piece. */
  reset(): void;
  /** Writes the context, `contextSize` numbers, after the events so far. */
  context(into: Float32Array, at: number): void;
  /**
   * Writes, for every class of an attribute of the next event, 1 if it may be and 0 if not; at least one may.
   *
   * @param chosen values of the attributes before it
   */
  allowed(attribute: number, chosen: ArrayLike<number>, into: Float32Array, at: number): void;
  /** Goes on past an event with these values, those given included. */
  push(values: ArrayLike<number>): void;
  /**
   * The same in less time for an event that lies far back: what is recalled later reaches to it, but is
   * compared only with what came after it. Where there is none, `push` does it.
   */
  pass?(values: ArrayLike<number>): void;
  /** Ticks from the last event to the next one, of these values; the first of them where not given. */
  ticksTo?(values: ArrayLike<number>): number;
}

/** Ticks from the last event to the next one, of these values. */
export function ticksTo(tracker: Pick<EventTracker, 'ticksTo'>, values: ArrayLike<number>): number {
  return tracker.ticksTo?.(values) ?? values[0];
}

/** Takes a tracker past an event, in less time where it lies far back. */
export function passEvent(tracker: EventTracker, values: ArrayLike<number>, isFar: boolean): void {
  if (isFar && tracker.pass !== undefined) tracker.pass(values);
  else tracker.push(values);
}

/** Two probabilities. */
export interface TimeMass {
  readonly at: number;
  readonly after: number;
}

/** How events that strike and release keys are played: what whoever draws them has to know. */
export interface PlayingRules<Name extends string = string> {
  /** For every attribute, how it is drawn. */
  readonly draw: { readonly [N in Name]: DrawRule };
  /** What an event of these values does, so many ticks after the one before. */
  actionOf(values: ArrayLike<number>, ticks: number): KeyAction;
  /** Ticks that a note lasts at least; 0 where not given. */
  readonly leastDuration?: number;
  /** Which part of such music goes on sequences of strikes that were there before, at least; 0 by default. */
  readonly repetition?: number;
  /** The attributes that say when, the first ones: their values for so many ticks after `now`. */
  timeValues(ticks: number, now: number): readonly number[];
  /**
   * How likely it is that the next event comes so many ticks after `now`, and how likely that it comes later.
   *
   * @param logits of the attributes that say when: of the first, and of each further one for those values
   * @param first the first tick that may be, from `now`
   */
  timeMass(logits: readonly ArrayLike<number>[], ticks: number, now: number, first: number): TimeMass;
  /** Ticks a second after an event of these values. */
  rateOf(values: ArrayLike<number>): number;
  /** The end of a long piece, as a piece of its own of at most so many events. */
  lastEvents(events: EventTable, most: number): EventTable;
}

/**
 * How a performance becomes events, and back: attributes, what may come next, and what a model hears beside
 * them. Where the attributes are named in the type, none of them can lack a rule by which it is drawn.
 */
export interface EventRepresentation<Name extends string = string> {
  readonly name: string;
  readonly attributes: readonly Attribute<Name>[];
  /** Which attributes may have classes that are impossible where they stand. */
  readonly constrained: readonly boolean[];
  /** C: numbers beside the last event that a model hears. */
  readonly contextSize: number;
  /** F: maps over the 88 keys with which the context begins; none where not given. */
  readonly contextMaps?: number;
  /** How many of those, the last ones, tell of a key by itself what speaks for it; none where not given. */
  readonly plainMaps?: number;
  /** What is heard of events beside their attributes; nothing where not given. */
  readonly given?: readonly Given[];
  /** Numbers of the context that heads hear too, beside what the layers make of them; none by default. */
  readonly headsHear?: Span;
  /** How notes come onto its ticks; those of 10 ms where not given. */
  readonly rounding?: Rounding;
  /** How it is played; a model of events that have none can be trained and measured only. */
  readonly playing?: PlayingRules<Name>;
  encode(notes: GridNotes, hints?: Hints): EventTable;
  /** The notes of events; notes still open at the end are closed there. */
  decode(events: EventTable): GridNotes;
  createTracker(): EventTracker;
}

/** How notes come onto the ticks of a representation. */
export function roundingOf({ rounding = TEN_MILLISECONDS }: EventRepresentation): Rounding {
  return rounding;
}

/** How many columns events have. */
export function columnCount({ attributes, given = [] }: EventRepresentation): number {
  return attributes.length + given.length;
}

/**
 * The values of the last event, or of none: attributes that no event has yet, and what is usual of the rest.
 */
export function valuesAfter(representation: EventRepresentation, { length, columns }: EventTable): number[] {
  const { attributes, given = [] } = representation;
  if (length > 0) return columns.map((column) => column[length - 1]);
  return [...attributes.map(() => NONE), ...given.map(({ usual }) => usual)];
}

/** The same events; of what is given and is not in them, what is usual. */
export function withGiven({ attributes, given = [] }: EventRepresentation, events: EventTable): EventTable {
  const { length, columns } = events;
  const missing = given.slice(Math.max(0, columns.length - attributes.length));
  if (missing.length === 0) return events;
  return { length, columns: [...columns, ...missing.map(({ usual }) => new Int32Array(length).fill(usual))] };
}

/** The column of something given; −1 where it is not. */
export function placeOfGiven({ attributes, given = [] }: EventRepresentation, name: string): number {
  const place = given.findIndex((each) => each.name === name);
  return place < 0 ? NONE : attributes.length + place;
}
