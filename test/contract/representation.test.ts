/** What every representation of a performance promises, checked on all of them. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { readMidi } from '../../src/midi/read.js';
import { openCorpus } from '../../src/node/corpus/corpus.js';
import { type GridNotes, gridOf, KEYS, notesOfGrid } from '../../src/notes/grid.js';
import { TICKS_PER_BEAT } from '../../src/notes/metrical-grid.js';
import type { NoteTable } from '../../src/notes/note-table.js';
import { soundingNotes } from '../../src/notes/sounding.js';
import { Random } from '../../src/random.js';
import {
  type EventRepresentation,
  type EventTable,
  type EventTracker,
  NONE,
} from '../../src/representation/events.js';
import { METRICAL } from '../../src/representation/metrical.js';
import { BEAT_BINS } from '../../src/representation/metrical-tracker.js';
import { MIDI_LIKE } from '../../src/representation/midi-like.js';
import { NOTE_TUPLES } from '../../src/representation/note-tuples.js';
import { PERFORMANCE } from '../../src/representation/performance.js';
import { PERFORMANCE_GUIDED } from '../../src/representation/performance-guided.js';
import { PERFORMANCE_PULSE } from '../../src/representation/performance-pulse.js';
import { PERFORMANCE_RECALL } from '../../src/representation/performance-recall.js';
import { MOST_TICKS } from '../../src/representation/time-bins.js';
import {
  anyGrid,
  crowdedGrid,
  expectInGridOrder,
  type GridRow,
  gridOfRows,
  rowsOfGrid,
} from '../helpers/grids.js';

const MAESTRO =
  process.env.CADENZA_MAESTRO ??
  fileURLToPath(new URL('../../../shared/data/maestro-v2.0.0', import.meta.url));

/** When each of these ticks is, once every gap between two of them is cut to MOST_TICKS. */
function cutGaps(ticks: Iterable<number>): Map<number, number> {
  const cut = new Map<number, number>();
  let [last, now] = [0, 0];
  for (const tick of [...ticks].sort((a, b) => a - b)) {
    now += Math.min(tick - last, MOST_TICKS);
    last = tick;
    cut.set(tick, now);
  }
  return cut;
}

/** The same where the beats between two of them are cut, and their places in the beat are kept. */
function cutBeats(ticks: Iterable<number>): Map<number, number> {
  const cut = new Map<number, number>();
  const beatOf = (tick: number) => Math.floor(tick / TICKS_PER_BEAT);
  let [last, beat] = [0, 0];
  for (const tick of [...ticks].sort((a, b) => a - b)) {
    beat += Math.min(beatOf(tick) - beatOf(last), BEAT_BINS.most);
    last = tick;
    cut.set(tick, beat * TICKS_PER_BEAT + (tick % TICKS_PER_BEAT));
  }
  return cut;
}

/** What is given beside the attributes, as it usually is. */
const usual = ({ given = [] }: EventRepresentation) => given.map((each) => each.usual);

/** The representations, and what each keeps of notes. */
const REPRESENTATIONS: { representation: EventRepresentation; kept(rows: GridRow[]): GridRow[] }[] = [
  ...[PERFORMANCE, PERFORMANCE_RECALL, PERFORMANCE_GUIDED, PERFORMANCE_PULSE].map((representation) => ({
    representation, // nothing may happen for so long
    kept(rows: GridRow[]): GridRow[] {
      const at = cutGaps(rows.flatMap(([, , onset, offset]) => [onset, offset]));
      return rows.map(([key, velocity, on, off]) => [key, velocity, at.get(on) ?? NONE, at.get(off) ?? NONE]);
    },
  })),
  {
    representation: METRICAL, // nothing may happen for so many beats
    kept(rows) {
      const at = cutBeats(rows.flatMap(([, , onset, offset]) => [onset, offset]));
      return rows.map(([key, velocity, on, off]) => [key, velocity, at.get(on) ?? NONE, at.get(off) ?? NONE]);
    },
  },
  { representation: MIDI_LIKE, kept: (rows) => rows },
  {
    representation: NOTE_TUPLES, // no onset for so long, nor a note longer
    kept(rows) {
      const at = cutGaps(rows.map(([, , onset]) => onset));
      return rows.map(([key, velocity, on, off]) => {
        const onset = at.get(on) ?? NONE;
        return [key, velocity, onset, onset + Math.min(off - on, MOST_TICKS)];
      });
    },
  },
];

