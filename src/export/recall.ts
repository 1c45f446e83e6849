/** What a piece recalls of itself, as ONNX: see recall.ts and self-alignment.ts of the representations. */
import { KEYS } from '../notes/grid.js';
import { LEAST_SCORE, SCORE_UNIT } from '../representation/recall.js';
import { AGREES, DIFFERS, EXTRA, MOST_SCORE, REMEMBERED } from '../representation/self-alignment.js';
import type { LastEvent } from './keyboard.js';
import type { StepWriter } from './step-writer.js';

/**
 * Strikes that are kept: at a place in a row of scores stands the strike before it, its own, and, at the same
 * place two further on, the one after it.
 */
const KEPT = REMEMBERED + 2;
/** A score and a place in one number that float32 holds exactly. */
const PLACES = 2 * REMEMBERED;

export interface Recalled {
  /** (88) each: how strongly keys are recalled, the same by intervals, and how hard they were struck. */
  readonly maps: readonly string[];
  /** Ticks until the next strike is expected; of no meaning where `certainty` is 0. */
  readonly left: string;
  readonly certainty: string;
  /** (8194) keys from 1, 0 for none, and ticks since the beginning, of the last strikes. */
  readonly keys: string;
  readonly ticks: string;
}

/** Takes what is recalled past the last event, which was so many ticks after the beginning. */
export function recall(step: StepWriter, { isStrike, key, force }: LastEvent, now: string): Recalled {
  const ring = (name: string, value: string, meaning: string) => {
    const { value: before, next } = step.state(name, [KEPT], `(last strikes, the latest last) ${meaning}`);
    const shifted = step.concat(0, step.slice(before, 1, KEPT), step.reshape(value, [1]));
    const after = step.op('Where', isStrike, shifted, before);
    next(after);
    return after;
  };
  const keys = ring('strike_keys', step.op('Add', key, 1), 'keys, from 1; 0 for none');
  const ticks = ring('strike_ticks', now, 'ticks since the beginning');
  const forces = ring('strike_forces', force, 'how hard, 0 to 1');
  const [before, own, after] = [0, 1, 2].map((from) => step.slice(keys, from, from + REMEMBERED));
  const last = step.at(keys, KEPT - 1);
  const intervals = step.op('Sub', own, before);
  const known = step.op('Greater', before, 0);
  const lastInterval = step.op('Sub', last, step.at(keys, KEPT - 2));
  const isKnown = step.op('Greater', step.at(keys, KEPT - 2), 0);

  const row = (name: string, agrees: string, meaning: string) => {
    const { value, next } = step.state(
      name,
      [REMEMBERED],
      `(earlier strikes) how well what was before ${meaning}`,
    );
    const scores = step.op('Where', isStrike, aligned(step, value, agrees), value);
    next(scores);
    return scores;
  };
  const byKey = row('agreement', step.op('Equal', own, last), 'agrees with the last strikes, by keys');
  const agrees = step.and(step.op('Equal', intervals, lastInterval), known, isKnown);
  const byInterval = row('interval_agreement', agrees, 'agrees with the last strikes, by intervals');

  // The best score at which each key is recalled, of equal ones the last.
  const counts = (scores: string) => step.op('GreaterOrEqual', scores, LEAST_SCORE);
  const code = step.op('Add', step.op('Mul', byKey, PLACES), step.range(REMEMBERED));
  const codes = step.op('Where', counts(byKey), code, 0);
  const best = largest(step, step.op('Max', step.op('Sub', after, 1), 0), codes);
  const scoreOf = (value: string) => step.op('Floor', step.op('Div', value, PLACES));
  const placeOf = (value: string, score: string) => step.op('Sub', value, step.op('Mul', score, PLACES));
  const strikeAfter = (row: string, place: string) =>
    step.op('Gather', row, step.cast(step.op('Add', place, 2), 'int64'));
  const score = scoreOf(best);
  const forceThen = strikeAfter(forces, placeOf(best, score));

  const surest = step.reduce('ReduceMax', codes);
  const surestScore = scoreOf(surest);
  const surestPlace = placeOf(surest, surestScore);
  const then = step.op('Gather', ticks, step.cast(step.op('Add', surestPlace, 1), 'int64'));
  const wait = step.op('Sub', strikeAfter(ticks, surestPlace), then);
  const sinceStrike = step.op('Sub', now, step.at(ticks, KEPT - 1));

  const moved = step.op('Add', step.op('Sub', last, 1), step.op('Sub', after, own));
  const isOnPiano = step.and(step.op('GreaterOrEqual', moved, 0), step.op('Less', moved, KEYS));
  const isRecalled = step.and(counts(byInterval), isOnPiano);
  const onPiano = step.op('Min', step.op('Max', moved, 0), KEYS - 1);
  const transposed = largest(step, onPiano, step.op('Where', isRecalled, byInterval, 0));
  return {
    maps: [
      step.op('Div', score, SCORE_UNIT),
      step.op('Div', transposed, SCORE_UNIT),
      step.op('Where', step.op('Greater', best, 0), forceThen, 0),
    ],
    left: step.op('Sub', wait, sinceStrike),
    certainty: step.op('Div', surestScore, SCORE_UNIT),
    keys,
    ticks,
  };
}

/** The next row of the table of alignments. What comes from the left fades within so few places. */
function aligned(step: StepWriter, above: string, agrees: string): string {
  const diagonal = step.op('Add', above, step.op('Where', agrees, AGREES, DIFFERS));
  const nothing = step.row([0]);
  const straight = step.op('Add', step.concat(0, step.slice(above, 1, REMEMBERED), nothing), EXTRA);
  const cut = step.op('Min', step.op('Max', step.op('Max', diagonal, straight), 0), MOST_SCORE);
  let scores = cut;
  for (let shift = 1; -EXTRA * shift < MOST_SCORE; shift *= 2) {
    const zeros = step.row(new Float32Array(shift));
    const moved = step.concat(0, zeros, step.slice(scores, 0, REMEMBERED - shift));
    scores = step.op('Max', scores, step.op('Add', moved, EXTRA * shift));
  }
  return scores;
}

/** (88) the largest of the values (8192) that fall on each key. */
function largest(step: StepWriter, keys: string, values: string): string {
  const zeros = step.row(new Float32Array(KEYS));
  return step.opWith(
    'ScatterElements',
    { axis: 0, reduction: 'max' },
    zeros,
    step.cast(keys, 'int64'),
    values,
  );
}
