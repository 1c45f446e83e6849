/**
 * A model made ready to play, again and again: its programs are compiled once, and what it heard is
 * remembered. For programs that play while somebody waits for the first note; {@link perform} is the same for
 * a single time.
 */

import type { Engine } from '../../engine/engine.js';
import { CadenzaError } from '../../errors.js';
import { LOWEST_PITCH } from '../../notes/grid.js';
import { harmonyOf } from '../../playing/chords.js';
import { rulesOf } from '../../playing/constraints.js';
import { Random } from '../../random.js';
import {
  type EventRepresentation,
  type EventTable,
  NONE,
  type PlayingRules,
  placeOfGiven,
  valuesAfter,
  withGiven,
} from '../../representation/events.js';
import { MOST_EVENTS } from '../../representation/recent-events.js';
import type { Loaded } from '../kind.js';
import { Feeds } from './feeds.js';
import { Filler, type Fills, type GapOptions } from './filling/filler.js';
import type { Gap } from './filling/gap.js';
import { contrast, type Guidance, guidanceOf } from './guidance.js';
import type { EventLstm } from './network.js';
import type { PerformOptions, PlayedEvent } from './perform-options.js';
import { Prefill } from './prefill.js';
import { type Programs, RowPrograms } from './row-programs.js';
import { Voice } from './voice.js';

/** Seconds that a last chord may be late. */
const GRACE = 0.5;
/**
 * Seconds after which a string has faded, and its key is released: nine of ten pieces of MAESTRO hold none
 * longer. What is held by mistake in a file to learn from is else held in what is played.
 */
const FADED = 20;
/** Events that go on unheard at most: who plays ever denser may never come to release what rings. */
const MOST_UNHEARD = 1000;
/** Seconds after its end at which whatever still sounds is released. */
const MOST_RINGING = 12;

/**
 * Plays again and again with one model: what was compiled and heard is kept. {@link release} gives the memory
 * back.
 */
export class Performer {
  private readonly programs: RowPrograms;
  private readonly prefill: Prefill;
  private readonly filler: Filler;
  private readonly playing: PlayingRules;

  /**
   * @param shards engines to spread large batches over
   * @throws CadenzaError when the model's events cannot be played
   */
  constructor(
    private readonly loaded: Loaded<EventLstm>,
    engine: Engine,
    shards: readonly Engine[] = [],
  ) {
    const { model } = loaded;
    const { name, playing } = model.representation;
    if (playing === undefined) {
      throw new CadenzaError(`a model of ${name} events cannot play; choose another model`);
    }
    this.playing = playing;
    this.programs = new RowPrograms(loaded, engine, shards);
    this.prefill = new Prefill(model, (steps) => this.programs.listenTo(steps));
    this.filler = new Filler(loaded, engine, this.programs, this.prefill, shards);
  }

  /** Does in advance what `play` would do before its first event. */
  async prepare(primer: EventTable, variations = 1): Promise<void> {
    await this.prefill.hear(this.lastOf(primer));
    await this.programs.of(variations);
  }

  /** What is heard of a primer; events of `performance` are enough for models that are told more. */
  private lastOf(primer: EventTable): EventTable {
    const events = withGiven(this.loaded.model.representation, primer);
    return this.playing.lastEvents(events, MOST_EVENTS);
  }

