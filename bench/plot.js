/** A small chart of one or more curves over logarithmic axes, as a standalone SVG. */
import { fittingAxis } from '../dist/charts/axis.js';

const WIDTH = 460;
const HEIGHT = 300;
const INSET = { left: 64, right: 16, top: 44, bottom: 46 };
// Of Okabe and Ito's palette, which colour-blind readers tell apart.
const COLOURS = ['#0072b2', '#d55e00', '#009e73'];
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/**
 * @param {{ title: string, x: string, y: string, curves: { name: string, points: [number, number][] }[] }}
 *   chart
 */
export function plot({ title, x: xName, y: yName, curves }) {
  const all = curves.flatMap(({ points }) => points);
  const xs = all.map(([x]) => x);
  const ys = all.map(([, y]) => y);
  const xAxis = fittingAxis(Math.min(...xs), Math.max(...xs), 6);
  const yAxis = fittingAxis(Math.min(...ys), Math.max(...ys), 6);
  const inner = { width: WIDTH - INSET.left - INSET.right, height: HEIGHT - INSET.top - INSET.bottom };
  const left = (x) => (INSET.left + xAxis.place(x) * inner.width).toFixed(1);
  const top = (y) => (INSET.top + (1 - yAxis.place(y)) * inner.height).toFixed(1);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="${FONT}" font-size="11" fill="#1f2933">`,
    `<title>${title}</title><rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="${INSET.left}" y="20" font-size="13" font-weight="600">${title}</text>`,
  ];
  for (const { value, label } of yAxis.ticks) {
    parts.push(`<path d="M${INSET.left} ${top(value)}h${inner.width}" stroke="#e4e8ee"/>`);
    parts.push(
      `<text x="${INSET.left - 8}" y="${top(value)}" dy="4" text-anchor="end" fill="#5f6b7a">${label}</text>`,
    );
  }
  for (const { value, label } of xAxis.ticks) {
    parts.push(
      `<text x="${left(value)}" y="${HEIGHT - 26}" text-anchor="middle" fill="#5f6b7a">${label}</text>`,
    );
  }
  parts.push(
    `<text x="${INSET.left + inner.width / 2}" y="${HEIGHT - 8}" text-anchor="middle">${xName}</text>`,
  );
  parts.push(`<text x="${INSET.left}" y="36" fill="#5f6b7a">${yName}</text>`);
  curves.forEach(({ name, points }, i) => {
    const colour = COLOURS[i];
    const line = points.map(([x, y]) => `${left(x)} ${top(y)}`).join('L');
    parts.push(`<path d="M${line}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    for (const [x, y] of points)
      parts.push(`<circle cx="${left(x)}" cy="${top(y)}" r="3" fill="${colour}"/>`);
    const labelX = WIDTH - INSET.right;
    if (curves.length > 1) {
      parts.push(`<text x="${labelX}" y="${36 - 14 * i}" text-anchor="end" fill="${colour}">${name}</text>`);
    }
  });
  parts.push('</svg>');
  return `${parts.join('\n')}\n`;
}