/** As rows in one order, whatever the order of notes of one key and onset. */
function sortedRows(grid: GridNotes): GridRow[] {
  return rowsOfGrid(grid).sort((a, b) => a[2] - b[2] || a[0] - b[0] || a[3] - b[3]);
}

/** What may be of an attribute; fails where more is written than that. */
function allowedAfter(
  { attributes, constrained }: EventRepresentation,
  tracker: EventTracker,
  k: number,
  chosen: ArrayLike<number>,
): Float32Array {
  const { name, size } = attributes[k];
  const at = 3;
  const into = new Float32Array(at + size + 1).fill(NONE);
  tracker.allowed(k, chosen, into, at);
  const allowed = into.subarray(at, at + size);
  const rest = [...into.subarray(0, at), into[at + size]];
  const count = allowed.reduce((sum, value) => (value === 0 || value === 1 ? sum + value : Number.NaN), 0);
  if (!(count > 0) || rest.some((value) => value !== NONE)) expect.fail(`${name}: ${into}`);
  if (!constrained[k] && count !== size) expect.fail(`${name} is constrained, and says that it is not`);
  return allowed;
}

/** Goes along events; fails unless each is allowed where it stands. */
function expectAllowed(representation: EventRepresentation, { length, columns }: EventTable): void {
  const { attributes } = representation;
  const count = attributes.length + usual(representation).length;
  expect(columns.map((column) => column.length)).toEqual(Array.from({ length: count }, () => length));
  const tracker = representation.createTracker();
  for (let e = 0; e < length; e++) {
    const chosen = attributes.map(() => Number.NaN); // until its turn
    for (const [k, { name, size, classOf }] of attributes.entries()) {
      const value = columns[k][e];
      if (value !== NONE) {
        const index = classOf(value);
        const isClass = Number.isInteger(index) && index >= 0 && index < size;
        if (!isClass || allowedAfter(representation, tracker, k, chosen)[index] !== 1) {
          expect.fail(`event ${e}: ${name} is ${value}`);
        }
      }
      chosen[k] = value;
    }
    tracker.push(columns.map((column) => column[e]));
  }
}

/** The values of every class of every attribute. */
function valuesByClass({ attributes }: EventRepresentation): number[][][] {
  return attributes.map(({ name, size, classOf, widthOf }) => {
    const values = Array.from({ length: size }, (): number[] => []);
    const longest = name === 'beats' ? BEAT_BINS.most : MOST_TICKS;
    const most = widthOf === undefined ? size - 1 : longest;
    for (let value = 0; value <= most; value++) values[classOf(value)].push(value);
    return values;
  });
}

/** Events chosen among what is allowed: uniformly, or for the most part the first or the last of it. */
function randomWalk(
  representation: EventRepresentation,
  random: Random,
  length: number,
  isUniform: boolean,
): EventTable {
  const { attributes } = representation;
  const values = valuesByClass(representation);
  const columns = attributes.map(() => new Int32Array(length));
  const tracker = representation.createTracker();
  for (let e = 0; e < length; e++) {
    const chosen = attributes.map(() => Number.NaN);
    for (let k = 0; k < attributes.length; k++) {
      const mask = allowedAfter(representation, tracker, k, chosen);
      const classes = [...mask.keys()].filter((index) => mask[index] === 1);
      const edge = isUniform ? 2 : random.below(3);
      const index = [classes[0], classes[classes.length - 1], classes[random.below(classes.length)]][edge];
      chosen[k] = values[k][index][random.below(values[k][index].length)];
      columns[k][e] = chosen[k];
    }
    tracker.push([...chosen, ...usual(representation)]);
  }
  return { length, columns };
}

/** Everything that a tracker says along events. */
function traceOf(
  representation: EventRepresentation,
  tracker: EventTracker,
  { length, columns }: EventTable,
): number[] {
  const { attributes, contextSize } = representation;
  const trace: number[] = [];
  for (let e = 0; e < length; e++) {
    const context = new Float32Array(contextSize + 2).fill(Number.NaN);
    tracker.context(context, 1);
    expect([context[0], context[contextSize + 1]]).toEqual([Number.NaN, Number.NaN]);
    expect(context.subarray(1, -1).every(Number.isFinite)).toBe(true);
    const values = columns.map((column) => column[e]);
    trace.push(...context.subarray(1, -1));
    for (let k = 0; k < attributes.length; k++) {
      if (values[k] !== NONE) trace.push(...allowedAfter(representation, tracker, k, values));
    }
    tracker.push(values);
  }
  return trace;
}

