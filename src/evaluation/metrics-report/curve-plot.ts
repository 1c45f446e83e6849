/** A small chart of some curves over one axis. */
import { linearAxis } from '../../charts/axis.js';
import { coordinate, svgImage, svgText } from './svg.js';

/** What a curve shows, which decides its colour. */
export type CurveRole = 'generated' | 'reference' | 'between';

export interface PlottedCurve {
  readonly role: CurveRole;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface CurvePlotOptions {
  readonly title: string;
  /** What the axis measures. */
  readonly xLabel: string;
  /** More for the reader, at the right of the title. */
  readonly detail?: string;
  /** What to write at some places of the axis instead of its numbers. */
  readonly ticks?: readonly { readonly value: number; readonly label: string }[];
}

const WIDTH = 340;
const HEIGHT = 190;
const INSET = { top: 30, right: 16, bottom: 38, left: 18 };
const TICKS = 5;
/**
 * A curve that peaks at more than this times the next one's height is cut off: the others would be flat
 * beside it.
 */
const HIGHEST = 2.5;

/**
 * Draws curves, each filled down to 0; how high they are is only comparable within the chart, and has no
 * axis.
 */
export function curvePlot(curves: readonly PlottedCurve[], options: CurvePlotOptions): string {
  const points = curves.flatMap((curve) => curve.points);
  const [low, high] = [Math.min, Math.max].map((extreme) => {
    return points.reduce((found, { x }) => extreme(found, x), points[0].x);
  });
  const top = topOf(curves);
  const axis = linearAxis(low, high, TICKS);
  const [width, height] = [WIDTH - INSET.left - INSET.right, HEIGHT - INSET.top - INSET.bottom];
  const bottom = INSET.top + height;
  const atX = (x: number) => INSET.left + axis.place(x) * width;
  const parts = [svgText(INSET.left, 16, options.title, 'class="title"')];
  if (options.detail) parts.push(svgText(WIDTH - INSET.right, 16, options.detail, 'class="faint end"'));
  for (const { value, label } of options.ticks ?? axis.ticks) {
    const x = atX(value);
    if (x < INSET.left - 0.5 || x > WIDTH - INSET.right + 0.5) continue;
    parts.push(`<path d="M${coordinate(x)} ${bottom}v4" class="axis"/>`);
    parts.push(svgText(x, bottom + 16, label, 'class="faint middle"'));
  }
  for (const curve of curves) {
    const line = curve.points.map(({ x, y }) => {
      return `${coordinate(atX(x))} ${coordinate(bottom - Math.min(1, y / top) * height)}`;
    });
    const [first, last] = [curve.points[0].x, curve.points[curve.points.length - 1].x]
      .map(atX)
      .map(coordinate);
    parts.push(
      `<path d="M${first} ${bottom}L${line.join('L')}L${last} ${bottom}Z" class="area ${curve.role}"/>`,
    );
    parts.push(`<path d="M${line.join('L')}" class="line ${curve.role}"/>`);
  }
  parts.push(`<path d="M${INSET.left} ${bottom}h${width}" class="axis"/>`);
  parts.push(svgText(INSET.left + width / 2, bottom + 32, options.xLabel, 'class="faint middle"'));
  return svgImage(WIDTH, HEIGHT, options.title, parts);
}

function topOf(curves: readonly PlottedCurve[]): number {
  const peaks = curves.map(({ points }) => points.reduce((peak, { y }) => Math.max(peak, y), 0));
  const [highest, next = 0] = peaks.sort((a, b) => b - a);
  return (next > 0 ? Math.min(highest, HIGHEST * next) : highest) || 1;
}
