import type { EventRepresentation, EventTable } from '../../src/representation/events.js';
import { NONE } from '../../src/representation/events.js';

/**
 * A representation small enough to count by hand: `time` of 3 classes, 1, 2 and 4 values wide; `side`, which
 * may not be the one before twice in a row; and `force`, which only side 1 has. The context is the number of
 * events so far and 1.
 */
export const TOY: EventRepresentation = {
  name: 'toy',
  attributes: [
    {
      name: 'time',
      size: 3,
      classOf: (value) => (value === 0 ? 0 : value < 3 ? 1 : 2),
      widthOf: (index) => [1, 2, 4][index],
    },
    { name: 'side', size: 3, classOf: (value) => value },
    { name: 'force', size: 2, classOf: (value) => value },
  ],
  constrained: [false, true, false],
  contextSize: 2,
  encode: () => toyEvents([]),
  decode: () => {
    throw new Error('the toy has no notes');
  },
  createTracker() {
    let last = NONE;
    let count = 0;
    return {
      reset() {
        last = NONE;
        count = 0;
      },
      context(into, at) {
        into[at] = count;
        into[at + 1] = 1;
      },
      allowed(attribute, _chosen, into, at) {
        const { size } = TOY.attributes[attribute];
        for (let i = 0; i < size; i++) into[at + i] = Number(attribute !== 1 || i !== last);
      },
      push(values) {
        last = values[1];
        count++;
      },
    };
  },
};

/** Events of rows [time, side, force]. */
export function toyEvents(rows: readonly (readonly [number, number, number])[]): EventTable {
  return {
    length: rows.length,
    columns: [0, 1, 2].map((column) => Int32Array.from(rows, (row) => row[column])),
  };
}

/** The toy with maps over classes in its context: two of time, one of force. */
export const TOY_WITH_MAPS: EventRepresentation = {
  ...TOY,
  attributes: TOY.attributes.map((attribute, k) => ({ ...attribute, classMaps: [2, undefined, 1][k] })),
  contextSize: 2 + 2 * 3 + 2,
  createTracker() {
    const tracker = TOY.createTracker();
    let count = 0;
    return {
      ...tracker,
      reset() {
        tracker.reset();
        count = 0;
      },
      context(into, at) {
        tracker.context(into, at);
        for (let i = 0; i < 8; i++) into[at + 2 + i] = Math.sin(3 * count + i);
      },
      push(values) {
        tracker.push(values);
        count++;
      },
    };
  },
};

/** Two pieces of 7 and 4 events. */
export const TOY_PIECES: readonly EventTable[] = [
  toyEvents([
    [0, 0, NONE],
    [1, 1, 1],
    [2, 2, NONE],
    [5, 1, 0],
    [0, 0, NONE],
    [6, 2, NONE],
    [3, 1, 1],
  ]),
  toyEvents([
    [0, 1, 0],
    [4, 2, NONE],
    [1, 0, NONE],
    [2, 1, 1],
  ]),
];
