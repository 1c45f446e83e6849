import { describe, expect, it } from 'vitest';
import { keyAt, keyRects, WHITE_KEYS } from './keyboard.js';

describe('a keyboard', () => {
  const keys = keyRects(520, 100);

  it('has 88 keys, 52 of them white, side by side over its width', () => {
    const whites = keys.filter(({ isBlack }) => !isBlack);
    expect([keys.length, whites.length]).toEqual([88, WHITE_KEYS]);
    expect([keys[0].pitch, keys[87].pitch]).toEqual([21, 108]);
    for (const [i, { x, width }] of whites.entries()) expect([x, width]).toEqual([10 * i, 10]);
  });

  it('finds the key at a place, black ones above white ones', () => {
    expect(keyAt(keys, 1, 50)).toBe(21);
    expect(keyAt(keys, 10, 10)).toBe(22);
    expect(keyAt(keys, 10.5, 90)).toBe(23);
    expect(keyAt(keys, 519, 99)).toBe(108);
    expect(keyAt(keys, 521, 50)).toBeUndefined();
  });
});
