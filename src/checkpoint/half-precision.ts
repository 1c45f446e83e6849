/**
 * The two 16-bit float formats of model files. Both directions work on whole arrays; rounding is to the
 * nearest, ties to even, as IEEE 754 asks.
 */

/** IEEE 754 binary16 to binary32; exact. */
export function fromFloat16(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  const values = new Float32Array(bits.buffer);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i];
    const sign = (half & 0x8000) << 16;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0) {
      values[i] = fraction * 2 ** -24;
      bits[i] |= sign;
    } else {
      bits[i] = sign | ((exponent === 31 ? 255 : exponent + 112) << 23) | (fraction << 13);
    }
  }
  return values;
}

/** binary32 to IEEE 754 binary16; what rounds beyond 65,504 becomes infinite, NaN stays NaN. */
export function toFloat16(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  const value = new Float32Array(1);
  const bits = new Uint32Array(value.buffer);
  for (let i = 0; i < values.length; i++) {
    value[0] = values[i];
    const sign = (bits[0] >>> 16) & 0x8000;
    const magnitude = bits[0] & 0x7fffffff;
    let half: number;
    if (magnitude > 0x7f800000) {
      half = 0x7e00;
    } else if (magnitude >= 0x477ff000) {
      half = 0x7c00; // 65,520, halfway to the first power of two that does not fit, and all above it
    } else if (magnitude >= 0x38800000) {
      half = (magnitude - 0x38000000 + 0xfff + ((magnitude >> 13) & 1)) >> 13;
    } else {
      half = Math.abs(value[0]) * 2 ** 24 + 2 ** 52 - 2 ** 52; // a sum of doubles this large rounds to integers
    }
    halves[i] = sign | half;
  }
  return halves;
}

/** bfloat16, the upper half of a binary32, to binary32; exact. */
export function fromBfloat16(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i] << 16;
  return new Float32Array(bits.buffer);
}

/** binary32 to bfloat16; NaN stays NaN. */
export function toBfloat16(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) {
    const notANumber = (bits[i] & 0x7fffffff) > 0x7f800000;
    halves[i] = notANumber ? (bits[i] >>> 16) | 0x40 : (bits[i] + 0x7fff + ((bits[i] >>> 16) & 1)) >>> 16;
  }
  return halves;
}
