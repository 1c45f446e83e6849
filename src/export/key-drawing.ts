/**
 * Which key comes next, and how hard it is struck, as ONNX: what is drawn plainly in performance-playing.ts.
 */
import { KEYS } from '../notes/grid.js';
import { FACTOR, MOST_BEYOND } from '../playing/repeats.js';
import { DEFAULT_MIN_P } from '../playing/wishes.js';
import { drawn, likely, logProbabilities, scoresOf } from './drawing.js';
import type { ClassDrawing } from './event-step.js';
import type { Keyboard, LastEvent } from './keyboard.js';
import type { StepWriter } from './step-writer.js';

/**
 * Settings and state of how symbols and velocities are drawn.
 *
 * @param usualRunOfOpening strikes of one key in a row that are usual after what is heard first
 */
export function keyDrawing(
  step: StepWriter,
  { isEvent, isStrike, key }: LastEvent,
  board: Keyboard,
  usualRunOfOpening: number,
) {
  const minP = step.input({
    name: 'min_p',
    type: 'float32',
    shape: [],
    role: 'setting',
    usual: DEFAULT_MIN_P,
    meaning: 'of keys struck, and of keys released, only those at least this part as likely as the likeliest',
  });
  const usualRun = step.input({
    name: 'usual_run',
    type: 'float32',
    shape: [],
    role: 'setting',
    usual: usualRunOfOpening,
    meaning: 'strikes of one key in a row from which each further one gets less likely',
  });
  const runKey = step.state('run_key', [], 'the key of the last strike, from 1; 0 for none');
  const run = step.state('run', [], 'how many times it was struck in a row');
  const number = step.op('Add', key, 1);
  const isSame = step.op('Equal', number, runKey.value);
  const longer = step.op('Where', isSame, step.op('Add', run.value, 1), 1);
  const isStruck = step.and(isEvent, isStrike);
  const nextKey = step.op('Where', isStruck, number, runKey.value);
  const nextRun = step.op('Where', isStruck, longer, run.value);
  runKey.next(nextKey);
  run.next(nextRun);
  const over = step.op('Add', step.op('Sub', nextRun, usualRun), 1);
  const beyond = step.op('Max', step.op('Min', over, MOST_BEYOND), 0);
  const isRunning = step.op('Equal', step.range(2 * KEYS), step.op('Sub', nextKey, 1));
  const bias = step.op('Mul', step.flag(isRunning), step.op('Mul', beyond, -Math.log(FACTOR)));

  return {
    /** @param ticks from the last event to this one */
    symbol(ticks: string): ClassDrawing {
      const { possible, played } = board.allowed(ticks);
      return {
        logProbabilities: (logits) => logProbabilities(step, logits, possible),
        draw(logits, chance) {
          const scores = scoresOf(step, logits, played, bias);
          const halves = [0, KEYS].map((from) => likely(step, step.slice(scores, from, from + KEYS), minP));
          const kept = step.and(played, step.concat(0, ...halves));
          const index = drawn(step, { logits, allowed: kept, bias, ...chance });
          return { index, value: index };
        },
      };
    },
    /** @param symbol what was drawn before, int64 */
    velocity(symbol: string): ClassDrawing {
      const isRelease = step.op('GreaterOrEqual', step.cast(symbol, 'float32'), KEYS);
      return {
        logProbabilities: (logits) => logProbabilities(step, logits),
        draw(logits, chance) {
          const bin = drawn(step, { logits, ...chance });
          const [none, first] = [-1n, 0n].map((value) =>
            step.writer.initializer('int64', [], BigInt64Array.of(value)),
          );
          return {
            index: step.op('Where', isRelease, first, bin),
            value: step.op('Where', isRelease, none, bin),
          };
        },
      };
    },
  };
}
