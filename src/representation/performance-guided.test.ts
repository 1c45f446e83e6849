import { describe, expect, it } from 'vitest';
import { gridOfRows } from '../../test/helpers/grids.js';
import { KEYS } from '../notes/grid.js';
import { ENDING_SIZE } from './ending.js';
import { NONE, placeOfGiven } from './events.js';
import { PERFORMANCE } from './performance.js';
import { MOST_STYLES, PERFORMANCE_GUIDED } from './performance-guided.js';
import { PERFORMANCE_RECALL } from './performance-recall.js';
import { TIME_BINS } from './time-bins.js';

/** Key, velocity, onset and offset. */
const NOTES = gridOfRows([
  [40, 3, 0, 60],
  [44, 9, 25, 40],
  [47, 5, 100, 140],
]);
const MAPS = (PERFORMANCE_RECALL.contextMaps as number) * KEYS;

/** What is heard after so many of the events. */
function contextAfter(representation: typeof PERFORMANCE, count: number, hints = {}): Float32Array {
  const { columns } = representation.encode(NOTES, hints);
  const tracker = representation.createTracker();
  for (let e = 0; e < count; e++) tracker.push(columns.map((column) => column[e]));
  const context = new Float32Array(representation.contextSize).fill(9);
  tracker.context(context, 0);
  return context;
}

const toldPart = (context: Float32Array) => [...context.subarray(MAPS, MAPS + ENDING_SIZE + MOST_STYLES)];

describe('a performance that is told of the piece', () => {
  it('says the events of `performance`, and beside them the time to the last strike and the style', () => {
    const { columns } = PERFORMANCE.encode(NOTES);
    const plain = PERFORMANCE_GUIDED.encode(NOTES);
    expect(plain.columns.slice(0, 3)).toEqual(columns);
    expect(plain.columns.slice(3).map((column) => [...column])).toEqual([
      Array(6).fill(NONE),
      Array(6).fill(NONE),
    ]);
    const told = PERFORMANCE_GUIDED.encode(NOTES, { tellsEnd: true, style: 5 });
    expect([...told.columns[placeOfGiven(PERFORMANCE_GUIDED, 'left')]]).toEqual([100, 75, 60, 40, 0, 0]);
    expect([...told.columns[placeOfGiven(PERFORMANCE_GUIDED, 'style')]]).toEqual(Array(6).fill(5));
  });

  it.each([0, 1, 4])('hears what `performance-recall` hears, after %i events', (count) => {
    const recall = contextAfter(PERFORMANCE_RECALL, count);
    const guided = contextAfter(PERFORMANCE_GUIDED, count, { tellsEnd: true, style: 5 });
    expect(guided.subarray(0, MAPS)).toEqual(recall.subarray(0, MAPS));
    expect(guided.subarray(-3 * TIME_BINS)).toEqual(recall.subarray(-3 * TIME_BINS));
    expect(guided).toHaveLength(recall.length + ENDING_SIZE + MOST_STYLES);
  });

  it('hears how far the end is, and in whose style it is, where it is told', () => {
    const nothing = Array(ENDING_SIZE + MOST_STYLES).fill(0);
    expect(toldPart(contextAfter(PERFORMANCE_GUIDED, 2))).toEqual(nothing);
    const told = toldPart(contextAfter(PERFORMANCE_GUIDED, 2, { tellsEnd: true, style: 5 }));
    // 75 ticks are three quarters of a second: log₂(1 + 3) is 2.
    expect(told.slice(0, ENDING_SIZE)).toEqual([0, 0, 1, 0, 0, 0, 0, 0]);
    expect(told.slice(ENDING_SIZE).map((value, style) => value * style)).toEqual(
      Array.from({ length: MOST_STYLES }, (_, style) => (style === 5 ? 5 : 0)),
    );
    expect(PERFORMANCE_GUIDED.given?.map(({ heardAt }) => heardAt)).toEqual([
      { from: MAPS, to: MAPS + ENDING_SIZE },
      { from: MAPS + ENDING_SIZE, to: MAPS + ENDING_SIZE + MOST_STYLES },
    ]);
  });

  it('forgets what it was told with the piece', () => {
    const tracker = PERFORMANCE_GUIDED.createTracker();
    tracker.push([0, 4, 3, 100, 5]);
    tracker.reset();
    const context = new Float32Array(PERFORMANCE_GUIDED.contextSize).fill(9);
    tracker.context(context, 0);
    expect(context).toEqual(contextAfter(PERFORMANCE_GUIDED, 0));
  });
});
