import { describe, expect, it } from 'vitest';
import { CadenzaError } from '../errors.js';
import { KEYS } from '../notes/grid.js';
import { type Constraints, pitchesOfKey, RuleKeeper, rulesOf } from './constraints.js';

const classesOf = (key: string) =>
  [...new Set(pitchesOfKey(key).map((pitch) => pitch % 12))].sort((a, b) => a - b);

describe('the pitches of a key', () => {
  it.each([
    ['C major', [0, 2, 4, 5, 7, 9, 11]],
    ['C', [0, 2, 4, 5, 7, 9, 11]],
    ['a minor', [0, 2, 4, 5, 7, 9, 11]],
    ['Bb', [0, 2, 3, 5, 7, 9, 10]],
    ['F# min', [1, 2, 4, 6, 8, 9, 11]],
    ['Cb major', [1, 3, 4, 6, 8, 10, 11]],
    ['Em', [0, 2, 4, 6, 7, 9, 11]],
  ])('%s', (key, classes) => {
    expect(classesOf(key)).toEqual(classes);
  });

  it('cover the piano', () => {
    const pitches = pitchesOfKey('C major');
    expect([pitches[0], pitches.at(-1)]).toEqual([21, 108]);
    expect(pitches).toHaveLength(52); // the white keys
  });

  it('says what a key looks like', () => {
    expect(() => pitchesOfKey('H moll')).toThrow(CadenzaError);
    expect(() => pitchesOfKey('H moll')).toThrow(/no such key: H moll/);
  });
});

describe('constraints', () => {
  it.each<[Constraints, RegExp]>([
    [{ minStep: 1, maxStep: 0.5 }, /minimum step \(1 s\) is longer than the maximum step \(0.5 s\)/],
    [{ minDuration: 2, maxDuration: 1 }, /minimum duration .* maximum duration/],
    [{ range: [60, 59] }, /range ends \(59\) below where it begins \(60\)/],
    [{ range: [60, 61], pitches: [70] }, /range 60 … 61 and the allowed pitches/],
    [{ range: [0, 20] }, /no key of a piano/],
    [
      { maxPolyphony: 1, minDuration: 5, maxStep: 1 },
      /minimum duration .* and the maximum step .* clash.* 1 key at/,
    ],
    [{ range: [60, 61], minDuration: 5, maxStep: 1 }, /of the 2 allowed pitches none is free/],
    [{ maxPolyphony: 0 }, /maximum polyphony must be/],
    [{ minStep: -1 }, /minimum step must be at least 0/],
  ])('that clash are refused by name: %j', (constraints, message) => {
    expect(() => rulesOf(constraints)).toThrow(CadenzaError);
    expect(() => rulesOf(constraints)).toThrow(message);
  });

  it('are rounded to ticks inwards', () => {
    const rules = rulesOf({ minStep: 0.011, maxStep: 0.039, minDuration: 0.1, maxDuration: 0.29 });
    expect(rules).toMatchObject({ minStep: 2, maxStep: 3, minDuration: 10, maxDuration: 29 });
  });
});

describe('a keeper of rules', () => {
  const strike = (pitch: number) => pitch - 21;
  const release = (pitch: number) => pitch - 21 + 88;
  const allowedAt = (keeper: RuleKeeper, ticks: number) => {
    const allowed = new Float32Array(176).fill(1);
    expect(keeper.restrict(ticks, allowed)).toBe(true);
    return allowed;
  };

  it('lets only so many keys sound', () => {
    const keeper = new RuleKeeper(rulesOf({ maxPolyphony: 2 }));
    keeper.push(0, strike(60));
    expect(allowedAt(keeper, 0)[strike(64)]).toBe(1);
    keeper.push(0, strike(64));
    expect(keeper.soundingKeys()).toEqual([39, 43]);
    expect(allowedAt(keeper, 5)[strike(67)]).toBe(0);
    keeper.push(5, release(60));
    expect(allowedAt(keeper, 0)[strike(67)]).toBe(1);
  });

  it('keeps strikes apart, and near', () => {
    const keeper = new RuleKeeper(rulesOf({ minStep: 0.1, maxStep: 0.5 }));
    keeper.push(0, strike(60));
    expect(allowedAt(keeper, 9)[strike(64)]).toBe(0);
    expect(allowedAt(keeper, 10)[strike(64)]).toBe(1);
    expect(keeper.window()).toEqual({ earliest: 0, latest: 50 });
    const late = allowedAt(keeper, 50);
    expect([late[strike(64)], late[release(60)]]).toEqual([1, 0]);
    keeper.push(20, release(60));
    expect(keeper.window()).toEqual({ earliest: 0, latest: 30 });
  });

  it('keeps notes as long as asked', () => {
    const keeper = new RuleKeeper(rulesOf({ minDuration: 0.2, maxDuration: 1, maxPolyphony: 1 }));
    keeper.push(0, strike(60));
    expect(keeper.window()).toEqual({ earliest: 20, latest: 100 });
    const overdue = allowedAt(keeper, 100);
    expect(overdue[release(60)]).toBe(1);
    expect(overdue.reduce((sum, weight) => sum + weight, 0)).toBe(1);
  });

  it('strikes nothing more once it is closed, and releases what sounds', () => {
    const keeper = new RuleKeeper(rulesOf());
    keeper.push(0, 40);
    keeper.close();
    const allowed = new Float32Array(2 * KEYS).fill(1);
    expect(keeper.restrict(5, allowed)).toBe(true);
    expect([...allowed.keys()].filter((symbol) => allowed[symbol] > 0)).toEqual([KEYS + 40]);
  });

  it('leaves what is allowed as it is rather than forbid everything', () => {
    const keeper = new RuleKeeper(rulesOf({ minDuration: 1 }));
    keeper.push(0, strike(60));
    const allowed = new Float32Array(176);
    allowed[release(60)] = 1;
    expect(keeper.restrict(1, allowed)).toBe(false);
    expect(allowed[release(60)]).toBe(1);
  });
});
