/** Drawing a class from what a model predicts, as ONNX: see logits.ts in the room of playing. */
import type { Operand } from '../engine/onnx/onnx-writer.js';
import type { StepWriter } from './step-writer.js';

/** A temperature of 0 is taken for this: the likeliest is all that is left. */
const COLDEST = 1e-9;

export interface Draw {
  /** (V) */
  readonly logits: string;
  /** (V) whether a class may be. */
  readonly allowed?: string;
  /** (V) how many times likelier each class is than predicted, as a logarithm. */
  readonly bias?: string;
  /** float64 scalar */
  readonly temperature: string;
  /** float64 scalar, from 0 to below 1 */
  readonly draw: string;
}

/** Draws a class, an int64 scalar; in float64, as it is done when the library plays. */
export function drawn(step: StepWriter, { logits, allowed, bias, temperature, draw }: Draw): string {
  const scores = scoresOf(step, logits, allowed, bias);
  const best = step.reduce('ReduceMax', scores);
  const above = step.op('Sub', step.cast(scores, 'float64'), step.cast(best, 'float64'));
  const coldest = step.writer.initializer('float64', [], Float64Array.of(COLDEST));
  const odds = step.op('Exp', step.op('Div', above, step.op('Max', temperature, coldest)));
  const sums = step.sumUpTo(odds);
  const total = step.reduce('ReduceMax', sums);
  const passed = step.op('LessOrEqual', sums, step.op('Mul', total, draw));
  return step.reduce('ReduceSum', step.cast(passed, 'int64'));
}

/** (V) logits with what is asked beside them; −∞ where a class may not be. */
export function scoresOf(step: StepWriter, logits: string, allowed?: string, bias?: string): string {
  const biased = bias === undefined ? logits : step.op('Add', logits, bias);
  return allowed === undefined ? biased : step.op('Where', allowed, biased, Number.NEGATIVE_INFINITY);
}

/** (V) which classes of some are at least so many times as likely as the likeliest of them. */
export function likely(step: StepWriter, scores: string, minP: Operand): string {
  const least = step.op('Add', step.reduce('ReduceMax', scores), step.op('Log', minP));
  return step.not(step.op('Less', scores, least));
}

/** (V) natural logarithms of what is predicted; of what may not be, about −10⁹. */
export function logProbabilities(step: StepWriter, logits: string, allowed?: string): string {
  const scores = allowed === undefined ? logits : step.op('Where', allowed, logits, -1e9);
  return step.opWith('LogSoftmax', { axis: -1 }, scores);
}