const GRIDS: [string, GridRow[]][] = [
  ['no notes', []],
  ['one note', [[39, 16, 0, 50]]],
  ['one note without length', [[39, 16, 0, 0]]],
  [
    'the lowest and the highest key, the softest and the loudest',
    [
      [0, 0, 0, 10],
      [87, 31, 0, 10],
    ],
  ],
  [
    'chords, held and released together',
    [
      [30, 5, 0, 40],
      [34, 6, 0, 40],
      [37, 7, 0, 90],
      [29, 5, 40, 90],
      [33, 6, 40, 90],
    ],
  ],
  ['all keys at once', Array.from({ length: KEYS }, (_, key): GridRow => [key, key % 32, 0, 100 - key])],
  [
    'a repeated key',
    [
      [39, 16, 0, 9],
      [39, 16, 10, 19],
      [39, 17, 20, 29],
    ],
  ],
  [
    'a key struck again in the tick of its release',
    [
      [39, 16, 0, 10],
      [50, 16, 0, 20],
      [39, 17, 10, 20],
      [39, 18, 20, 20],
    ],
  ],
  [
    'notes without length within others',
    [
      [20, 1, 0, 100],
      [39, 16, 0, 0],
      [60, 2, 50, 50],
      [70, 2, 50, 60],
      [80, 2, 50, 50],
    ],
  ],
  [
    'two strikes of one key in one tick',
    [
      [39, 16, 0, 0],
      [39, 17, 0, 30],
      [50, 3, 0, 30],
    ],
  ],
  [
    'three strikes of keys among others',
    [
      [1, 2, 0, 5],
      [9, 1, 5, 5],
      [9, 2, 5, 5],
      [9, 3, 5, 5],
      [20, 4, 5, 5],
      [20, 5, 5, 8],
      [87, 6, 5, 5],
      [87, 7, 5, 9],
    ],
  ],
  [
    'gaps and durations as long as there are',
    [
      [39, 16, 0, MOST_TICKS],
      [39, 16, MOST_TICKS, 2 * MOST_TICKS],
      [40, 16, 2 * MOST_TICKS, 2 * MOST_TICKS],
    ],
  ],
];

