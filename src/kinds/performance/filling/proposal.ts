/**
 * How a particle goes on by one event. The model proposes one; what is given comes in its time instead, and
 * weighs as much as it was likely: it is proposed whenever nothing free would come before it. So the method
 * of "Computer Assisted Composition in Continuous Time" (arXiv 1909.05030) for events whose order is fixed.
 */
import { KEYS } from '../../../notes/grid.js';
import type { Drawing } from '../../../playing/draw.js';
import { oddsOf } from '../../../playing/logits.js';
import type { Wishes } from '../../../playing/wishes.js';
import { type EventRepresentation, NONE, type PlayingRules } from '../../../representation/events.js';
import type { GivenEvent } from './gap.js';
import type { Particle } from './particle.js';

/** What becomes of the next event, as far as it is said. */
type Verdict =
  /** As far as it is said it comes in the tick of what is given, or at the end of the span. */
  | 'open'
  | 'free'
  | 'given'
  /** Nothing free comes before the end of the span, and nothing is given there. */
  | 'over';

/** One event of one particle, said attribute by attribute. */
export class Proposal {
  private verdict: Verdict = 'open';
  private readonly next: GivenEvent | undefined;
  /** Ticks to what is given, or to the end of the span. */
  private readonly limit: number;
  private readonly limitValues: readonly number[];
  private readonly timeLogits: ArrayLike<number>[] = [];
  /** Whether nothing free may come in the tick of the last event. */
  private readonly passesNow: boolean;
  /** The first tick at which it may come. */
  private readonly first: number;
  private timeAt = 0;
  private timeAfter = 0;

  constructor(
    private readonly particle: Particle,
    private readonly representation: EventRepresentation,
    private readonly playing: PlayingRules,
    private readonly wishes: Wishes,
  ) {
    const { gap, now } = particle;
    this.next = particle.next();
    this.limit = (this.next?.tick ?? gap.to) - now;
    this.limitValues = playing.timeValues(this.limit, now);
    this.passesNow = this.limit > 0 && !this.mayBeNow();
    this.first = Math.max(0, gap.from - now, Number(this.passesNow));
  }

  /** Whether the particle is at the end of the span with this event. */
  get isOver(): boolean {
    return this.verdict === 'over';
  }

  /** Says an attribute; gives its class. Its value comes into the voice's. */
  say(attribute: number, logits: ArrayLike<number>): number {
    const { symbol } = this.particle.gap;
    if (attribute < symbol) return this.sayTime(attribute, logits);
    return attribute === symbol ? this.saySymbol(logits) : this.sayVelocity(attribute, logits);
  }

  private sayTime(attribute: number, logits: ArrayLike<number>): number {
    const { gap, voice, now } = this.particle;
    this.timeLogits[attribute] = logits;
    if (attribute === gap.symbol - 1) this.weighPassing();
    if (this.verdict === 'free') return this.draw(attribute, logits);
    if (this.verdict === 'open') {
      const index = this.draw(attribute, logits);
      const value = voice.values[attribute];
      const last = this.limitValues[attribute];
      if (value < last) {
        this.verdict = 'free';
        return index;
      }
      if (value > last) this.verdict = 'given';
    }
    voice.values[attribute] = this.limitValues[attribute];
    if (attribute === gap.symbol - 1) {
      const mass = this.playing.timeMass(this.timeLogits, this.limit, now, this.first);
      this.timeAt = mass.at;
      this.timeAfter = mass.after;
      if (this.next === undefined) {
        this.particle.logOver = Math.log(mass.at + mass.after);
        this.verdict = 'over';
      }
    }
    return this.classOf(attribute, this.limitValues[attribute]);
  }

  /** What is given may not come in the tick of the last event, though it were possible there. */
  private weighPassing(): void {
    if (!this.passesNow) return;
    const { gap, voice, now } = this.particle;
    const [values, allowed] = [this.playing.timeValues(0, now), new Float32Array(2 * KEYS)];
    voice.tracker.allowed(gap.symbol, values, allowed, 0);
    if (!allowed.includes(1)) return;
    this.particle.weigh(this.playing.timeMass(this.timeLogits, 0, now, 0).after);
  }

