/**
 * The charts of a metrics report: mean histograms of the sets, and the densities of distances that overlaps
 * come from.
 */
import { LOWEST_PITCH, velocityOf } from '../../notes/grid.js';
import { noteName } from '../../notes/note-name.js';
import { binWidth, firstTick } from '../../representation/time-bins.js';
import type { Calibration } from '../metrics/calibration.js';
import { FEATURES, type FeatureName } from '../metrics/features.js';
import type { Comparison, Metrics } from '../metrics/metrics.js';
import type { DensityCurves, FeatureComparison } from '../metrics/overlap.js';
import type { SetMetrics } from '../metrics/set-metrics.js';
import { type CurvePlotOptions, curvePlot, type PlottedCurve } from './curve-plot.js';

/** Points of a density's curve: more cannot be told apart. */
const CURVE_POINTS = 200;
/** Ticks of a logarithmic time axis. */
const TIME_TICKS = [1, 10, 100, 1000].map((ticks) => ({
  value: Math.log10(ticks),
  label: `${ticks / 100} s`,
}));

/** Where bin i of a histogram lies on the axis, and its share per unit of the axis. */
type Bins = (shares: Float64Array) => { x: number; y: number }[];

const PLAIN: Bins = (shares) => Array.from(shares, (y, x) => ({ x, y }));
const VELOCITIES: Bins = (shares) => Array.from(shares, (y, bin) => ({ x: velocityOf(bin), y }));
/** The first bin, within a tick, has no place on a logarithmic axis and is left to the table. */
const TIMES: Bins = (shares) =>
  Array.from(shares, (share, bin) => {
    const [from, to] = [firstTick(bin), firstTick(bin) + binWidth(bin)];
    return { x: Math.log10((from + to - 1) / 2), y: share / Math.log10(to / Math.max(from, 0.5)) };
  }).slice(1);

const HISTOGRAMS: readonly [FeatureName, Bins, Omit<CurvePlotOptions, 'title'>][] = [
  ['pitchClassHistogram', PLAIN, { xLabel: 'pitch class', ticks: pitchClassTicks() }],
  ['interOnsetHistogram', TIMES, { xLabel: 'from onset to onset, 10 ms and more', ticks: TIME_TICKS }],
  ['durationHistogram', TIMES, { xLabel: 'note sounds for', ticks: TIME_TICKS }],
  ['velocityHistogram', VELOCITIES, { xLabel: 'MIDI velocity' }],
];

/** One chart for each kind of histogram: the means over the pieces of each set. */
export function histogramPlots({ generated, reference }: Metrics): string[] {
  return HISTOGRAMS.map(([name, bins, options]) => {
    const curve = (role: 'generated' | 'reference', set: SetMetrics): PlottedCurve => {
      return { role, points: bins(set.meanFeatures[name]) };
    };
    const curves = reference ? [curve('reference', reference)] : [];
    return curvePlot([...curves, curve('generated', generated)], { title: labelOf(name), ...options });
  });
}

const MINUTE_CHARTS = [
  { name: 'notesPerSecond', title: 'Notes a second' },
  { name: 'duration', title: 'Median length of notes' },
  { name: 'polyphony', title: 'Notes that sound at once' },
] as const;

/** How the sets go on: one chart for each thing that may run away, minute by minute. */
export function minutePlots({ generated, reference }: Metrics): string[] {
  const most = generated.minutes.length;
  if (most < 2) return [];
  return MINUTE_CHARTS.map(({ name, title }) => {
    const curve = (role: 'generated' | 'reference', { minutes }: SetMetrics): PlottedCurve[] =>
      minutes.length < 2
        ? []
        : [{ role, points: minutes.slice(0, most).map((minute, m) => ({ x: m + 1, y: minute[name] })) }];
    const curves = [...(reference ? curve('reference', reference) : []), ...curve('generated', generated)];
    return curvePlot(curves, { title, xLabel: 'minute' });
  });
}

/** Bits a note, minute by minute. */
export function calibrationPlot({ model, generated, reference }: Calibration): string {
  const curve = (role: 'generated' | 'reference', minutes: readonly number[] = []): PlottedCurve[] =>
    minutes.length < 2 ? [] : [{ role, points: minutes.map((y, m) => ({ x: m + 1, y })) }];
  const beside = reference?.slice(0, generated.length);
  const curves = [...curve('reference', beside), ...curve('generated', generated)];
  return curves.length > 0 ? curvePlot(curves, { title: `Bits a note of ${model}`, xLabel: 'minute' }) : '';
}

/** How alike bars are by how far apart they lie; nothing where no piece has beats. */
export function formPlots({ generated, reference }: Metrics): string[] {
  const curve = (role: 'generated' | 'reference', set?: SetMetrics): PlottedCurve[] =>
    set?.likeness ? [{ role, points: Array.from(set.likeness.byLag, (y, lag) => ({ x: lag + 1, y })) }] : [];
  const curves = [...curve('reference', reference), ...curve('generated', generated)];
  return curves.length > 0 ? [curvePlot(curves, { title: 'Likeness of bars', xLabel: 'bars apart' })] : [];
}

/** One chart for each feature. */
export function overlapPlots(comparison: Comparison): string[] {
  return FEATURES.map(({ name, label, unit }) => {
    const feature: FeatureComparison = comparison.features[name];
    return curvePlot(densityCurves(feature.curves), {
      title: label,
      xLabel: `distance${unit === 'share' ? '' : `, ${unit}`}`,
      detail: `overlap ${feature.reference.overlap.toFixed(3)}`,
    });
  });
}

function densityCurves({ grid, ...densities }: DensityCurves): PlottedCurve[] {
  const every = Math.ceil(grid.points / CURVE_POINTS);
  const points = (density: Float64Array) => {
    // The highest of those that share a point, so that narrow peaks stay.
    return Array.from({ length: Math.ceil(grid.points / every) }, (_, i) => {
      const [from, to] = [i * every, Math.min(grid.points, (i + 1) * every)];
      return { x: grid.low + ((from + to - 1) / 2) * grid.step, y: Math.max(...density.subarray(from, to)) };
    });
  };
  const { withinReference, between, withinGenerated } = densities;
  const curves: PlottedCurve[] = [
    { role: 'reference', points: points(withinReference) },
    { role: 'between', points: points(between) },
  ];
  if (withinGenerated) curves.push({ role: 'generated', points: points(withinGenerated) });
  return curves;
}

function labelOf(name: FeatureName): string {
  return FEATURES.find((feature) => feature.name === name)!.label;
}

function pitchClassTicks(): { value: number; label: string }[] {
  const lowestC = Math.ceil(LOWEST_PITCH / 12) * 12;
  return Array.from({ length: 12 }, (_, value) => {
    return { value, label: noteName(lowestC + value).replace(/\d+$/, '') };
  });
}