describe.each(REPRESENTATIONS)('$representation.name', ({ representation, kept }) => {
  const { attributes, constrained, encode, decode } = representation;

  /** Encodes and decodes; fails unless all is kept that is to be, by events that are allowed. */
  function expectKept(grid: GridNotes): void {
    const events = encode(grid);
    expectAllowed(representation, events);
    const decoded = decode(events);
    expectInGridOrder(decoded);
    expect(sortedRows(decoded)).toEqual(sortedRows(gridOfRows(kept(rowsOfGrid(grid)))));
  }

  test.each(GRIDS)('keeps %s', (_, rows) => {
    const grid = gridOfRows(rows);
    expectInGridOrder(grid); // the example itself
    expect(kept(rows)).toEqual(rows);
    expectKept(grid);
  });

  it('keeps random pieces', () => {
    for (let seed = 0; seed < 20; seed++) {
      const grid = crowdedGrid(new Random(seed), 300);
      expect(kept(rowsOfGrid(grid))).toEqual(rowsOfGrid(grid));
      expectKept(grid);
    }
  });

  it('keeps what comes before and after a long rest', () => {
    const phrase: GridRow[] = [
      [30, 5, 0, 40],
      [34, 6, 0, 50],
      [34, 7, 60, 90],
    ];
    const twice = (gap: number): GridRow[] => [
      ...phrase,
      ...phrase.map(([key, velocity, on, off]): GridRow => [key + 1, velocity, on + gap, off + gap]),
    ];
    const rows = rowsOfGrid(decode(encode(gridOfRows(twice(30_000)))));
    const gap = rows[phrase.length][2];
    expect(rows).toEqual(twice(gap));
    expect(gap).toBeGreaterThanOrEqual(MOST_TICKS);
    expectKept(gridOfRows(twice(30_000)));
  });

  it('keeps any notes, but for rests and notes that are too long for it', () => {
    fc.assert(fc.property(anyGrid, expectKept));
  });

  it('has as many values in a class as it says', () => {
    expect(constrained.length).toBe(attributes.length);
    expect(new Set(attributes.map(({ name }) => name)).size).toBe(attributes.length);
    const values = valuesByClass(representation);
    for (const [k, { size, widthOf = () => 1 }] of attributes.entries()) {
      expect(values[k].map((ofClass) => ofClass.length)).toEqual(
        Array.from({ length: size }, (_, i) => widthOf(i)),
      );
      const covered = values[k].flat().length;
      expect(values[k].reduce((sum, _, i) => sum + widthOf(i), 0)).toBe(covered);
    }
  });

  it.each([
    ['uniform', true],
    ['at the edges', false],
  ])('makes notes of any events that are allowed: %s', (_, isUniform) => {
    for (let seed = 0; seed < 3; seed++) {
      const grid = decode(randomWalk(representation, new Random(seed), 2000, isUniform));
      expect(grid.length).toBeGreaterThan(isUniform ? 200 : 0);
      expectInGridOrder(grid);
      expect(kept(rowsOfGrid(grid))).toEqual(rowsOfGrid(grid));
      expectKept(grid);
    }
  });

  it('begins anew when it is reset, and independent of other trackers', () => {
    // A piece that is left in the middle, in its first tick or soon after, while most keys sound.
    const all = encode(gridOfRows(Array.from({ length: KEYS }, (_, key) => [key, 9, 0, key % 3])));
    const used = representation.createTracker();
    for (let seed = 0; seed < 10; seed++) {
      const length = Math.floor(all.length * (seed % 2 === 0 ? 0.6 : 0.8));
      traceOf(representation, used, { length, columns: all.columns });
      const events = encode(crowdedGrid(new Random(seed), 30));
      const trace = traceOf(representation, representation.createTracker(), events);
      used.reset();
      expect(traceOf(representation, used, events)).toEqual(trace);
      used.reset();
    }
  });
});

describe.skipIf(!existsSync(MAESTRO))('MAESTRO v2.0.0 (skipped where CADENZA_MAESTRO has no copy)', () => {
  it('is kept by all representations to half a tick and two steps of velocity', async () => {
    const { entries } = await openCorpus([MAESTRO], { split: 'validation', files: 20, cache: false });
    expect(entries).toHaveLength(20);
    for (const { name, readBytes } of entries) {
      const notes = soundingNotes(readMidi(await readBytes(), name));
      expect(notes.length).toBeGreaterThan(0);
      const grid = gridOf(notes);
      for (const { representation } of REPRESENTATIONS) {
        const events = representation.encode(grid);
        expectAllowed(representation, events);
        expectClose(notes, representation.decode(events), `${name} as ${representation.name}`);
      }
    }
  });
});

/** Key by key in order of time: fails unless every note is there, and where it was. */
function expectClose(notes: NoteTable, grid: GridNotes, what: string): void {
  const played = notesOfGrid(grid, notes.start[0]);
  const [expected, actual] = [byPitch(notes), byPitch(played)];
  expect([...actual.keys()].sort(), what).toEqual([...expected.keys()].sort());
  for (const [pitch, indices] of expected) {
    const others = actual.get(pitch) ?? [];
    expect(others.length, `${what}: notes of pitch ${pitch}`).toBe(indices.length);
    indices.forEach((i, n) => {
      const end = Math.min(notes.end[i], n + 1 < indices.length ? notes.start[indices[n + 1]] : Infinity);
      const moved = Math.max(
        Math.abs(played.start[others[n]] - notes.start[i]),
        Math.abs(played.end[others[n]] - end),
      );
      const louder = Math.abs(played.velocity[others[n]] - notes.velocity[i]);
      // Written so that NaN fails.
      if (!(moved <= 0.005 + 1e-9 && louder <= 2)) expect.fail(`${what}: note ${i} by ${moved} s, ${louder}`);
    });
  }
}

/** Indices of the notes of each pitch, in order. */
function byPitch({ length, pitch }: NoteTable): Map<number, number[]> {
  const indices = new Map<number, number[]>();
  for (let i = 0; i < length; i++) indices.set(pitch[i], [...(indices.get(pitch[i]) ?? []), i]);
  return indices;
}
