import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CadenzaError } from '../errors.js';
import { readMidi } from './read.js';
import { MAX_DELTA_TICKS, TrackWriter, writeMidi } from './write.js';

const byte = fc.integer({ min: 0, max: 127 });
const event = fc.record({
  delta: fc.oneof(fc.constant(0), fc.nat(300), fc.constantFrom(127, 128, 16383, 16384, 2097151, 2097152)),
  status: fc.integer({ min: 0x80, max: 0xef }),
  data1: byte,
  data2: byte,
});

test('what is written is read back without a warning', () => {
  fc.assert(
    fc.property(fc.array(fc.array(event, { maxLength: 30 }), { minLength: 1, maxLength: 4 }), (tracks) => {
      const expected: number[][] = [];
      const endTicks: number[] = [];
      const writers = tracks.map((events, track) => {
        const writer = new TrackWriter();
        let tick = 0;
        for (const { delta, status, data1, data2 } of events) {
          tick += delta;
          writer.event(tick, status, data1, data2);
          const isShort = status >= 0xc0 && status < 0xe0;
          expected.push([tick, status, data1, isShort ? 0 : data2, track]);
        }
        endTicks.push(tick);
        return writer;
      });
      const midi = readMidi(writeMidi(480, writers));
      const { tick, status, data1, data2, track } = midi.events;
      expect(midi.warnings).toEqual([]);
      expect(midi.format).toBe(tracks.length === 1 ? 0 : 1);
      expect(midi.tracks.map(({ endTick }) => endTick)).toEqual(endTicks);
      expect(Array.from(tick, (t, i) => [t, status[i], data1[i], data2[i], track[i]])).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test('the bytes of a small file', () => {
  const track = new TrackWriter();
  track.event(0, 0x90, 60, 64);
  track.event(128, 0x90, 60, 0);
  track.meta(128, 1, Uint8Array.of(65));
  track.event(128, 0x90, 61, 1);
  const hex = Array.from(writeMidi(96, [track]), (b) => b.toString(16).padStart(2, '0')).join('');
  expect(hex).toBe(
    '4d54686400000006000000010060' +
      '4d54726b00000015' +
      '00903c40' +
      '81003c00' + // running status
      '00ff010141' +
      '00903d01' + // which the meta event ended
      '00ff2f00',
  );
});

describe('refuses', () => {
  test.each([
    ['a data byte above 127', () => new TrackWriter().event(0, 0x90, 128, 0)],
    ['a fractional data byte', () => new TrackWriter().event(0, 0x90, 1.5, 0)],
    ['a status that is none', () => new TrackWriter().event(0, 0x7f, 0, 0)],
    ['a system status', () => new TrackWriter().event(0, 0xf0, 0, 0)],
    ['a fractional tick', () => new TrackWriter().event(0.5, 0x90, 0, 0)],
    ['NaN as tick', () => new TrackWriter().event(Number.NaN, 0x90, 0, 0)],
    ['a tick before 0', () => new TrackWriter().event(-1, 0x90, 0, 0)],
    ['a tick too far off', () => new TrackWriter().event(MAX_DELTA_TICKS + 1, 0x90, 0, 0)],
    ['0 ticks a beat', () => writeMidi(0, [])],
    ['32768 ticks a beat', () => writeMidi(32768, [])],
  ])('%s', (_, write) => expect(write).toThrow(CadenzaError));

  test('a tick before the last', () => {
    const track = new TrackWriter();
    track.event(5, 0x90, 0, 0);
    expect(() => track.event(4, 0x90, 0, 0)).toThrow('tick 4 cannot follow tick 5');
  });
});
