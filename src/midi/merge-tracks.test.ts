import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inTimeOrder } from './merge-tracks.js';

test('events of all tracks come by tick, then by track, then as they stand', () => {
  const tracks = fc.array(fc.array(fc.nat(20), { maxLength: 12 }), { maxLength: 9 });
  fc.assert(
    fc.property(tracks, (ticks) => {
      const events = ticks.flatMap((own, track) =>
        own.sort((a, b) => a - b).map((tick) => ({ tick, track })),
      );
      const order = inTimeOrder({
        length: events.length,
        tick: Uint32Array.from(events, ({ tick }) => tick),
        track: Uint16Array.from(events, ({ track }) => track),
        status: new Uint8Array(events.length),
        data1: new Uint8Array(events.length),
        data2: new Uint8Array(events.length),
      });
      const expected = [...events.keys()].sort((a, b) => events[a].tick - events[b].tick || a - b);
      expect([...order]).toEqual(expected);
    }),
  );
});
