/** What the events of `performance` do to a keyboard, as ONNX: see the tracker in performance.ts. */

import type { Operand } from '../engine/onnx/onnx-writer.js';
import { KEYS, VELOCITY_BINS } from '../notes/grid.js';
import { LONG_AGE, MOST_USE_TICKS, RANK_FADES, USE_TICKS } from '../representation/performance.js';
import type { StepWriter } from './step-writer.js';

/** The last event; every value a scalar. */
export interface LastEvent {
  /** Whether there was one. */
  readonly isEvent: string;
  readonly isStrike: string;
  /** 0 … 87 */
  readonly key: string;
  /** Ticks from the event before it. */
  readonly ticks: string;
  /** How hard it was struck, 0 … 1. */
  readonly force: string;
}

export interface Keyboard {
  /** The eight maps over the keys, (88) each. */
  readonly maps: readonly string[];
  /** Which symbols may come so many ticks after the last event. */
  allowed(ticks: Operand): Allowed;
}

export interface Allowed {
  /** (176) which are possible. */
  readonly possible: string;
  /** (176) which may be played; what is possible, where none of it lasts long enough. */
  readonly played: string;
  /** Whether any lasts long enough. */
  readonly isAny: string;
}

/** @param values time in ticks, symbol and velocity bin of the last event, float32 scalars; −1 for none */
export function lastEventOf(step: StepWriter, ticks: string, symbol: string, velocity: string): LastEvent {
  const isEvent = step.op('GreaterOrEqual', symbol, 0);
  const isStrike = step.and(isEvent, step.op('Less', symbol, KEYS));
  const key = step.op('Where', isStrike, symbol, step.op('Sub', symbol, KEYS));
  const force = step.op('Div', step.op('Add', velocity, 1), VELOCITY_BINS);
  return { isEvent, isStrike, key, ticks: step.op('Max', ticks, 0), force };
}

/**
 * Takes a keyboard past the last event.
 *
 * @param leastDuration ticks that what is played lasts at least
 */
export function keyboard(
  step: StepWriter,
  { isEvent, isStrike, key, ticks, force }: LastEvent,
  leastDuration = 0,
): Keyboard {
  const own = (name: string, meaning: string) => step.state(name, [KEYS], `(key from A0) ${meaning}`);
  const down = own('down', '1 where it is down');
  const struck = own('struck', '1 where it was struck before');
  const age = own('age', 'ticks since it was struck');
  const forces = own('force', 'how hard it was struck last, 0 to 1');
  const use = own('use', 'its strikes, fading');
  const phase = step.state('phase', [], 'in this tick so far: 0 releases, 1 strikes, 2 releases of those');
  const lastKey = step.state('last_key', [], 'the key of the event before, from 1; 0 for none');

  const keys = step.range(KEYS);
  const isKey = step.and(step.op('Equal', keys, key), isEvent);
  const isStruck = step.and(isKey, isStrike);
  const isReleased = step.and(isKey, step.not(isStrike));
  const strike = step.flag(isStruck);
  const nextDown = step.op('Where', isStruck, 1, step.op('Where', isReleased, 0, down.value));
  const nextStruck = step.op('Max', struck.value, strike);
  const nextAge = step.op('Where', isStruck, 0, step.op('Add', age.value, ticks));
  const nextForce = step.op('Where', isStruck, force, forces.value);
  const fades = step.op('Exp', step.op('Div', ticks, -USE_TICKS));
  const fade = step.op('Where', step.op('Less', ticks, MOST_USE_TICKS), fades, 0);
  const nextUse = step.op('Add', step.op('Mul', use.value, fade), strike);
  const before = step.op('Where', step.op('Greater', ticks, 0), 0, phase.value);
  const afterRelease = step.op('Where', step.op('Equal', before, 1), 2, before);
  const nextPhase = step.op('Where', isStrike, 1, step.op('Where', isEvent, afterRelease, before));
  const nextLast = step.op('Where', isEvent, step.op('Add', key, 1), lastKey.value);
  down.next(nextDown);
  struck.next(nextStruck);
  age.next(nextAge);
  forces.next(nextForce);
  use.next(nextUse);
  phase.next(nextPhase);
  lastKey.next(nextLast);

  const scaled = step.op('Div', step.op('Log', step.op('Add', nextAge, 1)), Math.log(LONG_AGE));
  const recency = step.op('Mul', nextStruck, step.op('Max', step.op('Sub', 1, scaled), 0));
  const numbers = step.op('Add', keys, 1);
  const isHigher = step.op('Greater', numbers, nextLast);
  const isLower = step.op('Less', numbers, nextLast);
  const near = (isThere: string, isReverse: boolean) => {
    const there = step.op('Mul', nextDown, step.flag(isThere));
    const between = step.sumUpTo(there, { isExclusive: true, isReverse });
    return step.op('Mul', there, step.op('Pow', RANK_FADES, between));
  };
  const rank = step.op(
    'Mul',
    step.op('Sub', near(isHigher, false), near(isLower, true)),
    step.flag(step.op('Greater', nextLast, 0)),
  );
  return {
    maps: [
      nextDown,
      step.op('Mul', nextDown, scaled),
      recency,
      step.op('Mul', recency, nextForce),
      step.op('Mul', nextStruck, step.op('Div', nextUse, step.op('Add', nextUse, 1))),
      rank,
      strike,
      step.flag(isReleased),
    ],
    allowed(next) {
      const isNow = step.op('Equal', next, 0);
      const isPhase = [0, 1, 2].map((number) => step.and(isNow, step.op('Equal', nextPhase, number)));
      const isNowStruck = step.and(step.op('Greater', nextStruck, 0), step.op('Equal', nextAge, 0));
      const isDown = step.op('Greater', nextDown, 0);
      /** Where a condition holds, or the phase is another. */
      const inPhase = (phase: number, condition: string) =>
        step.op('Or', condition, step.not(isPhase[phase]));
      const mayStrike = step.and(step.not(isDown), inPhase(1, isHigher), inPhase(2, isNowStruck));
      const mayRelease = step.and(
        isDown,
        inPhase(0, isHigher),
        inPhase(1, isNowStruck),
        inPhase(2, step.and(isNowStruck, isHigher)),
      );
      const possible = step.concat(0, mayStrike, mayRelease);
      const isLong = step.op('GreaterOrEqual', step.op('Add', nextAge, next), leastDuration);
      const lasting = step.concat(0, mayStrike, step.and(mayRelease, isLong));
      const isAny = step.op('Greater', step.reduce('ReduceSum', step.flag(lasting)), 0);
      return { possible, played: step.op('Or', lasting, step.and(possible, step.not(isAny))), isAny };
    },
  };
}
