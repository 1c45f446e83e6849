import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duplicateKeyOf } from './json-keys.js';

describe('duplicateKeyOf', () => {
  it.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"x":{"b":[],"b":{}}}', 'b'],
    ['[{"c":1},{"d":"{","d":1}]', 'd'],
    ['{"\\"":"\\\\","e":{"":0},"\\"":0}', '"'],
    ['{"x":[1,"y"],"x":2}', 'x'],
  ])('finds %s', (json, key) => {
    expect(JSON.parse(json)).toBeDefined();
    expect(duplicateKeyOf(json)).toBe(key);
  });

  it('finds none in what JSON.stringify wrote', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, spaced) => {
        expect(duplicateKeyOf(JSON.stringify(value, null, spaced ? 2 : 0))).toBeUndefined();
      }),
    );
  });
});
