import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LossRecord, lossPlot } from './loss-plot.js';

const RECORDS: LossRecord[] = [1, 2, 3, 4].flatMap((epoch) => [
  { epoch, split: 'train', losses: { pitch: 5 - epoch / 10, loss: 1 / epoch } },
  {
    epoch,
    split: 'validation',
    losses: { pitch: 5.1 - epoch / 10, loss: 1 / epoch + 0.3 * Math.abs(epoch - 3) },
  },
]);

/** Throws unless tags are balanced and text has no stray markup. */
function checkXml(svg: string): void {
  const open: string[] = [];
  const rest = svg.replace(
    /<(\/?)([a-z]+)((?: [\w:-]+="[^"<&]*")*)\s*(\/?)>/g,
    (_, close, name, _attributes, empty) => {
      if (close) expect(open.pop()).toBe(name);
      else if (!empty) open.push(name);
      return '';
    },
  );
  expect(open).toEqual([]);
  expect(rest.replace(/&(amp|lt|gt|quot);/g, '')).not.toMatch(/[<>&]/);
}

/** The headings of the panels, in order. */
function panelNames(svg: string): string[] {
  return [...svg.matchAll(/font-size="15" font-weight="600">([^<]*)</g)].map(([, name]) => name);
}

describe('lossPlot', () => {
  it('draws a panel a loss, the minimised one first, and a curve a split', () => {
    const svg = lossPlot(RECORDS, { title: 'Run 1', subtitle: 'MAESTRO', units: { pitch: 'nats' } });
    checkXml(svg);
    expect(panelNames(svg)).toEqual(['loss', 'pitch']);
    expect(svg.match(/<path d="M[^"]*h0L[^"]*" fill="none" stroke="#0072b2"/g)).toHaveLength(2);
    expect(svg.match(/<path d="M[^"]*h0L[^"]*" fill="none" stroke="#d55e00"/g)).toHaveLength(2);
    expect(svg).toContain('>Run 1</text>');
    expect(svg).toContain('>MAESTRO</text>');
    expect(svg).toContain('>nats</tspan>');
  });

  it('puts the points where the axes say', () => {
    const records: LossRecord[] = [0, 1, 2].map((epoch) => ({
      epoch,
      split: 'train',
      losses: { loss: 10 + epoch },
    }));
    const svg = lossPlot(records);
    const [, line] = svg.match(/<path d="([^"]*)" fill="none"/)!;
    const points = [...line.matchAll(/([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    const tick = (label: string) => {
      const [, x, y] = svg.match(new RegExp(`<text x="([\\d.]+)" y="([\\d.]+)" [^>]*>${label}</text>`))!;
      return [Number(x), Number(y) - 4];
    };
    expect(points.map(([x]) => x)).toEqual([tick('0')[0], tick('1')[0], tick('2')[0]]);
    expect(points.map(([, y]) => y)).toEqual([tick('10.0')[1], tick('11.0')[1], tick('12.0')[1]]);
  });

  it('marks the best epoch: by validation, else by training, or as told', () => {
    expect(lossPlot(RECORDS)).toContain('best epoch: 3<');
    expect(lossPlot(RECORDS.filter(({ split }) => split === 'train'))).toContain('best epoch: 4<');
    const told = lossPlot(RECORDS, { bestEpoch: 2 });
    expect(told).toContain('best epoch: 2<');
    // The values in the heading are those of that epoch.
    expect(told).toContain('at epoch 2</tspan><tspan dx="8" fill="#0072b2" font-weight="600">0.5000</tspan>');
    expect(told).toContain('<tspan dx="8" fill="#d55e00" font-weight="600">0.8000</tspan>');
  });

  it('leaves a gap where a loss is not finite', () => {
    const values = [1, 2, Number.NaN, 3, Number.POSITIVE_INFINITY, 4, 5];
    const svg = lossPlot(values.map((loss, epoch) => ({ epoch, split: 'train', losses: { loss } })));
    const [, line] = svg.match(/<path d="([^"]*)" fill="none"/)!;
    expect(line.match(/M/g)).toHaveLength(3);
    expect(line.match(/L/g)).toHaveLength(2);
  });

  it('stays small however many steps were logged', () => {
    const records = Array.from({ length: 50_000 }, (_, i): LossRecord => {
      return { epoch: i / 1000, split: 'train', losses: { loss: 1 + (i % 7), pitch: 2 } };
    });
    const svg = lossPlot(records);
    expect(svg.length).toBeLessThan(40_000);
    expect(svg).toContain('fill-opacity');
    expect(svg).toContain('training (mean, range)');
  });

  it('says so when there is nothing to draw', () => {
    checkXml(lossPlot([]));
    expect(lossPlot([])).toContain('No losses recorded yet');
    expect(lossPlot([{ epoch: 1, split: 'train', losses: { loss: Number.NaN } }])).toContain('No losses');
  });

  it('is well-formed and free of impossible numbers for any records', () => {
    const record = fc.record({
      epoch: fc.oneof(fc.nat(50), fc.double()),
      split: fc.constantFrom('train' as const, 'validation' as const),
      losses: fc.dictionary(fc.oneof(fc.constant('loss'), fc.string({ unit: 'binary' })), fc.double(), {
        maxKeys: 3,
      }),
    });
    fc.assert(
      fc.property(fc.array(record), fc.string({ unit: 'binary' }), (records, title) => {
        const svg = lossPlot(records, { title });
        checkXml(svg);
        expect(svg.replace(/<(text|tspan|title)[^>]*>[^<]*/g, '')).not.toMatch(/NaN|Infinity|undefined/);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
        expect(svg).not.toMatch(/[\x00-\x08\x0b\x0c\x0e-\x1f]/);
      }),
      { numRuns: 300 },
    );
  });
});
