import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from './half-precision.js';

const ALL_HALVES = Uint16Array.from({ length: 65536 }, (_, i) => i);

/** binary16 by the definition: sign, 5 bits of exponent, 10 bits of fraction. */
function float16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : (fraction / 1024) * 2 ** -14);
}

/** Of the values around `value`, the nearest to it; of two equally near, the one at an even index. */
function nearestIndex(value: number, ascending: readonly number[]): number {
  let low = 0;
  for (let high = ascending.length; high - low > 1; ) {
    const middle = (low + high) >> 1;
    if (ascending[middle] <= value) low = middle;
    else high = middle;
  }
  if (low === ascending.length - 1) return low;
  const [down, up] = [value - ascending[low], ascending[low + 1] - value];
  return down < up || (down === up && low % 2 === 0) ? low : low + 1;
}

describe('binary16', () => {
  it('reads every half as the definition says', () => {
    expect(fromFloat16(ALL_HALVES)).toEqual(Float32Array.from(ALL_HALVES, float16));
  });

  it('writes every half back as it was', () => {
    const numbers = ALL_HALVES.filter((half) => !Number.isNaN(float16(half)));
    expect(toFloat16(fromFloat16(numbers))).toEqual(numbers);
    expect(toFloat16(Float32Array.of(Number.NaN))).toEqual(Uint16Array.of(0x7e00));
  });

  it('rounds to the nearest, ties to even', () => {
    // 2^16 stands where infinity is: that is where a value beyond the largest half would round to.
    const ascending = Array.from({ length: 0x7c01 }, (_, half) => (half === 0x7c00 ? 65536 : float16(half)));
    const ties = fc.nat(0x7bff).map((half) => (ascending[half] + ascending[half + 1]) / 2);
    const values = fc.oneof(fc.float({ min: 0, noNaN: true }), fc.float({ min: 0, max: 66000 }), ties);
    fc.assert(
      fc.property(fc.array(values), (list) => {
        const singles = Float32Array.from(list).filter((value) => !Number.isNaN(value));
        const halves = Uint16Array.from(singles, (value) => nearestIndex(Math.min(value, 65536), ascending));
        expect(toFloat16(singles)).toEqual(halves);
        expect(toFloat16(singles.map((value) => -value))).toEqual(halves.map((half) => half | 0x8000));
      }),
      { numRuns: 500 },
    );
  });
});

describe('bfloat16', () => {
  it('is the upper half of a binary32', () => {
    expect(fromBfloat16(Uint16Array.of(0x3f80, 0xc049, 0x7f80, 0x0001))).toEqual(
      Float32Array.of(1, -3.140625, Number.POSITIVE_INFINITY, 2 ** -133),
    );
  });

  it('writes every number back as it was, and NaN as NaN', () => {
    const values = fromBfloat16(ALL_HALVES);
    const numbers = ALL_HALVES.filter((_, i) => !Number.isNaN(values[i]));
    expect(toBfloat16(fromBfloat16(numbers))).toEqual(numbers);
    const bits = Uint32Array.of(0x7f800001, 0xffffffff);
    expect(fromBfloat16(toBfloat16(new Float32Array(bits.buffer)))).toEqual(
      Float32Array.of(Number.NaN, Number.NaN),
    );
  });

  it('rounds ties to even', () => {
    const bits = Uint32Array.of(0x3f808000, 0x3f818000, 0x3f808001, 0x7f7fffff);
    expect(toBfloat16(new Float32Array(bits.buffer))).toEqual(Uint16Array.of(0x3f80, 0x3f82, 0x3f81, 0x7f80));
  });
});
