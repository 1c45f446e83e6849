import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Heartbeat } from './heartbeat.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('takes a worker for dead that answers nothing for long, and asks only as long as something is awaited', () => {
  let isAwaited = true;
  const ask = vi.fn();
  const onDead = vi.fn();
  const heartbeat = new Heartbeat(() => isAwaited, ask, onDead);
  heartbeat.watch();
  vi.advanceTimersByTime(12_000);
  expect([ask.mock.calls.length, onDead.mock.calls.length]).toEqual([4, 0]);
  heartbeat.heard();
  vi.advanceTimersByTime(15_000);
  expect(onDead).not.toHaveBeenCalled();
  vi.advanceTimersByTime(3000);
  expect(onDead).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);

  heartbeat.watch();
  isAwaited = false;
  vi.advanceTimersByTime(3000);
  expect(vi.getTimerCount()).toBe(0);
  expect(onDead).toHaveBeenCalledTimes(1);
});
