import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CadenzaError } from '../errors.js';
import { toFloat16 } from './half-precision.js';
import { type Dtype, type NamedTensor, readSafetensors, writeSafetensors } from './safetensors.js';

// Written by the reference implementation, see test/oracle/safetensors_check.py.
const GOLDEN = new Uint8Array(
  readFileSync(new URL('../../test/golden/reference.safetensors', import.meta.url)),
);
const HALVES = Float32Array.of(
  ...[1 + 2 ** -11, 1 + 3 * 2 ** -11, 65504, 65519.99, 65520, -65520, 2 ** -14, 2 ** -24, 2 ** -25],
  ...[3 * 2 ** -25, 2 ** -14 - 2 ** -25, 0, -0, Number.POSITIVE_INFINITY, Number.NaN, 0.1, -1 / 3],
);
const GOLDEN_TENSORS: NamedTensor[] = [
  {
    name: 'lstm.weight_ih_l0',
    shape: [2, 3],
    data: Float32Array.from([0, 1, 2, 3, 4, 5], (value) => value / 7),
  },
  { name: 'lstm.bias ♪', shape: [2], data: Float32Array.of(-1.5, 3.0e-41) },
  { name: 'half', shape: [17], data: HALVES, dtype: 'F16' },
  { name: 'double', shape: [], data: Float64Array.of(Math.PI) },
  { name: 'steps', shape: [2], data: BigInt64Array.of(-1n, 2n ** 62n) },
  { name: 'counts', shape: [2, 1], data: Int32Array.of(-7, 2 ** 31 - 1) },
  { name: 'mask', shape: [3], data: Uint8Array.of(0, 1, 255) },
  { name: 'empty', shape: [2, 0], data: new Float32Array(0) },
];
const GOLDEN_METADATA = { note: 'quote " tab \t C♯' };

const byName = (a: NamedTensor, b: NamedTensor) => (a.name < b.name ? -1 : 1);

/** A file of any header and data. */
function file(header: string | object, data: readonly number[] = []): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

function u8(begin: number, end: number, shape: unknown = [end - begin]): object {
  return { dtype: 'U8', shape, data_offsets: [begin, end] };
}

/** Any tensor that can be written without loss. */
const anyTensor = fc
  .tuple(
    fc.string({ unit: 'grapheme' }).filter((name) => name !== '__metadata__'),
    fc.array(fc.nat(4), { maxLength: 3 }),
    fc.constantFrom<Dtype>('I64', 'F64', 'F32', 'I32', 'BF16', 'F16', 'U8'),
    fc.infiniteStream(fc.integer({ min: -128, max: 128 })),
  )
  .map(([name, shape, dtype, numbers]): NamedTensor => {
    const length = shape.reduce((size, dimension) => size * dimension, 1);
    const values = [...numbers.take(length)];
    const data = {
      I64: () => BigInt64Array.from(values, BigInt),
      F64: () => Float64Array.from(values, (value) => value / 3),
      I32: () => Int32Array.from(values),
      U8: () => Uint8Array.from(values),
      F32: () => Float32Array.from(values, (value) => value / 3),
      BF16: () => Float32Array.from(values, (value) => value / 4),
      F16: () => Float32Array.from(values, (value) => value / 4),
    }[dtype]();
    return { name, shape, data, dtype };
  });
const anyTensors = fc.uniqueArray(anyTensor, { selector: ({ name }) => name, maxLength: 5 });

