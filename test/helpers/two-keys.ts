/** A representation small enough to enumerate: two keys, times of 0 to 3 ticks, two velocities. */
import { drawAsPredicted } from '../../src/playing/draw.js';
import { oddsOf } from '../../src/playing/logits.js';
import { type EventRepresentation, type EventTracker, NONE } from '../../src/representation/events.js';
import { PERFORMANCE, SYMBOLS } from '../../src/representation/performance.js';
import { PERFORMANCE_PLAYING } from '../../src/representation/performance-playing.js';

const KEYS = 88;
export const [LOW, HIGH] = [40, 41];
const LONGEST = 3;

class TwoKeys implements EventTracker {
  private readonly performance = PERFORMANCE.createTracker();
  private down = [0, 0];

  reset(): void {
    this.performance.reset();
    this.down = [0, 0];
  }

  context(into: Float32Array, at: number): void {
    into.set(this.down, at);
  }

  allowed(attribute: number, chosen: ArrayLike<number>, into: Float32Array, at: number): void {
    if (attribute !== 1) {
      into.fill(1, at, at + TWO_KEYS.attributes[attribute].size);
      return;
    }
    this.performance.allowed(1, chosen, into, at);
    for (let symbol = 0; symbol < SYMBOLS; symbol++)
      if (![LOW, HIGH].includes(symbol % KEYS)) into[at + symbol] = 0;
  }

  push(values: ArrayLike<number>): void {
    this.performance.push(values);
    this.down[(values[1] % KEYS) - LOW] = Number(values[1] < KEYS);
  }
}

const sum = (list: Iterable<number>) => Array.from(list).reduce((total, each) => total + each, 0);

export const TWO_KEYS: EventRepresentation<'time' | 'symbol' | 'velocity'> = {
  ...PERFORMANCE,
  name: 'two-keys',
  attributes: [
    { name: 'time', size: LONGEST + 1, classOf: (ticks) => Math.min(ticks, LONGEST) },
    { name: 'symbol', size: SYMBOLS, classOf: (symbol) => symbol },
    { name: 'velocity', size: 2, classOf: (bin) => bin },
  ],
  contextSize: 2,
  contextMaps: 0,
  createTracker: () => new TwoKeys(),
  playing: {
    ...PERFORMANCE_PLAYING,
    draw: {
      time(logits, drawing) {
        const odds = oddsOf(logits);
        const now = new Float32Array(SYMBOLS);
        drawing.tracker.allowed(1, [0], now, 0);
        const first = Math.max(drawing.window().earliest, Number(!now.includes(1)));
        odds.fill(0, 0, first);
        let left = drawing.random.next() * sum(odds);
        const index = odds.findIndex((each) => {
          left -= each;
          return left < 0;
        });
        return { index, value: index };
      },
      symbol: drawAsPredicted('symbol', 1),
      velocity(logits, drawing, wishes) {
        if (drawing.values[1] >= KEYS) return { index: 0, value: NONE };
        return drawAsPredicted('velocity', 2)(logits, drawing, wishes);
      },
    },
    rateOf: () => 1,
    timeValues: (ticks) => [Math.min(ticks, LONGEST)],
    timeMass([logits], ticks, _now, first) {
      const odds = oddsOf(logits);
      const total = sum(odds.subarray(first));
      const at = ticks < first ? 0 : odds[Math.min(ticks, LONGEST)];
      return { at: at / total, after: sum(odds.subarray(Math.max(first, ticks + 1))) / total };
    },
  },
};
