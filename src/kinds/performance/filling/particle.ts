/**
 * One way to fill a gap, as far as it has come: what was played freely, and how well what is given fits to
 * it.
 */

import { KEYS } from '../../../notes/grid.js';
import type { Random } from '../../../random.js';
import { NONE } from '../../../representation/events.js';
import type { Voice } from '../voice.js';
import { copyOf } from './copy-of.js';
import type { Gap, GivenEvent } from './gap.js';

/** Events that were played freely, the last one first. */
export interface Played {
  readonly tick: number;
  readonly key: number;
  /** Bin of a strike; NONE of a release. */
  readonly velocity: number;
  readonly before: Played | undefined;
}

/** Where in a tick's fixed order an event stands. */
const RELEASES = 0;
const STRIKES = KEYS;
const SHORT_RELEASES = 2 * KEYS;

export class Particle {
  /** Natural logarithm of how likely what is given is after what was played, over how it was proposed. */
  logWeight = 0;
  /** The same of all that came before particles were drawn anew. */
  logBefore = 0;
  /** The same of that nothing free comes before the end of the span. */
  logOver = 0;
  played: Played | undefined;
  /** The keys that are down and were struck freely. */
  readonly held = new Set<number>();
  /** Of what is given, how much has come. */
  index = 0;
  /** Whether it has come to the end of the span. */
  isOver = false;
  /** When each key was struck last. */
  private readonly struckAt = new Int32Array(KEYS).fill(NONE);

  constructor(
    readonly gap: Gap,
    readonly voice: Voice,
  ) {}

  /** The tick of the last event. */
  get now(): number {
    return this.gap.now + this.voice.now;
  }

  /** One that has come as far and goes on by its own chance. */
  copy(random: Random): Particle {
    const shared = [this.gap, this.voice.random, ...this.voice.unchanging];
    const known = new Map<object, object>(shared.map((each) => [each, each]));
    if (this.played !== undefined) known.set(this.played, this.played);
    known.set(this.voice.random, random);
    return copyOf(this as Particle, known);
  }

  /** What is given is as likely as this part of what might have come; where nothing might, it cannot be. */
  weigh(part: number): void {
    this.logWeight += part > 0 ? Math.log(part) : Number.NEGATIVE_INFINITY;
  }

  /** What is given next. Keys that were struck freely are released before they are struck as given. */
  next(): GivenEvent | undefined {
    const { given } = this.gap;
    const event = given[this.index];
    if (event === undefined || event.tick >= this.gap.to) return undefined;
    let release = event.isStrike ? Number.POSITIVE_INFINITY : this.rankOf(event.key, false);
    let key = NONE;
    for (let i = this.index; i < given.length && given[i].tick === event.tick; i++) {
      const { isStrike, key: struck } = given[i];
      if (!isStrike || !this.held.has(struck) || RELEASES + struck >= release) continue;
      release = RELEASES + struck;
      key = struck;
    }
    return key === NONE ? event : releaseOf(event, key, this.gap.symbol);
  }

  /** Whether a symbol may come of itself, `ticks` after the last event. */
  isFree(symbol: number, ticks: number): boolean {
    const key = symbol % KEYS;
    if (symbol >= KEYS) return this.held.has(key);
    const tick = this.now + ticks;
    const { given } = this.gap;
    for (let i = this.index; i < given.length && given[i].tick <= tick; i++)
      if (given[i].key === key) return false;
    return true;
  }

  /** Whether a symbol comes before a given event in the order of a tick. */
  precedes(symbol: number, tick: number, { key, isStrike }: GivenEvent): boolean {
    const own = symbol % KEYS;
    return this.rankOf(own, symbol < KEYS, tick) < this.rankOf(key, isStrike, tick);
  }

  private rankOf(key: number, isStrike: boolean, tick = NONE): number {
    if (isStrike) return STRIKES + key;
    return (this.struckAt[key] === tick && tick !== NONE ? SHORT_RELEASES : RELEASES) + key;
  }

  /** Goes on past the event in the voice's values. */
  go(isGiven: boolean): void {
    const { key, isStrike, velocity } = this.voice.action;
    this.voice.go();
    const tick = this.now;
    if (isStrike) this.struckAt[key] = tick;
    const wasHeld = this.held.delete(key);
    if (isGiven) {
      if (wasHeld) this.played = { tick, key, velocity: NONE, before: this.played };
      if (this.isGivenNow(key, isStrike)) this.index++;
      return;
    }
    if (isStrike) this.held.add(key);
    this.played = { tick, key, velocity, before: this.played };
  }

  private isGivenNow(key: number, isStrike: boolean): boolean {
    const event = this.gap.given[this.index];
    return event?.key === key && event.isStrike === isStrike;
  }
}

/** A release of a key in the tick of an event. */
function releaseOf({ tick, values }: GivenEvent, key: number, symbolPlace: number): GivenEvent {
  const own = values.slice();
  own[symbolPlace] = KEYS + key;
  own[symbolPlace + 1] = NONE;
  return { tick, values: own, key, isStrike: false };
}
