/**
 * Walks along events in musical time: what is down, what is recalled, and where in beat and bar it all is.
 */
import { KEYS, VELOCITY_BINS } from '../notes/grid.js';
import { TICKS_PER_BEAT, USUAL_TEMPO } from '../notes/metrical-grid.js';
import { BarCounter } from './bar-counter.js';
import { BarEcho } from './bar-echo.js';
import { ENDING_SIZE, writeEnding } from './ending.js';
import { type EventTracker, NONE } from './events.js';
import { PERFORMANCE } from './performance.js';
import { Recall } from './recall.js';
import { type Bins, createBins } from './time-bins.js';

/** Places of the values of an event. */
export const [BEATS, PLACE, SYMBOL, VELOCITY, BAR, TEMPO, LEFT] = [0, 1, 2, 3, 4, 5, 6];

/** Beats ahead: each up to 16 its own, and up to 1,024. */
export const BEAT_BINS: Bins = createBins(16, 4, 6);
/** Beats of the longest bar that is told from longer ones. */
export const MOST_BAR = 12;
/** Bars are counted in phrases of so many. */
export const PHRASE = 8;
/**
 * Tempos are heard by how near they are to these, an octave of tempo apart: 40, 80 and 160 beats a minute.
 */
export const TEMPO_BINS = 4;
export const SLOWEST = 40;

/** Bars before, of which is heard what was struck then. */
export const ECHOES = [1, 2, 4];
/** Keys recalled as next; by intervals; and how hard they were struck. */
const RECALL_MAPS = 3;
/** Maps over the keys beside those of `performance`. */
export const PLAIN_MAPS = RECALL_MAPS + ECHOES.length;
export const KEY_MAPS = (PERFORMANCE.contextMaps as number) + PLAIN_MAPS;
/** A part of a beat that tells how far the end is. */
export const ENDING_UNIT = TICKS_PER_BEAT / 4;
/** Place in the beat, in the bar, length of the bar, bar of the phrase, tempo, and how far the end is. */
const PLACES = TICKS_PER_BEAT + MOST_BAR + MOST_BAR + PHRASE + TEMPO_BINS + ENDING_SIZE;
/** Where in the context it is heard how far the end is. */
export const ENDING_AT = KEY_MAPS * KEYS + PLACES - ENDING_SIZE;
/** Maps over the beats ahead, and over the places in a beat, of when something was struck. */
export const TIME_MAPS = 1 + ECHOES.length;

export const CONTEXT_SIZE = KEY_MAPS * KEYS + PLACES + TIME_MAPS * (BEAT_BINS.count + TICKS_PER_BEAT);

export class MetricalTracker implements EventTracker {
  private readonly performance = PERFORMANCE.createTracker();
  private readonly recall = new Recall();
  private readonly echo = new BarEcho();
  private readonly inner = new Int32Array(3);
  private readonly count = new BarCounter();
  private lastStrike = 0;
  private lastKey = -1;
  private tempo = USUAL_TEMPO;
  private left = NONE;

  reset(): void {
    this.performance.reset();
    this.recall.reset();
    this.echo.reset();
    this.count.reset();
    this.lastStrike = 0;
    this.lastKey = -1;
    this.tempo = USUAL_TEMPO;
    this.left = NONE;
  }

  ticksTo(values: ArrayLike<number>): number {
    return this.count.ticksTo(values[BEATS], values[PLACE]);
  }

