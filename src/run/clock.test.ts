import { describe, expect, it } from 'vitest';
import { TrainingClock } from './clock.js';

describe('the clock', () => {
  it('counts training and not pauses, and takes the speed of the last steps', () => {
    let now = 0;
    const clock = new TrainingClock(100, () => now);
    clock.start();
    expect(clock.secondsPerStep).toBeUndefined();
    for (let i = 0; i < 3; i++) {
      now += 500;
      clock.step();
    }
    expect(clock.secondsPerStep).toBeCloseTo(0.5);
    expect(clock.seconds).toBeCloseTo(101.5);
    clock.pause();
    now += 60_000;
    expect(clock.seconds).toBeCloseTo(101.5);
    clock.start();
    expect(clock.secondsPerStep).toBeUndefined();
    now += 1000;
    clock.step();
    clock.interrupted();
    now += 5000;
    for (let i = 0; i < 40; i++) {
      clock.step();
      now += 100;
    }
    expect(clock.secondsPerStep).toBeCloseTo(0.1);
  });
});
