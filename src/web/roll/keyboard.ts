/** Where the 88 keys of a keyboard lie that is drawn from left to right. */
import { KEYS, LOWEST_PITCH } from '../../notes/grid.js';

/** A key, in units of the width that was asked for; `x` from the left end. */
export interface KeyRect {
  readonly pitch: number;
  readonly isBlack: boolean;
  readonly x: number;
  readonly width: number;
  readonly length: number;
}

const IS_BLACK = [false, true, false, true, false, false, true, false, true, false, true, false];
export const WHITE_KEYS = 52;
/** Of a black key, beside a white one. */
const BLACK_WIDTH = 0.6;
const BLACK_LENGTH = 0.63;

/** All keys from the lowest, over a width, as long as said. */
export function keyRects(width: number, length: number): KeyRect[] {
  const white = width / WHITE_KEYS;
  let whites = 0;
  return Array.from({ length: KEYS }, (_, key) => {
    const pitch = LOWEST_PITCH + key;
    const isBlack = IS_BLACK[pitch % 12];
    if (!isBlack) return { pitch, isBlack, x: whites++ * white, width: white, length };
    const own = BLACK_WIDTH * white;
    return { pitch, isBlack, x: whites * white - own / 2, width: own, length: BLACK_LENGTH * length };
  });
}

/** The pitch of the key at a place, `y` from where the keys begin; undefined beside them. */
export function keyAt(keys: readonly KeyRect[], x: number, y: number): number | undefined {
  const isIn = (key: KeyRect) => x >= key.x && x < key.x + key.width && y < key.length;
  return (keys.find((key) => key.isBlack && isIn(key)) ?? keys.find(isIn))?.pitch;
}