describe('safetensors', () => {
  it('writes the bytes that the reference implementation writes', () => {
    expect(writeSafetensors(GOLDEN_TENSORS, GOLDEN_METADATA)).toEqual(GOLDEN);
    expect(writeSafetensors(GOLDEN_TENSORS.toReversed(), GOLDEN_METADATA)).toEqual(GOLDEN);
  });

  it('reads what the reference implementation wrote', () => {
    const { tensors, metadata } = readSafetensors(GOLDEN, 'golden');
    expect(metadata).toEqual(GOLDEN_METADATA);
    const dtypes = ['F32', 'F32', 'F16', 'F64', 'I64', 'I32', 'U8', 'F32'] as const;
    const expected = GOLDEN_TENSORS.map((tensor, i) => ({ ...tensor, dtype: dtypes[i] }));
    const half = tensors.find(({ name }) => name === 'half')!.data as Float32Array;
    expect(toFloat16(half)).toEqual(toFloat16(HALVES));
    expected.find(({ name }) => name === 'half')!.data = half;
    expect(tensors.toSorted(byName)).toEqual(expected.toSorted(byName));
  });

  it('reads back what it wrote, wherever the bytes lie in memory', () => {
    const metadata = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(anyTensors, metadata, fc.nat(9), (tensors, texts, shift) => {
        const bytes = writeSafetensors(tensors, texts);
        const moved = new Uint8Array(bytes.length + shift).subarray(shift);
        moved.set(bytes);
        const read = readSafetensors(moved, 'x');
        expect(read.tensors.toSorted(byName)).toEqual(tensors.toSorted(byName));
        expect(Object.entries(read.metadata).sort()).toEqual(Object.entries(texts).sort());
        expect(writeSafetensors(read.tensors, read.metadata)).toEqual(bytes);
        const headerBytes = Number(new DataView(bytes.buffer).getBigUint64(0, true));
        expect(headerBytes % 8).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('reads a Buffer at an odd address without sharing or misreading it', () => {
    const buffer = Buffer.alloc(GOLDEN.length + 1).subarray(1);
    buffer.set(GOLDEN);
    const { tensors } = readSafetensors(buffer, 'golden');
    expect(tensors.find(({ name }) => name === 'double')!.data).toEqual(Float64Array.of(Math.PI));
  });

  it('throws nothing but CadenzaError for damaged bytes', () => {
    const damaged = fc
      .tuple(anyTensors, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat(), fc.boolean())
      .map(([tensors, changes, end, cut]) => {
        const bytes = writeSafetensors(tensors, { a: 'b' });
        for (const [position, value] of changes) bytes[position % bytes.length] = value;
        return cut ? bytes.subarray(0, end % bytes.length) : bytes;
      });
    const anyEntry = fc.record(
      { dtype: fc.constantFrom('U8', 'F16'), shape: fc.array(fc.nat(3)), data_offsets: fc.jsonValue() },
      { requiredKeys: [] },
    );
    const anyHeader = fc
      .dictionary(fc.string(), fc.oneof(fc.jsonValue(), anyEntry))
      .map((header) => file(header, [1, 2, 3, 4]));
    let refused = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 5, arbitrary: damaged }, anyHeader), (bytes) => {
        try {
          readSafetensors(bytes, 'x');
        } catch (error) {
          if (!(error instanceof CadenzaError)) throw error;
          expect(error.message).toMatch(/^x: .+;.+$/);
          refused++;
        }
      }),
      { numRuns: 3000 },
    );
    expect(refused).toBeGreaterThan(1000);
  });

  it('says in one line what is wrong with a name that has line separators', () => {
    const strange = file({ 'a\u2028b\u2029': 1 }, []);
    expect(() => readSafetensors(strange, 'x')).toThrow(/^x: tensor "a\\u2028b\\u2029" .+;.+$/);
  });

  it('refuses every file that is cut short', () => {
    for (let length = 0; length < GOLDEN.length; length++) {
      expect(() => readSafetensors(GOLDEN.subarray(0, length), 'x')).toThrow(CadenzaError);
    }
  });

  it('accepts an empty file and unpadded headers, as the reference does', () => {
    expect(readSafetensors(file('{}'), 'x')).toEqual({ tensors: [], metadata: {} });
    const zeroSized = { a: u8(0, 0), b: u8(0, 1), c: u8(1, 1) };
    expect(readSafetensors(file(zeroSized, [7]), 'x').tensors).toHaveLength(3);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /not a safetensors file: it has 0 bytes/],
    [
      'text',
      new TextEncoder().encode('<!DOCTYPE html>'),
      /promise a header of [\d,]+ bytes, at most 100,000,000/,
    ],
    ['a long header', file('{}').subarray(0, 9), /cut short: the header takes 10 bytes, file has 9; copy/],
    ['missing data', file({ a: u8(0, 1200) }), /header promises 1,\d+ bytes, file has \d+; copy or download/],
    ['more data', file({ a: u8(0, 1) }, [1, 2]), /too long: header promises \d+ bytes, file has \d+/],
    ['no JSON', file('{"a"'), /not valid JSON/],
    ['no UTF-8', file('{}', []).with(9, 0xff), /not valid JSON/],
    ['a byte order mark', file('\uFEFF{}'), /not valid JSON/],
    ['no object', file('[]'), /not a JSON object that begins at byte 8/],
    ['a space first', file(' {}'), /not a JSON object that begins at byte 8/],
    ['names twice', file('{"a":1,"a":2}'), /header names "a" twice/],
    ['metadata of numbers', file({ __metadata__: { a: 1 } }), /metadata "a" is number, expected a text/],
    ['metadata as text', file({ __metadata__: 'a' }), /__metadata__ is not an object of texts/],
    ['no entry', file({ a: null }), /tensor "a" is not described/],
    ['a negative size', file({ a: u8(0, 1, [-1]) }, [1]), /tensor "a" is not described/],
    ['a broken size', file({ a: u8(0, 1, [0.5]) }, [1]), /tensor "a" is not described/],
    ['three offsets', file({ a: { dtype: 'U8', shape: [], data_offsets: [0, 1, 2] } }), /not described/],
    [
      'an unknown dtype',
      file({ a: { ...u8(0, 1), dtype: 'C64' } }, [1]),
      /dtype "C64", expected I64, F64, F32/,
    ],
    [
      'an inherited dtype',
      file({ a: { ...u8(0, 1), dtype: 'toString' } }, [1]),
      /dtype "toString", expected/,
    ],
    [
      'a wrong size',
      file({ a: u8(0, 1, [2]) }, [1]),
      /shape \[2\] of U8, expected 2 bytes, .* 0 to 1 hold 1/,
    ],
    ['a vast size', file({ a: u8(0, 1, [2 ** 52, 2 ** 52, 2 ** 52]) }, [1]), /tensor "a" has shape/],
    ['reversed offsets', file({ a: u8(1, 0, []) }, [1]), /tensor "a" has shape/],
    ['a gap', file({ a: u8(0, 1), b: u8(2, 3) }, [1, 2, 3]), /"b" begins at data byte 2 and leaves a gap/],
    ['a gap at the start', file({ a: u8(1, 2) }, [1, 2]), /"a" begins at data byte 1 and leaves a gap/],
    ['an overlap', file({ a: u8(0, 2), b: u8(1, 3) }, [1, 2, 3]), /"b" begins at data byte 1 and overlaps/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes, 'runs/a.safetensors')).toThrow(CadenzaError);
    expect(() => readSafetensors(bytes, 'runs/a.safetensors')).toThrow(message);
    expect(() => readSafetensors(bytes, 'runs/a.safetensors')).toThrow(
      /^runs\/a\.safetensors: [^\n]+; [^\n]+$/,
    );
  });

  it('does not write what it would not read', () => {
    const data = Float32Array.of(1, 2);
    expect(() => writeSafetensors([{ name: 'a', shape: [3], data }])).toThrow(/"a" of shape \[3\] holds 2/);
    expect(() => writeSafetensors([{ name: '__metadata__', shape: [2], data }])).toThrow(/taken/);
    expect(() => writeSafetensors([{ name: 'a', shape: [2], data, dtype: 'I32' }])).toThrow(/stored as I32/);
    const twice: NamedTensor[] = [
      { name: 'a', shape: [2], data },
      { name: 'b', shape: [2], data },
      { name: 'a', shape: [0], data: new Uint8Array(0) },
    ];
    expect(() => writeSafetensors(twice)).toThrow(/"a" is taken/);
  });
});
