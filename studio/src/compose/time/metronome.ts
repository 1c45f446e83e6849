/** The metronome of what is played back, and the clock for instruments that follow it. */
import { BarGrid, type Beats } from '../../../../src/index.js';
import type { Transport } from '../../../../src/web/index.js';

/** Has a transport click the beats, or be silent where there are none. */
export function clickBeats(transport: Transport, beats: Beats | undefined): void {
  if (beats === undefined) {
    transport.clicks = undefined;
    return;
  }
  const grid = new BarGrid(beats);
  transport.clicks = function* (from, to) {
    for (const { time, beat } of grid.between(from, to))
      if (time >= from && time < to) yield { time, isStrong: beat === 1 };
  };
}

/** Pulses of MIDI clock in a quarter note. */
const PULSES = 24;

/** Has a transport send MIDI clock in time with beats, or none. */
export function pulseBeats(transport: Transport, beats: Beats | undefined): void {
  const grid = beats && new BarGrid(beats);
  transport.pulses =
    grid &&
    function* (from, to) {
      for (const { time } of grid.between(from, to, PULSES)) if (time >= from && time < to) yield time;
    };
}
