/** The picture of a training: its losses by epoch, as a standalone SVG. */
import { type Axis, fittingAxis, formatNumber, linearAxis } from './axis.js';
import { type Curve, curveOf } from './curve.js';

/** The losses at one moment of a training. */
export interface LossRecord {
  /** Epochs trained so far; fractional within an epoch. */
  readonly epoch: number;
  /** On which part of the corpus they were measured. */
  readonly split: 'train' | 'validation';
  /** Each loss by name; the one that is minimised is called `loss`. */
  readonly losses: Readonly<Record<string, number>>;
  /** Updates of the weights so far. */
  readonly updates?: number;
  /** Seconds of training so far. */
  readonly seconds?: number;
}

/** What {@link lossPlot} may be told beyond the records. */
export interface LossPlotOptions {
  readonly title?: string;
  /** A line below the title, for example the model and the corpus. */
  readonly subtitle?: string;
  /**
   * The epoch whose weights were kept; by default where the first loss is least, on validation if there is
   * any.
   */
  readonly bestEpoch?: number;
  /** Units by loss, for example `{ pitch: 'nats' }`. */
  readonly units?: Readonly<Record<string, string>>;
}

const SPLITS = ['train', 'validation'] as const;
type Split = (typeof SPLITS)[number];

// Blue and vermilion of Okabe and Ito's palette, which colour-blind readers tell apart; both are legible on
// white.
const COLOURS: Record<Split, string> = { train: '#0072b2', validation: '#d55e00' };
const NAMES: Record<Split, string> = { train: 'training', validation: 'validation' };
const INK = '#1f2933';
const FAINT_INK = '#5f6b7a';
const GRID = '#e4e8ee';
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

const WIDTH = 960;
const HEADER_HEIGHT = 112;
const MARGIN = 28;
const GAP = 32;
const ROW_GAP = 18;
const PANEL_HEIGHT = 262;
// Within a panel, around its plot area: the heading above, tick labels left and below.
const INSET = { top: 40, right: 4, bottom: 40, left: 50 };

/** One loss's place in the picture. */
interface Panel {
  readonly name: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly curves: ReadonlyMap<Split, Curve>;
  readonly x: Axis;
  readonly y: Axis;
}

/**
 * Draws the losses of a training by epoch: one panel a loss, with a curve for training and one for
 * validation, each on a linear or a log scale as fits. Many records, as of single steps, are drawn as their
 * mean with their range behind.
 *
 * @param records in any order; losses that are not finite leave a gap
 * @returns a standalone SVG document
 */