  /**
   * The maps over the keys of `performance`; three of what is recalled, as in `performance-recall`; for each
   * of 1, 2 and 4 bars before what was struck next then. Then, one of each is 1: the tick in the beat, the
   * beat in the bar, beats of the bar, bar of a phrase of 8; how near the tempo is to each of four; and how
   * far the end is. Then over the beats ahead four maps of when the next strike is recalled, and when it came
   * 1, 2 and 4 bars before; and the same four over the ticks of a beat.
   */
  context(into: Float32Array, at: number): void {
    const from = at + PERFORMANCE.contextSize;
    into.fill(0, from, at + CONTEXT_SIZE);
    this.performance.context(into, at);
    const { strength, transposed, force } = this.recall;
    for (const [map, values] of [strength, transposed, force].entries()) into.set(values, from + map * KEYS);
    this.places(into, at + KEY_MAPS * KEYS);
    const beats = at + KEY_MAPS * KEYS + PLACES;
    const inBeat = beats + TIME_MAPS * BEAT_BINS.count;
    const { wait, certainty } = this.recall;
    const { now, barTicks } = this.count;
    const left = wait - (now - this.lastStrike);
    if (certainty > 0 && left >= 0) this.expect(left, certainty, into, beats, inBeat);
    for (const [n, bars] of ECHOES.entries()) {
      const echo = this.echo.hear(now - bars * barTicks, this.lastKey, into, from + (RECALL_MAPS + n) * KEYS);
      if (echo === undefined) continue;
      this.expect(echo, 1, into, beats + (1 + n) * BEAT_BINS.count, inBeat + (1 + n) * TICKS_PER_BEAT);
    }
  }

  /** Something is expected in so many ticks. */
  private expect(ticks: number, certainty: number, into: Float32Array, beats: number, inBeat: number): void {
    const place = this.count.inBeat + ticks;
    into[beats + BEAT_BINS.binOf(Math.floor(place / TICKS_PER_BEAT))] = certainty;
    into[inBeat + (place % TICKS_PER_BEAT)] = certainty;
  }

  private places(into: Float32Array, at: number): void {
    const { now, barStart, barTicks, bars, inBeat } = this.count;
    const beat = Math.floor((now - barStart) / TICKS_PER_BEAT);
    const length = barTicks / TICKS_PER_BEAT;
    into[at + inBeat] = 1;
    const inBar = at + TICKS_PER_BEAT;
    into[inBar + Math.min(beat, MOST_BAR - 1)] = 1;
    const ofBar = inBar + MOST_BAR;
    into[ofBar + Math.min(length, MOST_BAR) - 1] = 1;
    const phrase = ofBar + MOST_BAR;
    into[phrase + (bars % PHRASE)] = 1;
    const octave = Math.log2(this.tempo / SLOWEST);
    for (let bin = 0; bin < TEMPO_BINS; bin++)
      into[phrase + PHRASE + bin] = Math.max(0, 1 - Math.abs(octave - bin));
    writeEnding(this.left, ENDING_UNIT, into, phrase + PHRASE + TEMPO_BINS);
  }

  allowed(attribute: number, chosen: ArrayLike<number>, into: Float32Array, at: number): void {
    if (attribute === BEATS) {
      into.fill(1, at, at + BEAT_BINS.count);
    } else if (attribute === PLACE) {
      into.fill(1, at, at + TICKS_PER_BEAT);
      if (chosen[BEATS] === 0) into.fill(0, at, at + this.count.inBeat);
    } else {
      this.inner[0] = attribute === SYMBOL ? this.ticksTo(chosen) : 0;
      this.performance.allowed(attribute - 1, this.inner, into, at);
    }
  }

  push(values: ArrayLike<number>): void {
    if (this.go(values))
      this.recall.push(values[SYMBOL], this.count.now, (values[VELOCITY] + 1) / VELOCITY_BINS);
  }

  pass(values: ArrayLike<number>): void {
    if (this.go(values))
      this.recall.pass(values[SYMBOL], this.count.now, (values[VELOCITY] + 1) / VELOCITY_BINS);
  }

  /** @returns whether a key was struck */
  private go(values: ArrayLike<number>): boolean {
    const { inner } = this;
    [inner[0], inner[1], inner[2]] = [this.ticksTo(values), values[SYMBOL], values[VELOCITY]];
    this.performance.push(inner);
    this.count.go(inner[0], values[BAR]);
    this.tempo = Math.max(1, values[TEMPO]);
    this.left = values[LEFT];
    const isStrike = values[SYMBOL] < KEYS;
    this.lastKey = isStrike ? values[SYMBOL] : -1;
    if (!isStrike) return false;
    this.echo.push(values[SYMBOL], this.count.now);
    this.lastStrike = this.count.now;
    return true;
  }
}
