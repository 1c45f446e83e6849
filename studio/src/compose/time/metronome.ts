/** The metronome of what is played back. */
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