  /**
   * Plays on from a primer's events, event by event. What sounds at the end is released there. Keys that
   * sound when the primer ends are the model's to release too.
   *
   * Of a primer of more than 65,536 events the last so many are heard.
   *
   * @throws CadenzaError when constraints clash, or the model predicts no finite numbers
   */
  async *play(all: EventTable, options: PerformOptions = {}): AsyncGenerator<PlayedEvent, void, undefined> {
    const { variations = 1, seed = 0, seconds, notes, silence = 0, isCutOff, isEnding, signal } = options;
    const guidance = guidanceOf(this.loaded.model, options);
    const primer = this.lastOf(all);
    const most = notes ?? (seconds === undefined ? 100 : Number.POSITIVE_INFINITY);
    const { representation } = this.loaded.model;
    if (isEnding) expectEnd(representation, seconds);
    const rate = this.playing.rateOf(valuesAfter(representation, primer));
    const end = seconds === undefined ? Number.POSITIVE_INFINITY : Math.round(seconds * rate);
    const longest = options.isPlain ? undefined : Math.max(FADED, options.minDuration ?? 0);
    const asked = rulesOf({ ...options, maxDuration: options.maxDuration ?? longest }, rate);
    const minDuration = Math.max(asked.minDuration, this.playing.leastDuration ?? 0);
    const rules = { ...asked, minDuration, maxDuration: Math.max(minDuration, asked.maxDuration) };
    const notBefore = Math.round(silence * rate);
    const harmony = harmonyOf(options.chords, (seconds) => Math.round(seconds * rate));
    const voices = Array.from({ length: variations }, (_, i) => {
      const random = new Random(seed).fork(`variation ${i}`);
      return new Voice(representation, this.playing, random, rules, notBefore, harmony);
    });
    await hearAll(voices, primer, options);
    if (guidance && guidance.place !== NONE)
      for (const voice of voices) voice.give(guidance.place, guidance.style);
    if (isEnding) for (const voice of voices) voice.endIn(end);
    const lastStrike = end + (isEnding ? Math.round(GRACE * rate) : 0);
    const heard = await this.prefill.hear(primer);
    const feeds = new Feeds(this.loaded.model, variations, heard, guidance?.contrasted ?? []);
    const programs = await this.programs.of(feeds.rows);
    while (voices.some(({ isDone }) => !isDone)) {
      signal?.throwIfAborted();
      await this.say(programs, feeds, voices, { ...options, guidance });
      for (const [variation, voice] of voices.entries()) {
        if (voice.isDone) continue;
        const { ticks, key, isStrike, velocity } = voice.action;
        const then = voice.now + ticks;
        const event = (tick: number, key: number, velocity: number) => ({
          variation,
          time: tick / rate,
          tick,
          pitch: key + LOWEST_PITCH,
          velocity,
        });
        const isOver = then >= lastStrike || (isStrike && voice.strikes >= most);
        if (isOver && voice.ringing === undefined) {
          voice.ringing = new Set(voice.rules.soundingKeys());
          if (isEnding) voice.rules.close();
          voice.silentFrom = Math.min(then, lastStrike) + (isCutOff ? 0 : Math.round(MOST_RINGING * rate));
        }
        if (voice.ringing !== undefined && (then >= voice.silentFrom || voice.unheard++ > MOST_UNHEARD)) {
          for (const key of voice.ringing) yield event(voice.silentFrom, key, NONE);
          voice.isDone = true;
          continue;
        }
        voice.go();
        // Music goes on unheard until what was struck before its end has been released in its time.
        if (voice.ringing === undefined || (!isStrike && voice.ringing.delete(key)))
          yield event(then, key, velocity);
        voice.isDone = voice.ringing?.size === 0;
      }
    }
  }

  /** Fills a gap; see `Filler`. */
  fill(gap: Gap, options?: GapOptions): Promise<Fills> {
    return this.filler.fill({ ...gap, primer: this.lastOf(gap.primer) }, options);
  }

  /** Gives the memory back; nothing can be played any more. */
  async release(): Promise<void> {
    await Promise.all([this.programs.release(), this.filler.release()]);
  }

  /** Draws the next event of every voice into its `values`, one attribute after the other. */
  private async say(
    { listen, heads }: Programs,
    feeds: Feeds,
    voices: readonly Voice[],
    { guidance, ...options }: PerformOptions & { readonly guidance: Guidance | undefined },
  ): Promise<void> {
    for (const [row, voice] of voices.entries()) feeds.set(row, voice);
    const state = await feeds.listen(listen);
    const said: Record<string, Int32Array> = {};
    for (const [k, { name, size }] of this.loaded.model.representation.attributes.entries()) {
      const { logits } = await heads[k].run({ ...said, state });
      const classes = new Int32Array(feeds.rows);
      for (const [row, voice] of voices.entries()) {
        if (voice.isDone) continue;
        const own = logits.subarray(row * size, (row + 1) * size);
        const untold = row + voices.length;
        // What rings out at an end does so as learned.
        const ringsOut = options.isEnding && voice.ringing !== undefined;
        if (guidance && feeds.rows > voices.length && !ringsOut)
          contrast(own, logits.subarray(untold * size, (untold + 1) * size), guidance.strength);
        if (!own.every(Number.isFinite)) {
          throw new CadenzaError('the model predicted no finite numbers; its weights are of no use');
        }
        const { index, value } = this.playing.draw[name](own, voice, options);
        for (let each = row; each < feeds.rows; each += voices.length) classes[each] = index;
        voice.values[k] = value;
      }
      said[name] = classes;
    }
  }
}

/** @throws CadenzaError where nobody can tell when the end is */
function expectEnd(representation: EventRepresentation, seconds: number | undefined): void {
  if (placeOfGiven(representation, 'left') === NONE) {
    throw new CadenzaError(
      'this model has not learned how pieces end; choose another one, or ask for no end',
    );
  }
  if (seconds === undefined)
    throw new CadenzaError('an end needs a length in seconds: say when it is to come');
}

/** Lets all voices go along a primer, with turns for whoever else has something to do. */
async function hearAll(
  voices: readonly Voice[],
  primer: EventTable,
  { onHeard, signal }: PerformOptions,
): Promise<void> {
  for (const [i, voice] of voices.entries()) {
    for (const events of voice.hear(primer)) {
      onHeard?.((i + events / primer.length) / voices.length);
      await new Promise((resolve) => setTimeout(resolve));
      signal?.throwIfAborted();
    }
  }
}
