import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MidiOutput } from './midi-output.js';

let sent: (readonly [at: number, ...data: number[]])[];
let output: MidiOutput;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'], now: 0 });
  vi.advanceTimersByTime(1000);
  sent = [];
  output = new MidiOutput({ send: (data, at = performance.now()) => sent.push([at, ...data]) }, 2);
});
afterEach(() => void vi.useRealTimers());

test('what is played is sent with its time, on its channel', () => {
  output.strikeAt(1.5, 60, 80);
  output.releaseAt(1.75, 60);
  output.pedalAt(1.6, 127);
  output.clockAt(1.55);
  expect(sent).toEqual([
    [1500, 0x92, 60, 80],
    [1750, 0x82, 60, 0],
    [1600, 0xb2, 64, 127],
    [1550, 0xf8],
  ]);
});

/** The keys that are down after all that was sent has come, in its order. */
function hanging(): number[] {
  const down = new Set<number>();
  for (const [, status, pitch] of [...sent].sort((a, b) => a[0] - b[0])) {
    if (status >> 4 === 9) down.add(pitch);
    if (status >> 4 === 8) down.delete(pitch);
  }
  return [...down];
}

test('nothing hangs after silence, whether it sounds, is still to come, or both', () => {
  output.strikeAt(0.9, 60, 80); // sounds
  output.strikeAt(1.05, 62, 80); // is still to come
  output.releaseAt(1.06, 62);
  output.strikeAt(1.08, 62, 80); // once more
  output.strikeAt(0.5, 64, 80); // is over
  output.releaseAt(0.7, 64);
  output.silence();
  expect(hanging()).toEqual([]);
  expect(sent.filter(([at, status, pitch]) => at >= 1000 && status === 0x82 && pitch === 64)).toEqual([]);
  expect(sent.at(-1)).toEqual([1000, 0xb2, 123, 0]);
});

test('what follows the clock is told to start, to go on and to stop', () => {
  output.startClock(true);
  output.startClock(false);
  output.stopClock();
  expect(sent.map(([, status]) => status)).toEqual([0xfa, 0xfb, 0xfc]);
  output.volume = 2;
  expect([output.volume, sent.at(-1)]).toEqual([1, [1000, 0xb2, 7, 127]]);
});