  private saySymbol(logits: ArrayLike<number>): number {
    const { particle, next } = this;
    const { gap, voice } = particle;
    if (this.verdict === 'over') return 0;
    const ticks = this.verdict === 'free' ? voice.action.ticks : this.limit;
    const possible = this.possible(gap.symbol, logits.length);
    const odds = oddsOf(logits);
    const ruled = possible.slice();
    const isAny = voice.rules.restrict(ticks, ruled);
    let [total, free, before] = [0, 0, 0];
    for (const [symbol, isPossible] of possible.entries()) {
      if (isPossible === 0) continue;
      total += odds[symbol];
      if (!particle.isFree(symbol, ticks)) continue;
      free += odds[symbol];
      const mayPrecede = isAny && ruled[symbol] > 0 && next !== undefined;
      if (mayPrecede && particle.precedes(symbol, next.tick, next)) before += odds[symbol];
    }
    if (this.verdict === 'free') {
      particle.weigh(free / total);
      return this.draw(gap.symbol, logits);
    }
    const given = next as GivenEvent;
    if (this.verdict === 'open' && before > 0) {
      // Of the same tick: what stands before it in the order may come first.
      const { random } = voice;
      if (random.next() * total < before) {
        this.verdict = 'free';
        return this.draw(gap.symbol, logits, given);
      }
    }
    this.verdict = 'given';
    const symbol = given.isStrike ? given.key : KEYS + given.key;
    voice.values[gap.symbol] = symbol;
    const here = possible[symbol] * odds[symbol];
    const proposed = this.timeAfter + this.timeAt * (1 - before / total);
    particle.weigh((this.timeAt * here) / total / proposed);
    return symbol;
  }

  private sayVelocity(attribute: number, logits: ArrayLike<number>): number {
    const { particle, next } = this;
    if (this.verdict === 'over') return 0;
    if (this.verdict === 'free') return this.draw(attribute, logits);
    const value = (next as GivenEvent).values[attribute];
    particle.voice.values[attribute] = value;
    if (value === NONE) return 0;
    const odds = oddsOf(logits);
    const index = this.classOf(attribute, value);
    particle.weigh(odds[index] / odds.reduce((sum, each) => sum + each, 0));
    return index;
  }

  /** Puts the event into the particle. */
  finish(): void {
    const { particle, next, representation } = this;
    if (this.verdict === 'over') {
      particle.isOver = true;
      return;
    }
    if (this.verdict === 'given') {
      const { length } = representation.attributes;
      for (const [k, value] of (next as GivenEvent).values.entries())
        if (k >= length) particle.voice.values[k] = value;
    }
    particle.go(this.verdict === 'given');
  }

  /** Draws an attribute by the rules of playing, of what may come of itself. */
  private draw(attribute: number, logits: ArrayLike<number>, before?: GivenEvent): number {
    const { particle } = this;
    const { voice, gap } = particle;
    const drawing: Drawing = {
      values: voice.values,
      rules: voice.rules,
      habits: voice.habits,
      random: voice.random,
      now: voice.now,
      ...(voice.harmony && { harmony: voice.harmony }),
      window: () => voice.window(),
      tracker: {
        ...(voice.tracker.ticksTo && { ticksTo: (values) => voice.tracker.ticksTo?.(values) ?? 0 }),
        allowed: (place, chosen, into, at) => {
          voice.tracker.allowed(place, chosen, into, at);
          if (place !== gap.symbol) return;
          const ticks = voice.tracker.ticksTo?.(chosen) ?? chosen[0];
          for (let symbol = 0; symbol < 2 * KEYS; symbol++) {
            if (into[at + symbol] === 0) continue;
            const isIn = before === undefined || particle.precedes(symbol, before.tick, before);
            if (!isIn || !particle.isFree(symbol, ticks)) into[at + symbol] = 0;
          }
        },
      },
    };
    const name = this.representation.attributes[attribute].name;
    const { index, value } = this.playing.draw[name](logits, drawing, this.wishes);
    voice.values[attribute] = value;
    return index;
  }

  /** Whether anything free may come in the tick of the last event. */
  private mayBeNow(): boolean {
    const { gap, voice, now } = this.particle;
    const allowed = new Float32Array(2 * KEYS);
    voice.tracker.allowed(gap.symbol, this.playing.timeValues(0, now), allowed, 0);
    for (let symbol = 0; symbol < 2 * KEYS; symbol++)
      if (!this.particle.isFree(symbol, 0)) allowed[symbol] = 0;
    return allowed.some((isAllowed) => isAllowed > 0) && voice.rules.restrict(0, allowed);
  }

  private possible(attribute: number, size: number): Float32Array {
    const allowed = new Float32Array(size);
    this.particle.voice.tracker.allowed(attribute, this.particle.voice.values, allowed, 0);
    return allowed;
  }

  private classOf(attribute: number, value: number): number {
    return this.representation.attributes[attribute].classOf(value);
  }
}
