/** A point of a curve. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What is drawn of a series of points. */
export interface Curve {
  /** Ascending in x; a y that is not finite is a gap. */
  readonly line: readonly Point[];
  /** How far the points that a point of `line` stands for reach; empty unless sampled. */
  readonly range: readonly { readonly x: number; readonly low: number; readonly high: number }[];
  /** Whether the points were too many to draw, and `line` shows their means. */
  readonly isSampled: boolean;
}

const MOST_POINTS = 400;
const BINS = 160;

/**
 * The curve of a series: its points themselves, or where they are too many to be told apart the means and
 * ranges of equal stretches of x.
 *
 * @param points ascending in x
 */
export function curveOf(points: readonly Point[]): Curve {
  if (points.length <= MOST_POINTS) return { line: points, range: [], isSampled: false };
  const first = points[0].x;
  const span = points[points.length - 1].x - first;
  const line: Point[] = [];
  const range: { x: number; low: number; high: number }[] = [];
  for (let start = 0; start < points.length; ) {
    const bin = binOf(points[start].x, first, span);
    let [count, sum, end] = [0, 0, start];
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (; end < points.length && binOf(points[end].x, first, span) === bin; end++) {
      const { y } = points[end];
      if (!Number.isFinite(y)) continue;
      count++;
      sum += y;
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
    // A stretch ends where its last point is: what a mean shows was measured by then.
    const { x } = points[end - 1];
    line.push({ x, y: count > 0 ? sum / count : Number.NaN });
    if (count > 0) range.push({ x, low, high });
    start = end;
  }
  return { line, range, isSampled: true };
}

function binOf(x: number, first: number, span: number): number {
  return span > 0 ? Math.min(BINS - 1, Math.floor(((x - first) / span) * BINS)) : 0;
}
