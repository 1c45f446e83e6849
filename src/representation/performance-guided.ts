/**
 * The events of `performance-recall`, of which a model is also told how far the end of the piece is, and in
 * whose style it is. Both are left out in a part of what it learns from, so that it also plays untold.
 */
import { type GridNotes, KEYS, TICKS_PER_SECOND } from '../notes/grid.js';
import { ENDING_SIZE, leftColumn, writeEnding } from './ending.js';
import { type EventTable, type EventTracker, type Hints, NONE } from './events.js';
import { PERFORMANCE } from './performance.js';
import { PERFORMANCE_RECALL } from './performance-recall.js';

/** Styles that can be told apart. */
export const MOST_STYLES = 16;
/** Ticks that tell how far the end is. */
export const ENDING_UNIT = TICKS_PER_SECOND / 4;

const { contextSize: recalled, contextMaps = 0, attributes } = PERFORMANCE_RECALL;
/** Where in the context it is told how far the end is, and whose style it is: between the maps. */
const TOLD_AT = contextMaps * KEYS;
const STYLE_AT = TOLD_AT + ENDING_SIZE;
const TOLD_SIZE = ENDING_SIZE + MOST_STYLES;
const [LEFT, STYLE] = [attributes.length, attributes.length + 1];

class GuidedTracker implements EventTracker {
  private readonly recall = PERFORMANCE_RECALL.createTracker();
  private left = NONE;
  private style = NONE;

  reset(): void {
    this.recall.reset();
    this.left = NONE;
    this.style = NONE;
  }

  /**
   * The maps over the keys of `performance-recall`; how far the end is; one of 16 is 1, that of the style;
   * and the maps over the classes of time.
   */
  context(into: Float32Array, at: number): void {
    this.recall.context(into, at);
    into.copyWithin(at + TOLD_AT + TOLD_SIZE, at + TOLD_AT, at + recalled);
    into.fill(0, at + TOLD_AT, at + TOLD_AT + TOLD_SIZE);
    writeEnding(this.left, ENDING_UNIT, into, at + TOLD_AT);
    if (this.style >= 0 && this.style < MOST_STYLES) into[at + STYLE_AT + this.style] = 1;
  }

  allowed(attribute: number, chosen: ArrayLike<number>, into: Float32Array, at: number): void {
    this.recall.allowed(attribute, chosen, into, at);
  }

  push(values: ArrayLike<number>): void {
    this.recall.push(values);
    this.hear(values);
  }

  pass(values: ArrayLike<number>): void {
    this.recall.pass?.(values);
    this.hear(values);
  }

  private hear(values: ArrayLike<number>): void {
    this.left = values[LEFT];
    this.style = values[STYLE];
  }
}

function encode(notes: GridNotes, { tellsEnd = false, style = NONE }: Hints = {}): EventTable {
  const { length, columns } = PERFORMANCE.encode(notes);
  const left = tellsEnd ? leftColumn(notes) : new Int32Array(length).fill(NONE);
  return { length, columns: [...columns, left, new Int32Array(length).fill(style)] };
}

/** The events of {@link PERFORMANCE}; a model recalls what it heard, and is told of the piece. */
export const PERFORMANCE_GUIDED: typeof PERFORMANCE = {
  ...PERFORMANCE_RECALL,
  name: 'performance-guided',
  contextSize: recalled + TOLD_SIZE,
  given: [
    { name: 'left', usual: NONE, heardAt: { from: TOLD_AT, to: STYLE_AT } },
    { name: 'style', usual: NONE, heardAt: { from: STYLE_AT, to: STYLE_AT + MOST_STYLES } },
  ],
  headsHear: { from: TOLD_AT, to: TOLD_AT + TOLD_SIZE },
  encode,
  createTracker: () => new GuidedTracker(),
};
