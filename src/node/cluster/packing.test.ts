import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CadenzaError } from '../../errors.js';
import {
  packNotes,
  packPrepared,
  packVectors,
  unpackNotes,
  unpackPrepared,
  unpackVectors,
} from './packing.js';

const column = (length: number) => ({
  bytes: fc.uint8Array({ minLength: length, maxLength: length }),
  times: fc.float64Array({ minLength: length, maxLength: length, noNaN: true }),
});
const notes = fc.nat(20).chain((length) => {
  const { bytes, times } = column(length);
  return fc.record({ length: fc.constant(length), pitch: bytes, velocity: bytes, start: times, end: times });
});
const beats = fc
  .nat(9)
  .chain((count) => fc.record({ time: column(count).times, place: column(count).bytes }));
const pedal = fc.nat(9).chain((length) => {
  const { bytes, times } = column(length);
  return fc.record({ length: fc.constant(length), time: times, value: bytes });
});
const piece = fc
  .record({ notes, beats: fc.option(beats), pedal: fc.option(pedal), about: fc.string() })
  .map(({ notes, beats, pedal, about }) => ({
    notes: beats ? { ...notes, beats } : notes,
    ...(pedal && { pedal }),
    about,
  }));

describe('packing', () => {
  it('keeps notes with their beats, pedals and names', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        expect(unpackNotes(packNotes(pieces), 'x')).toEqual(pieces);
      }),
    );
  });

  it('keeps prepared pieces, and gives equal bytes for equal ones', () => {
    const pieces = [
      { notes: 2, arrays: [Float32Array.of(1, 2, 3), Uint8Array.of(4)], composer: 'Clara Schumann' },
      { notes: 0, arrays: [new Float32Array(), Uint8Array.of(5, 6)] },
    ];
    expect(unpackPrepared(packPrepared(pieces), 'x')).toEqual([pieces[0], { ...pieces[1] }]);
    expect(packPrepared(pieces)).toEqual(packPrepared(structuredClone(pieces)));
    expect(unpackPrepared(packPrepared([]), 'x')).toEqual([]);
  });

  it('keeps vectors, NaN included', () => {
    const vectors = { parameters: Float32Array.of(1, Number.NaN), m: new Float32Array() };
    expect(unpackVectors(packVectors(vectors), 'x')).toEqual(vectors);
  });

  it('refuses other files in words', () => {
    const others = [new Uint8Array(3), packVectors({ a: Float32Array.of(1) })];
    for (const bytes of others) {
      expect(() => unpackNotes(bytes, 'x')).toThrow(CadenzaError);
      expect(() => unpackPrepared(bytes, 'x')).toThrow(CadenzaError);
    }
    const prepared = packPrepared([{ notes: 1, arrays: [Float64Array.of(1)] }]);
    expect(() => unpackNotes(prepared, 'x')).toThrow('x: holds no notes');
    expect(() => unpackVectors(prepared, 'x')).toThrow('holds no 32-bit numbers');
  });
});
