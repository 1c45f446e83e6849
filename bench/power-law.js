/** Fits y = floor + factor · x^−power to points. */

/** Powers that are tried. */
const POWERS = Array.from({ length: 1200 }, (_, i) => (i + 1) / 800);

/**
 * Least squares. For a given power the rest is a straight line in x^−power, so only powers are tried.
 *
 * @param {readonly (readonly [number, number])[]} points at least three
 */
export function fitPowerLaw(points) {
  const fits = POWERS.map((power) => ({ power, ...lineThrough(points.map(([x, y]) => [x ** -power, y])) }));
  const { power, factor, floor } = fits.reduce((best, fit) => (fit.squares < best.squares ? fit : best));
  return { floor, factor, power, at: (x) => floor + factor * x ** -power };
}

function lineThrough(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [u, y] = [mean(points.map(([u]) => u)), mean(points.map(([, y]) => y))];
  const factor = mean(points.map(([v, z]) => (v - u) * (z - y))) / mean(points.map(([v]) => (v - u) ** 2));
  const floor = y - factor * u;
  const squares = mean(points.map(([v, z]) => (z - floor - factor * v) ** 2));
  return { factor, floor, squares };
}
