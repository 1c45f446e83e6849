import { describe, expect, it } from 'vitest';
import { WindowBatch } from './window-batch.js';

/** Features of n notes: pitch p, step p + 0.25, duration p + 0.5 for pitches from, from + 1, … */
function piece(from: number, n: number): Float32Array {
  return Float32Array.from({ length: 3 * n }, (_, i) => {
    const pitch = from + Math.floor(i / 3);
    return [pitch / 128, pitch + 0.25, pitch + 0.5][i % 3];
  });
}

describe('WindowBatch', () => {
  it('lays windows out by time, then batch, and takes the note after each as label', () => {
    const batch = new WindowBatch(2, 3);
    batch.set(1, piece(40, 10), 5);
    batch.set(0, piece(10, 4), 0);
    const pitches = (t: number, slot: number) => batch.window[(t * 2 + slot) * 3] * 128;
    expect([0, 1, 2].map((t) => [pitches(t, 0), pitches(t, 1)])).toEqual([
      [10, 45],
      [11, 46],
      [12, 47],
    ]);
    const last = (2 * 2 + 1) * 3;
    expect([...batch.window.subarray(last, last + 3)]).toEqual([47 / 128, 47.25, 47.5]);
    expect(batch.feeds).toEqual({
      window: batch.window,
      pitch: Int32Array.of(13, 48),
      step: Float32Array.of(13.25, 48.25),
      duration: Float32Array.of(13.5, 48.5),
    });
  });

  it('finds every pitch again', () => {
    const batch = new WindowBatch(1, 1);
    for (let pitch = 0; pitch < 128; pitch++) {
      batch.set(0, piece(pitch - 1, 2), 0);
      expect(batch.pitch[0]).toBe(pitch);
    }
  });

  it('changes one place only, and feeds the same arrays', () => {
    const batch = new WindowBatch(3, 2);
    const feeds = batch.feeds;
    for (const slot of [0, 1, 2]) batch.set(slot, piece(20, 3), 0);
    batch.set(1, piece(60, 3), 0);
    expect([...batch.pitch]).toEqual([22, 62, 22]);
    expect([0, 1, 2, 3, 4, 5].map((row) => batch.window[row * 3] * 128)).toEqual([20, 60, 20, 21, 61, 21]);
    expect(batch.feeds.window).toBe(feeds.window);
    expect(feeds.pitch[1]).toBe(62);
  });
});
