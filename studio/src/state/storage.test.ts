import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { done, newHistory, undone, withdrawn } from './history.js';
import type { Material, Materials } from './material.js';
import { addTakes, newSession, type Recipe, removeTakes } from './session.js';
import { OPENINGS } from './session-file.js';
import { FIRST_SESSION, restoreSession, SessionKeeper } from './storage.js';

/** What the browser holds, and whether it takes anything. */
const browser = vi.hoisted(() => ({ entries: new Map<string, unknown>(), isFull: false }));

vi.mock('idb-keyval', () => {
  const { entries } = browser;
  const write = (change: () => void) => {
    if (browser.isFull) throw new Error('no room');
    change();
  };
  return {
    createStore: () => undefined,
    get: async (key: string) => entries.get(key),
    getMany: async (keys: string[]) => keys.map((key) => entries.get(key)),
    keys: async () => [...entries.keys()],
    set: async (key: string, value: unknown) => write(() => entries.set(key, value)),
    setMany: async (all: [string, unknown][]) =>
      write(() => {
        for (const [key, value] of all) entries.set(key, value);
      }),
    delMany: async (keys: string[]) =>
      write(() => {
        for (const key of keys) entries.delete(key);
      }),
  };
});

beforeEach(() => {
  vi.useFakeTimers();
  browser.entries.clear();
  browser.isFull = false;
});
afterEach(() => void vi.useRealTimers());

const RECIPE: Recipe = {
  model: { id: 'shipped:maestro', name: 'maestro' },
  options: { seed: 1 },
  variation: 0,
  seconds: 1,
};
const MADE: Material = { events: [{ time: 41, pitch: 60, velocity: 70 }], knownTo: 42, state: 'made' };
const EMPTY = newHistory(newSession(OPENINGS.prelude()));
const withTake = (history = EMPTY, id = 'a') =>
  done(history, addTakes(history.present, [{ id, parent: undefined, cut: 40, recipe: RECIPE }]), 'continue');

function keeper(onProblem = vi.fn()) {
  const keeping = new SessionKeeper(onProblem);
  keeping.known(FIRST_SESSION);
  const keep = async (history: typeof EMPTY, materials: Materials) => {
    keeping.keep(history, materials);
    await vi.advanceTimersByTimeAsync(200);
  };
  return { keep, onProblem };
}
const kept = async () => (await restoreSession(FIRST_SESSION))?.materials;

it('keeps a take that was undone, also where a step came to nothing that had led away from it', async () => {
  const { keep } = keeper();
  const made = withTake();
  await keep(made, { a: MADE });
  const back = undone(made);
  await keep(back, { a: MADE });
  // Another one begins: what was undone cannot be done again, for the moment.
  const begun = withTake(back, 'b');
  await keep(begun, { a: MADE, b: { ...MADE, events: [], state: 'making' } });
  expect(await kept()).not.toHaveProperty('a');
  await keep(withdrawn({ ...begun, present: removeTakes(begun.present, new Set(['b'])) }, back), { a: MADE });
  expect(await kept()).toEqual({ a: MADE });
});

it('forgets what came to nothing', async () => {
  const { keep } = keeper();
  const begun = withTake();
  await keep(begun, { a: { ...MADE, events: [], state: 'making' } });
  await keep(begun, {});
  await vi.advanceTimersByTimeAsync(2000);
  expect(await kept()).toEqual({});
});

it('tries again where the storage is full, says so once, and writes all where it was cleared', async () => {
  const { keep, onProblem } = keeper();
  browser.isFull = true;
  await keep(withTake(), { a: MADE });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(onProblem).toHaveBeenCalledTimes(1);
  browser.isFull = false;
  await vi.advanceTimersByTimeAsync(6000);
  expect(await kept()).toEqual({ a: MADE });
  browser.entries.clear();
  await keep(withTake(withTake(), 'b'), { a: MADE });
  expect(await kept()).toEqual({ a: MADE });
});
