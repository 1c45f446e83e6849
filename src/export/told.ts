/** What is told beside events, and when the next strike is expected, as ONNX. */
import { ENDING_SIZE } from '../representation/ending.js';
import type { LastEvent } from './keyboard.js';
import type { StepWriter } from './step-writer.js';

/** Something that is told with an event: −1 where it is not, and before the first. */
export function toldOf(step: StepWriter, { isEvent }: LastEvent, name: string, meaning: string): string {
  const about = `${meaning}; −1 where it is not told`;
  const input = { name, type: 'float32', shape: [], role: 'setting', usual: -1, meaning: about } as const;
  return step.op('Where', isEvent, step.input(input), -1);
}

/** How many ticks the end is away. */
export function leftOf(step: StepWriter, last: LastEvent): string {
  return toldOf(step, last, 'left', 'ticks from the last event to the last strike of the piece');
}

/** (8) how far the end is, so many ticks away, −1 where it is not told: see ending.ts. */
export function ending(step: StepWriter, left: string, unit: number): string {
  const scaled = logarithm(step, step.op('Add', step.op('Div', step.op('Max', left, 0), unit), 1), 2);
  const isTold = step.op('GreaterOrEqual', left, 0);
  return step.op('Where', isTold, nearness(step, scaled, step.range(ENDING_SIZE)), 0);
}

/** 1 where a number is one of a row, less the further it is, 0 from a distance of 1 on. */
export function nearness(step: StepWriter, value: string, row: string): string {
  return step.op('Max', step.op('Sub', 1, step.op('Abs', step.op('Sub', row, value))), 0);
}

export function logarithm(step: StepWriter, value: string, base: number): string {
  return step.op('Div', step.op('Log', value), Math.log(base));
}

/** (size) 1 at a number, 0 elsewhere. */
export function oneOf(step: StepWriter, value: string, size: number): string {
  return step.flag(step.op('Equal', step.range(size), value));
}

/** The class of a number, as a scalar: of the classes that begin at these numbers the last that has begun. */
export function classOf(step: StepWriter, value: string, firsts: ArrayLike<number>): string {
  const begun = step.flag(step.op('LessOrEqual', step.row(firsts), value));
  return step.op('Sub', step.reduce('ReduceSum', begun), 1);
}