export function lossPlot(records: readonly LossRecord[], options: LossPlotOptions = {}): string {
  const panels = layOut(records);
  const best = options.bestEpoch ?? bestEpoch(panels[0]);
  const rows = Math.max(1, Math.ceil(panels.length / 2));
  const height = HEADER_HEIGHT + rows * (PANEL_HEIGHT + ROW_GAP);
  const title = options.title ?? 'Losses by epoch';
  const content =
    panels.length === 0
      ? text(WIDTH / 2, height / 2, 'No losses recorded yet', `fill="${FAINT_INK}" text-anchor="middle"`)
      : panels.map((panel) => panelSvg(panel, best, options.units?.[panel.name])).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" font-family="${FONT}" font-size="12" fill="${INK}">
<title>${escapeXml(title)}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
${text(MARGIN, 42, shortened(title, 75), 'font-size="21" font-weight="600"')}
${text(MARGIN, 65, shortened(options.subtitle ?? '', 125), `font-size="13" fill="${FAINT_INK}"`)}
${legend(panels, best)}
${content}
</svg>
`;
}

function layOut(records: readonly LossRecord[]): Panel[] {
  const ordered = records.filter(({ epoch }) => Number.isFinite(epoch)).toSorted((a, b) => a.epoch - b.epoch);
  const named = [...new Set(ordered.flatMap(({ losses }) => Object.keys(losses)))];
  const names = named.filter((name) => ordered.some(({ losses }) => Number.isFinite(losses[name])));
  names.sort((a, b) => Number(b === 'loss') - Number(a === 'loss'));

  const first = ordered[0]?.epoch;
  const last = ordered.at(-1)?.epoch ?? 0;
  const from = first > 0 && first <= Math.max(1, last / 4) ? 0 : first;
  const room = WIDTH - 2 * MARGIN;
  const width = names.length === 1 ? room : (room - GAP) / 2;
  return names.map((name, i) => {
    const curves = new Map<Split, Curve>();
    for (const split of SPLITS) {
      const points = ordered.flatMap((record) =>
        record.split === split && Object.hasOwn(record.losses, name)
          ? [{ x: record.epoch, y: record.losses[name] }]
          : [],
      );
      if (points.some(({ y }) => Number.isFinite(y))) curves.set(split, curveOf(points));
    }
    const values = [...curves.values()].flatMap(({ line }) =>
      line.flatMap(({ y }) => (Number.isFinite(y) ? [y] : [])),
    );
    return {
      name,
      left: MARGIN + (i % 2) * (width + GAP) + INSET.left,
      top: HEADER_HEIGHT + Math.floor(i / 2) * (PANEL_HEIGHT + ROW_GAP) + INSET.top,
      width: width - INSET.left - INSET.right,
      height: PANEL_HEIGHT - INSET.top - INSET.bottom,
      curves,
      x: linearAxis(from, last, names.length === 1 ? 15 : 8, true),
      y: fittingAxis(Math.min(...values), Math.max(...values), 5),
    };
  });
}

/** Where the panel's loss is least, on validation if there is any. */
function bestEpoch(panel: Panel | undefined): number | undefined {
  const line = (panel?.curves.get('validation') ?? panel?.curves.get('train'))?.line ?? [];
  let best: { x: number; y: number } | undefined;
  for (const point of line) if (point.y < (best?.y ?? Number.POSITIVE_INFINITY)) best = point;
  return best?.x;
}

function panelSvg(panel: Panel, best: number | undefined, unit: string | undefined): string {
  const { left, top, width, height, curves, x, y } = panel;
  const right = left + width;
  const bottom = top + height;
  const atX = (value: number) => number(left + clamp(x.place(value)) * width);
  const atY = (value: number) => number(bottom - clamp(y.place(value)) * height);
  const parts: string[] = [];

  const details = [unit, y.scale === 'log' ? 'log scale' : undefined].filter(
    (detail) => detail !== undefined,
  );
  parts.push(
    `<text x="${left - INSET.left}" y="${top - 16}"><tspan font-size="15" font-weight="600">${escapeXml(shortened(panel.name, 24))}</tspan>` +
      `<tspan dx="8" fill="${FAINT_INK}">${escapeXml(shortened(details.join(', '), 24))}</tspan></text>`,
    valuesAt(panel, best),
  );
  for (const { value, label } of y.ticks) {
    parts.push(
      `<path d="M${left} ${atY(value)}H${right}" stroke="${GRID}"/>`,
      text(left - 8, Number(atY(value)) + 4, label, `fill="${FAINT_INK}" text-anchor="end"`),
    );
  }
  parts.push(`<path d="M${left} ${bottom}H${right}" stroke="${FAINT_INK}"/>`);
  for (const { value, label } of x.ticks) {
    parts.push(
      `<path d="M${atX(value)} ${bottom}v5" stroke="${FAINT_INK}"/>`,
      text(Number(atX(value)), bottom + 19, label, `fill="${FAINT_INK}" text-anchor="middle"`),
    );
  }
  parts.push(text(left + width / 2, bottom + 36, 'epoch', `fill="${FAINT_INK}" text-anchor="middle"`));

  if (best !== undefined && x.place(best) >= 0 && x.place(best) <= 1) {
    parts.push(`<path d="M${atX(best)} ${top}V${bottom}" stroke="${INK}" stroke-dasharray="3 4"/>`);
  }
  for (const [split, { line, range, isSampled }] of curves) {
    const colour = COLOURS[split];
    if (range.length > 0) {
      const upper = range.map((point) => `${atX(point.x)} ${atY(point.high)}`);
      const lower = range.map((point) => `${atX(point.x)} ${atY(point.low)}`).reverse();
      parts.push(`<path d="M${[...upper, ...lower].join('L')}Z" fill="${colour}" fill-opacity="0.16"/>`);
    }
    let path = '';
    for (const [i, point] of line.entries()) {
      if (!Number.isFinite(point.y)) continue;
      const isStart = i === 0 || !Number.isFinite(line[i - 1].y);
      // A line of no length shows as a dot: a point between two gaps.
      path += isStart ? `M${atX(point.x)} ${atY(point.y)}h0` : `L${atX(point.x)} ${atY(point.y)}`;
    }
    parts.push(
      `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/>`,
    );
    const dots = line.filter((point) => Number.isFinite(point.y));
    if (!isSampled && (dots.length === 1 || (split === 'validation' && dots.length <= 60))) {
      const circles = dots.map((point) => `<circle cx="${atX(point.x)}" cy="${atY(point.y)}" r="3"/>`);
      parts.push(`<g fill="${colour}" stroke="#ffffff">${circles.join('')}</g>`);
    }
  }
  return `<g>\n${parts.join('\n')}\n</g>`;
}

/** The losses at the best epoch, at the right of a panel's heading. */
function valuesAt({ curves, left, top, width }: Panel, best: number | undefined): string {
  if (best === undefined) return '';
  const values: string[] = [];
  for (const [split, { line }] of curves) {
    const point = line.findLast(({ x, y }) => x <= best && Number.isFinite(y));
    if (point === undefined) continue;
    values.push(`<tspan dx="8" fill="${COLOURS[split]}" font-weight="600">${formatNumber(point.y)}</tspan>`);
  }
  if (values.length === 0) return '';
  return (
    `<text x="${left + width}" y="${top - 16}" text-anchor="end">` +
    `<tspan fill="${FAINT_INK}">at epoch ${epochLabel(best)}</tspan>${values.join('')}</text>`
  );
}

function legend(panels: readonly Panel[], best: number | undefined): string {
  const splits = SPLITS.filter((split) => panels.some(({ curves }) => curves.has(split)));
  const entries: { label: string; sample: string }[] = splits.map((split) => ({
    label: NAMES[split] + (panels.some(({ curves }) => curves.get(split)?.isSampled) ? ' (mean, range)' : ''),
    sample:
      `<path d="M0 0h26" stroke="${COLOURS[split]}" stroke-width="2"/>` +
      (split === 'validation' ? `<circle cx="13" r="3" fill="${COLOURS[split]}" stroke="#ffffff"/>` : ''),
  }));
  if (best !== undefined) {
    const sample = `<path d="M13 -9v18" stroke="${INK}" stroke-dasharray="3 4"/>`;
    entries.push({ label: `best epoch: ${epochLabel(best)}`, sample });
  }
  let x = MARGIN;
  const drawn = entries.map(({ label, sample }) => {
    const start = x;
    x += 34 + label.length * 6.6 + 26; // the sample, letters taken as 6.6 wide, room
    return `<g transform="translate(${number(start)} 90)">${sample}${text(34, 4, label)}</g>`;
  });
  return drawn.join('\n');
}

function epochLabel(epoch: number): string {
  return Number.isInteger(epoch) ? String(epoch) : epoch.toFixed(2);
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${number(x)}" y="${number(y)}" ${attributes}>${escapeXml(content)}</text>`;
}

function number(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function clamp(place: number): number {
  return Math.min(1, Math.max(0, place));
}

function shortened(content: string, length: number): string {
  return content.length > length ? `${content.slice(0, length - 1)}…` : content;
}

function escapeXml(content: string): string {
  return content
    .replace(/[^\t\n\r\x20-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}
