import { describe, expect, it } from 'vitest';
import { ClockOffset } from './clock-offset.js';

const EVERY = 0.05;
const STEP = 0.01;

/** Looks at a clock that moves in steps, and from some moment on is late. */
function lookAt(clock: { ahead: number; late?: number; from?: number }, seconds: number): number[] {
  const offset = new ClockOffset();
  return Array.from({ length: Math.round(seconds / EVERY) }, (_, i) => {
    // Timers are no clockwork either: looks fall anywhere within a step.
    const now = i * EVERY + ((i * 37) % 10) / 1000;
    const late = now >= (clock.from ?? Infinity) ? (clock.late ?? 0) : 0;
    offset.look(Math.floor((now + clock.ahead - late) / STEP) * STEP, now);
    return offset.seconds;
  });
}

describe('the way from one clock to another', () => {
  it('is known to some milliseconds though the one moves by ten', () => {
    const last = lookAt({ ahead: 5.0034 }, 2).at(-1)!;
    expect(Math.abs(last - (5.0034 - STEP / 2))).toBeLessThan(0.002);
  });

  it('does not move within a key, though the clock falters', () => {
    const offsets = lookAt({ ahead: 5, late: 0.03, from: 4 }, 12).slice(40);
    const within = 0.3 / EVERY;
    const moved = offsets.slice(within).map((each, i) => Math.abs(each - offsets[i]));
    expect(Math.max(...moved)).toBeLessThan(0.0015);
    expect(Math.max(...moved)).toBeGreaterThan(0);
  });

  it('follows a clock that stays late', () => {
    const last = lookAt({ ahead: 5, late: 0.03, from: 4 }, 30).at(-1)!;
    expect(Math.abs(last - (4.97 - STEP / 2))).toBeLessThan(0.002);
  });
});
