/** The events of `performance`, with recall and what is told, as ONNX: see their representations. */
import { TICKS_PER_SECOND, VELOCITY_BINS } from '../notes/grid.js';
import { SYMBOLS } from '../representation/performance.js';
import { ENDING_UNIT, MOST_STYLES } from '../representation/performance-guided.js';
import { REACH, WIDTHS } from '../representation/performance-recall.js';
import { binWidth, firstTick, MOST_TICKS, TIME_BINS } from '../representation/time-bins.js';
import { drawn, logProbabilities } from './drawing.js';
import type { ClassDrawing, EventContextWriter } from './event-step.js';
import { keyDrawing } from './key-drawing.js';
import { type Keyboard, keyboard, type LastEvent, lastEventOf } from './keyboard.js';
import { type Recalled, recall } from './recall.js';
import type { StepWriter } from './step-writer.js';
import { classOf, ending, leftOf, oneOf, toldOf } from './told.js';

const FIRST_TICKS = Array.from({ length: TIME_BINS }, (_, bin) => firstTick(bin));
const LAST_TICKS = FIRST_TICKS.map((first, bin) => first + binWidth(bin) - 1);

/** (96) each of three: where among the classes of time the next strike is expected. */
function expectedTime(step: StepWriter, { left, certainty }: Recalled): string[] {
  const isExpected = step.and(step.op('Greater', certainty, 0), step.op('GreaterOrEqual', left, 0));
  const expected = classOf(step, step.op('Min', left, MOST_TICKS), FIRST_TICKS);
  const away = step.op('Abs', step.op('Sub', step.range(TIME_BINS), expected));
  const isNear = step.and(isExpected, step.op('LessOrEqual', away, REACH));
  return WIDTHS.map((width) => {
    const fall = step.op('Exp', step.op('Div', away, -width));
    return step.op('Where', isNear, step.op('Mul', certainty, fall), 0);
  });
}

/** When the next event comes: at once only if any may. */
function timeDrawing(step: StepWriter, board: Keyboard, inClass: string): ClassDrawing {
  const allowed = step.op('Or', step.op('Greater', step.range(TIME_BINS), 0), board.allowed(0).isAny);
  return {
    logProbabilities: (logits) => logProbabilities(step, logits),
    draw(logits, chance) {
      const index = drawn(step, { logits, allowed, ...chance });
      const [first, last] = [FIRST_TICKS, LAST_TICKS].map((ticks) =>
        step.op('Gather', step.row(ticks), index),
      );
      const width = step.cast(step.op('Add', step.op('Sub', last, first), 1), 'float64');
      const within = step.cast(step.op('Mul', width, inClass), 'int64');
      return { index, value: step.op('Add', step.cast(first, 'int64'), within) };
    },
    classOf: (ticks) => step.cast(classOf(step, step.cast(ticks, 'float32'), FIRST_TICKS), 'int64'),
  };
}

/** The contexts of a representation, by what it hears beside the keyboard. */
export function performanceContext(hears: 'keys' | 'recall' | 'told'): EventContextWriter {
  return {
    meaning:
      'ticks of 10 ms since the one before; 0 to 87 a key struck, from A0, 88 to 175 one released; ' +
      'how hard, 0 to 31, −1 for a release',
    draws: {
      classes: [0, 2, 3],
      others: [1],
      meaning:
        'drawn evenly from 0 to below 1 for every step: for the class of time, the tick within it, the symbol, ' +
        'and the velocity',
    },
    write(step, [time, symbol, velocity], usualRun) {
      const last = lastEventOf(step, time, symbol, velocity);
      const board = keyboard(step, last);
      const parts = [...board.maps];
      if (hears !== 'keys') {
        const since = step.state('now', [], 'ticks since the beginning');
        const now = step.op('Add', since.value, last.ticks);
        since.next(now);
        const recalled = recall(step, last, now);
        parts.push(...recalled.maps);
        if (hears === 'told') parts.push(...told(step, last));
        parts.push(...expectedTime(step, recalled));
      }
      const keys = keyDrawing(step, last, board, usualRun);
      const orNone = (value: string, none: number) =>
        step.op('Where', step.op('GreaterOrEqual', value, 0), value, none);
      return {
        context: step.concat(0, ...parts),
        before: [
          step.op('Where', last.isEvent, classOf(step, last.ticks, FIRST_TICKS), TIME_BINS),
          orNone(symbol, SYMBOLS),
          orNone(velocity, VELOCITY_BINS),
        ],
        carried: [],
        drawing: (attribute, said, [inClass]) =>
          [
            () => timeDrawing(step, board, inClass),
            () => keys.symbol(step.cast(said[0], 'float32')),
            () => keys.velocity(said[1]),
          ][attribute](),
        seconds: ([ticks]) => step.op('Div', step.cast(ticks, 'float32'), TICKS_PER_SECOND),
      };
    },
  };
}

/** How far the end is, and whose style it is. */
function told(step: StepWriter, last: LastEvent): string[] {
  const style = toldOf(step, last, 'style', 'whose style it is, by its place among the styles');
  return [ending(step, leftOf(step, last), ENDING_UNIT), oneOf(step, style, MOST_STYLES)];
}
