import { describe, expect, it } from 'vitest';
import { curvePlot, type PlottedCurve } from './curve-plot.js';

const curve = (role: PlottedCurve['role'], ys: readonly number[]): PlottedCurve => ({
  role,
  points: ys.map((y, x) => ({ x, y })),
});

/** The points of a curve's line. */
function lineOf(svg: string, role: string): number[][] {
  const [, path] = svg.match(new RegExp(`<path d="([^"]*)" class="line ${role}"`))!;
  return [...path.matchAll(/([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

const [LEFT, RIGHT, TOP, BOTTOM] = [18, 340 - 16, 30, 190 - 38];

describe('curvePlot', () => {
  it('puts the curves between 0 and the highest of them', () => {
    const svg = curvePlot([curve('reference', [0, 2, 1]), curve('generated', [1, 1, 1])], {
      title: 'A <title>',
      xLabel: 'seconds',
      detail: 'overlap 0.5',
    });
    const middle = (TOP + BOTTOM) / 2;
    expect(lineOf(svg, 'reference')).toEqual([
      [LEFT, BOTTOM],
      [(LEFT + RIGHT) / 2, TOP],
      [RIGHT, middle],
    ]);
    expect(lineOf(svg, 'generated').map(([, y]) => y)).toEqual([middle, middle, middle]);
    for (const text of ['A &lt;title&gt;', 'seconds', 'overlap 0.5'])
      expect(svg).toContain(`>${text}</text>`);
  });

  it('cuts off a curve that would flatten the others', () => {
    const svg = curvePlot([curve('between', [0, 1, 0]), curve('generated', [0, 100, 0])], {
      title: '',
      xLabel: '',
    });
    expect(lineOf(svg, 'generated')[1][1]).toBe(TOP);
    expect(lineOf(svg, 'between')[1][1]).toBeCloseTo(BOTTOM - (BOTTOM - TOP) / 2.5, 1);
  });

  it('shows the ticks it is told to, if they are on the axis', () => {
    const ticks = [
      { value: 1, label: 'one' },
      { value: 9, label: 'nine' },
    ];
    const svg = curvePlot([curve('reference', [0, 0, 0])], { title: '', xLabel: '', ticks });
    expect(svg).toContain('>one</text>');
    expect(svg).not.toContain('nine');
    expect(svg).not.toContain('NaN');
  });
});
