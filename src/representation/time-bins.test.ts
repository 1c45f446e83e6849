import { expect, test } from 'vitest';
import { binWidth, firstTick, MOST_TICKS, TIME_BINS, timeBin } from './time-bins.js';

test('bins follow one another without gaps up to the longest time', () => {
  let tick = 0;
  for (let bin = 0; bin < TIME_BINS; bin++) {
    expect(firstTick(bin)).toBe(tick);
    for (const end = tick + binWidth(bin); tick < end; tick++) {
      if (timeBin(tick) !== bin) expect.fail(`tick ${tick} is in bin ${timeBin(tick)}, not ${bin}`);
    }
  }
  expect(tick).toBe(MOST_TICKS + 1);
});

test('longer times are in the last bin', () => {
  expect(timeBin(MOST_TICKS + 1)).toBe(TIME_BINS - 1);
  expect(timeBin(1e9)).toBe(TIME_BINS - 1);
});

test('a tick is its own bin at first; above, a bin is at most an eighth of where it begins', () => {
  expect(MOST_TICKS / 100).toBeGreaterThan(160);
  for (let bin = 0; bin < TIME_BINS; bin++) {
    expect(binWidth(bin)).toBe(bin < 32 ? 1 : 2 ** Math.floor(Math.log2(firstTick(bin))) / 8);
  }
  expect([timeBin(31), timeBin(32), timeBin(35), timeBin(36), timeBin(63), timeBin(64)]).toEqual([
    31, 32, 32, 33, 39, 40,
  ]);
});
