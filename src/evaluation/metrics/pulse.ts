/**
 * Whether a piece has a pulse. Onsets, weighted by how hard they are struck, are compared with themselves
 * some time later (autocorrelation, as in most beat trackers since Scheirer 1998): where a pulse is kept they
 * agree a beat later.
 */
import { type GridNotes, TICKS_PER_SECOND, velocityOf } from '../../notes/grid.js';

/** Seconds from beat to beat. */
const [SHORTEST, LONGEST] = [0.25, 1.5];
/** Windows and steps between them, in seconds. */
const WINDOW = 10;
const HOP = 5;
/** By how much onsets are smeared, in seconds: so much may a beat be off. */
const SMEAR = 0.02;

export interface Pulse {
  /** Mean over windows of ten seconds: how well onsets agree with those a beat later, at most 1. */
  readonly clarity: number;
  /** From window to window, how often the beat is as long as before, or twice or half as long. */
  readonly stability: number | undefined;
}

/** The pulse of a piece; undefined for one of less than ten seconds. */
export function pulseOf(notes: GridNotes): Pulse | undefined {
  const strength = onsetStrength(notes);
  const window = WINDOW * TICKS_PER_SECOND;
  const peaks: { value: number; lag: number }[] = [];
  for (let from = 0; from + window <= strength.length; from += HOP * TICKS_PER_SECOND) {
    const peak = peakOf(strength.subarray(from, from + window));
    if (peak !== undefined) peaks.push(peak);
  }
  if (peaks.length === 0) return undefined;
  const clarity = peaks.reduce((sum, { value }) => sum + value, 0) / peaks.length;
  let kept = 0;
  for (let i = 1; i < peaks.length; i++) kept += Number(isKept(peaks[i - 1].lag, peaks[i].lag));
  return { clarity, stability: peaks.length > 1 ? kept / (peaks.length - 1) : undefined };
}

/** Tempos that differ by less than this part are one. */
const SAME = 0.06;

function isKept(before: number, now: number): boolean {
  const ratio = now / before;
  return [0.5, 1, 2].some((factor) => Math.abs(ratio / factor - 1) < SAME);
}

/** For each tick the smeared velocities of what is struck there. */
function onsetStrength({ length, onset, velocity }: GridNotes): Float64Array {
  const end = length > 0 ? onset[length - 1] + 1 : 0;
  const strength = new Float64Array(end);
  const reach = Math.ceil(4 * SMEAR * TICKS_PER_SECOND);
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-0.5 * ((i - reach) / (SMEAR * TICKS_PER_SECOND)) ** 2),
  );
  for (let n = 0; n < length; n++) {
    for (let i = 0; i < kernel.length; i++) {
      const at = onset[n] - reach + i;
      if (at >= 0 && at < end) strength[at] += kernel[i] * velocityOf(velocity[n]);
    }
  }
  return strength;
}

/** The largest normalised autocorrelation; undefined where nothing is struck. */
function peakOf(window: Float64Array): { value: number; lag: number } | undefined {
  const mean = window.reduce((sum, x) => sum + x, 0) / window.length;
  const centred = window.map((x) => x - mean);
  const energy = centred.reduce((sum, x) => sum + x * x, 0);
  if (!(energy > 0)) return undefined;
  let peak = { value: Number.NEGATIVE_INFINITY, lag: 0 };
  for (let lag = SHORTEST * TICKS_PER_SECOND; lag <= LONGEST * TICKS_PER_SECOND; lag++) {
    let sum = 0;
    for (let i = lag; i < centred.length; i++) sum += centred[i] * centred[i - lag];
    const value = sum / energy;
    if (value > peak.value) peak = { value, lag };
  }
  return peak;
}
