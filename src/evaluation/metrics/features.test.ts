import { expect, test } from 'vitest';
import { gridOfRows } from '../../../test/helpers/grids.js';
import { featuresOf } from './features.js';

/** Key 3 is C1, the lowest C of a piano. */
const C1 = 3;

test('every feature of three notes, by hand', () => {
  const features = featuresOf(
    gridOfRows([
      [C1, 10, 0, 100],
      [C1 + 7, 20, 0, 50],
      [C1 + 12, 10, 150, 250],
    ]),
  );
  const at = (index: number, length: number, value = 1) => {
    const row = new Array(length).fill(0);
    row[index] = value;
    return row;
  };
  expect([...features.usedPitches]).toEqual([3]);
  expect([...features.pitchRange]).toEqual([12]);
  expect([...features.pitchClassHistogram]).toEqual([2 / 3, 0, 0, 0, 0, 0, 0, 1 / 3, 0, 0, 0, 0]);
  const transitions = at(7, 144, 0.5); // C to G
  transitions[7 * 12] = 0.5;
  expect([...features.pitchClassTransition]).toEqual(transitions);
  expect([...features.meanInterOnset]).toEqual([0.75]);
  const { interOnsetHistogram: steps, durationHistogram: durations, velocityHistogram } = features;
  expect([steps[0], steps.reduce((sum, share) => sum + share)]).toEqual([0.5, 1]);
  expect(steps.findIndex((share, bin) => bin > 0 && share > 0)).toBe(32 + 16 + 1); // 144 … 159 ticks
  expect([...durations].filter((share) => share > 0)).toEqual([1 / 3, 2 / 3]);
  expect([...features.meanDuration]).toEqual([2.5 / 3]);
  expect([...features.meanVelocity]).toEqual([(42 + 82 + 42) / 3]);
  expect([velocityHistogram[10], velocityHistogram[20]]).toEqual([2 / 3, 1 / 3]);
  // 250 ticks of notes in the 200 in which any sounds; between 100 and 150 there is silence.
  expect([...features.polyphony]).toEqual([1.25]);
  expect([...features.notesPerSecond]).toEqual([3 / 2.5]);
});

test('a chord without length has no polyphony, and all its features are finite', () => {
  const features = featuresOf(
    gridOfRows([
      [0, 0, 0, 0],
      [5, 0, 0, 0],
    ]),
  );
  expect(Object.values(features).every((feature) => feature.every(Number.isFinite))).toBe(true);
  expect([features.polyphony[0], features.meanInterOnset[0]]).toEqual([0, 0]);
});
