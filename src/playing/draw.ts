/** How an attribute of the next event is drawn, from what a model predicts of it and from what is wished. */
import type { Random } from '../random.js';
import type { Harmony } from './chords.js';
import type { RuleKeeper, Window } from './constraints.js';
import type { Habits } from './habits.js';
import { type DrawOptions, drawClass } from './logits.js';
import type { Wishes } from './wishes.js';

/** A key struck or released: what an event comes to, whatever attributes say it. */
export interface KeyAction {
  /** Ticks since the event before. */
  readonly ticks: number;
  /** 0 … 87 */
  readonly key: number;
  readonly isStrike: boolean;
  /** Bin of a strike, 0 … 31; NONE of a release. */
  readonly velocity: number;
}

/** One variation as a draw rule sees it. */
export interface Drawing {
  /** Values of the attributes that were drawn before, by place. */
  readonly values: ArrayLike<number>;
  /** What may be at all: see `EventTracker`. */
  readonly tracker: {
    allowed(attribute: number, chosen: ArrayLike<number>, into: Float32Array, at: number): void;
    ticksTo?(values: ArrayLike<number>): number;
  };
  readonly rules: RuleKeeper;
  readonly habits: Habits;
  readonly random: Random;
  /** The chords that are to sound. */
  readonly harmony?: Harmony;
  /** Ticks since its rules began. */
  readonly now: number;
  /** The ticks among which the next event may fall, both included. */
  window(): Window;
}

/** A class, and the value that it stands for. */
export interface Drawn {
  readonly index: number;
  readonly value: number;
}

export type DrawRule = (logits: ArrayLike<number>, drawing: Drawing, wishes: Wishes) => Drawn;

/**
 * By which temperature and of how many an attribute is drawn. How calm or daring a player is shows in what is
 * chosen, not in when: unless drawn plainly, time is as learned.
 */
export function drawOptions(attribute: string, wishes: Wishes): DrawOptions {
  const { temperature = 1, temperatures, topP, isPlain } = wishes;
  const usual = attribute === 'time' && !isPlain ? 1 : temperature;
  return { temperature: temperatures?.[attribute] ?? usual, topP };
}

/**
 * Draws an attribute as it is predicted, of the classes that may be where it stands; a class is its own
 * value.
 */
export function drawAsPredicted(attribute: string, place: number): DrawRule {
  return (logits, { tracker, values, random }, wishes) => {
    const allowed = new Float32Array(logits.length);
    tracker.allowed(place, values, allowed, 0);
    const index = drawClass(logits, allowed, drawOptions(attribute, wishes), random);
    return { index, value: index };
  };
}
