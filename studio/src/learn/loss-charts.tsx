/** The losses as they come, one small chart each: a line for training, points for the held-out pieces. */
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { LossRecord } from '../../../src/index.js';
import { formatLoss, lossName, lossUnit } from './run-words.js';
import { chartData } from './training/chart-data.js';

export function LossCharts({
  losses,
  preset,
}: {
  readonly losses: readonly LossRecord[];
  readonly preset: string;
}) {
  const names = Object.keys(losses[0].losses).sort((a, b) => rank(a) - rank(b));
  return (
    <section class="learn-panel" aria-label="Losses">
      <div class="chart-head">
        <h2>Losses</h2>
        <p class="muted small">
          by steps: <span class="key key-training" /> training <span class="key key-held-out" /> held-out
          pieces
        </p>
      </div>
      <div class="charts">
        {names.map((name) => (
          <LossChart key={name} name={name} losses={losses} preset={preset} />
        ))}
      </div>
    </section>
  );
}

/** The whole first, then in the order in which one thinks of a note. */
const ORDER = [
  'loss',
  'pitch_loss',
  'time_loss',
  'symbol_loss',
  'step_loss',
  'duration_loss',
  'velocity_loss',
];
const rank = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);

interface LossChartProps {
  readonly name: string;
  readonly losses: readonly LossRecord[];
  readonly preset: string;
}

const HEIGHT = 150;

function LossChart({ name, losses, preset }: LossChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const draw = () => {
      const data = chart.current?.data ?? chartData([], name);
      chart.current?.destroy();
      chart.current = new uPlot(optionsFor(element), data as uPlot.AlignedData, element);
    };
    draw();
    const resized = new ResizeObserver(() =>
      chart.current?.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    resized.observe(element);
    // The chart is painted in the theme's colours, which a canvas does not follow by itself.
    const themed = new MutationObserver(draw);
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', draw);
    return () => {
      resized.disconnect();
      themed.disconnect();
      dark.removeEventListener('change', draw);
      chart.current?.destroy();
    };
  }, []);
  useEffect(() => {
    chart.current?.setData(chartData(losses, name) as uPlot.AlignedData);
  }, [losses]);
  const title = lossName(name, preset);
  const unit = lossUnit(name, preset);
  return (
    <figure class="chart">
      <figcaption>
        {title} {unit !== '' && unit !== title.toLowerCase() && <span class="muted small">{unit}</span>}
      </figcaption>
      <div ref={host} class="chart-plot" role="img" aria-label={`${title}: ${describe(losses, name)}`} />
    </figure>
  );
}

function describe(losses: readonly LossRecord[], name: string): string {
  const last = (split: LossRecord['split']) =>
    losses.filter((record) => record.split === split).at(-1)?.losses[name];
  const [training, heldOut] = [last('train'), last('validation')];
  const parts = [
    ...(training === undefined ? [] : [`training ${formatLoss(training)}`]),
    ...(heldOut === undefined ? [] : [`held-out pieces ${formatLoss(heldOut)}`]),
  ];
  return parts.join(', ');
}

function optionsFor(element: HTMLElement): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: colour('--muted'),
    font: `11px ${style.fontFamily}`,
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    gap: 4,
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false } },
    axes: [
      {
        ...axis,
        size: 20,
        space: 60,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6],
      },
      {
        ...axis,
        size: 44,
        space: 28,
        values: (_, values) => values.map((value) => String(Number(value.toPrecision(4)))),
      },
    ],
    series: [
      {},
      { stroke: colour('--accent'), width: 1, alpha: 0.3, spanGaps: true, points: { show: false } },
      { stroke: colour('--accent'), width: 2, spanGaps: true, points: { show: false } },
      {
        stroke: colour('--ink'),
        width: 1,
        dash: [3, 3],
        spanGaps: true,
        points: { show: true, size: 7, fill: colour('--ink'), stroke: colour('--ink') },
      },
    ],
  };
}
