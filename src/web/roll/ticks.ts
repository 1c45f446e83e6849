/** The marks of the ruler: in seconds, or in bars and beats where they are known. */
import type { BarGrid } from '../../notes/bar-grid.js';
import type { TimeScale } from './geometry.js';

/** A mark of the ruler. */
export interface Tick {
  readonly time: number;
  /** Its time, or its bar, in words; empty for a minor mark. */
  readonly label: string;
  /** Whether a line goes down from it through the notes; a faint one where undefined. */
  readonly isMain?: boolean;
}

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600];
/** Pixels between labelled marks at least. */
const APART = 64;

/** The marks of the ruler within a view. */
export function ticksOf({ view, width }: TimeScale): Tick[] {
  const span = view.end - view.start;
  const step = STEPS.find((seconds) => (seconds / span) * width >= APART) ?? STEPS[STEPS.length - 1];
  const parts = [0.2, 0.5, 2, 5].includes(step) ? 2 : 5;
  const ticks: Tick[] = [];
  const first = Math.ceil((view.start * parts) / step - 1e-9);
  for (let i = first; (i * step) / parts <= view.end; i++) {
    const time = (i * step) / parts;
    const isMain = i % parts === 0;
    ticks.push({ time, label: isMain ? timeLabel(time, step < 1 ? 1 : 0) : '', isMain });
  }
  return ticks;
}

/** Pixels between beats that are marked, and between bars that are numbered, at least. */
const BEATS_APART = 9;
const BARS_APART = 36;
/** Pixels that a beat needs to be numbered too. */
const NUMBERED_BEAT = 44;

/** The marks of the ruler within a view, by bars: "5", and "5.2" where there is room. */
export function barTicksOf({ view, density }: TimeScale, grid: BarGrid): Tick[] {
  const { bar: first } = grid.placeAt(view.start);
  const { bar: last } = grid.placeAt(view.end);
  const bars = last - first + 1;
  const barWidth = ((grid.secondsOf(last + 1) - grid.secondsOf(first)) / bars) * density;
  let every = 1;
  while (every * barWidth < BARS_APART) every *= 2;
  const ticks: Tick[] = [];
  for (let bar = first; bar <= last; bar++) {
    const isMain = (bar - 1) % every === 0;
    const beats = grid.beatsIn(bar);
    const time = grid.secondsOf(bar);
    if (isMain) ticks.push({ time, label: String(bar), isMain });
    else if (barWidth >= BEATS_APART) ticks.push({ time, label: '' });
    const beatWidth = ((grid.secondsOf(bar + 1) - time) / beats) * density;
    if (beatWidth < BEATS_APART) continue;
    for (let beat = 2; beat <= beats; beat++)
      ticks.push({
        time: grid.secondsOf(bar, beat),
        label: beatWidth >= NUMBERED_BEAT ? `${bar}.${beat}` : '',
      });
  }
  return ticks.filter(({ time }) => time >= view.start - 1e-9 && time <= view.end + 1e-9);
}

/** A time as "1:02" or, with decimals, "1:02.5". */
export function timeLabel(seconds: number, decimals = 0): string {
  const unit = 10 ** decimals;
  const rounded = Math.round(Math.max(0, seconds) * unit) / unit;
  const minutes = Math.floor(rounded / 60 + 1e-9);
  const rest = (rounded - 60 * minutes).toFixed(decimals);
  return `${minutes}:${rest.padStart(decimals > 0 ? 3 + decimals : 2, '0')}`;
}
