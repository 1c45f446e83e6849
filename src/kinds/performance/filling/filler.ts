/**
 * Fills gaps in pieces: many ways side by side, each proposed by the model event by event, weighed by how
 * likely what is given is after them, and drawn anew where few of them are any good (sequential Monte Carlo).
 */
import type { Engine } from '../../../engine/engine.js';
import { CadenzaError } from '../../../errors.js';
import { LOWEST_PITCH } from '../../../notes/grid.js';
import { harmonyOf } from '../../../playing/chords.js';
import { rulesOf } from '../../../playing/constraints.js';
import { Random } from '../../../random.js';
import { NONE, type PlayingRules, valuesAfter } from '../../../representation/events.js';
import { type FillOptions, type Loaded, USUAL_PARTICLES } from '../../kind.js';
import { Feeds } from '../feeds.js';
import { guidanceOf } from '../guidance.js';
import type { EventLstm } from '../network.js';
import type { Prefill } from '../prefill.js';
import type { RowPrograms } from '../row-programs.js';
import { Voice } from '../voice.js';
import { Future } from './future.js';
import type { Gap, GivenEvent } from './gap.js';
import { Particle } from './particle.js';
import { Proposal } from './proposal.js';
import { effectiveSize, logMean, normalised, systematic } from './resample.js';

/** An event of a fill. */
export interface FillEvent {
  /** Of the grid of what is given. */
  readonly tick: number;
  /** Seconds of the piece. */
  readonly time: number;
  /** MIDI note number. */
  readonly pitch: number;
  /** Velocity bin of a strike, 0 … 31; −1 for a release. */
  readonly velocity: number;
}

/** What is wished of a fill of events. */
export type GapOptions = Omit<FillOptions, 'onProgress'> & {
  /** See {@link FillOptions}. */
  readonly onProgress?: (part: number, best: () => readonly FillEvent[]) => void;
};

/** One way to fill a gap, as events. */
export interface FilledGap {
  readonly events: readonly FillEvent[];
  /**
   * Bits that the model needs for what is given within and after the span, after this: fewer fit better. What
   * is given within counts with what else might have come in its place.
   */
  readonly bits: number;
  /** Of these, those for the events after the span. */
  readonly after: number;
  /** How likely this one is among all that were tried, 0 to 1. */
  readonly weight: number;
}

/** What came of filling. */
export interface Fills {
  /** Different ones, those that fit best first. */
  readonly fills: readonly FilledGap[];
  /** All that were tried, in no order. */
  readonly tried: readonly Pick<FilledGap, 'bits' | 'after'>[];
  /** Natural logarithm of how likely what is given is, over all that might be played: an estimate. */
  readonly logLikelihood: number;
}

/** Where fewer than this part of the particles count, they are drawn anew. */
const FEW = 0.5;
/** With fewer rows in a batch it takes hardly less time. */
const FEWEST_ROWS = 8;
/** Given events after which it is looked whether they are to be drawn anew. */
const SYNC = 4;

export class Filler {
  private future: Promise<Future> | undefined;
  private readonly playing: PlayingRules;

  constructor(
    private readonly loaded: Loaded<EventLstm>,
    private readonly engine: Engine,
    private readonly programs: RowPrograms,
    private readonly prefill: Prefill,
    private readonly shards: readonly Engine[] = [],
  ) {
    this.playing = loaded.model.representation.playing as PlayingRules;
  }

  /**
   * @throws CadenzaError when wishes clash, what is given cannot be, or the model predicts no finite numbers
   */
  async fill(gap: Gap, options: GapOptions = {}): Promise<Fills> {
    const { particles: count = USUAL_PARTICLES, ahead = 64, seed = 0 } = options;
    const random = new Random(seed);
    const own = Array.from({ length: count }, (_, i) => random.fork(`particle ${i}`));
    const first = this.start(gap, options, own[0]);
    let particles = own.map((chance, i) => (i === 0 ? first : first.copy(chance)));
    const heard = await this.prefill.hear(gap.primer);
    const feeds = new Feeds(this.loaded.model, count, heard, []);
    const resampling = random.fork('resampling');
    let logLikelihood = 0;
    // Where no notes are given within the span, there is little to choose by before its end is reached.
    const sync = gap.given.some(({ tick, isStrike }) => isStrike && tick < gap.to)
      ? SYNC
      : gap.given.length + 1;
    for (let until = sync; particles.some(({ isOver }) => !isOver); until += sync) {
      const waits = (particle: Particle) => particle.isOver || particle.index >= until;
      await this.goOn(feeds, particles, waits, options);
      const logWeights = particles.map(({ logWeight }) => logWeight);
      const weights = normalised(logWeights);
      if (!logWeights.some(Number.isFinite)) throw impossible();
      if (sync > SYNC || effectiveSize(weights) >= FEW * count) continue;
      logLikelihood += logMean(logWeights);
      const drawn = systematic(weights, resampling);
      const before = particles;
      particles = drawn.map((from, i) => (from === i ? before[i] : before[from].copy(own[i])));
      for (const particle of particles) {
        particle.logBefore += particle.logWeight;
        particle.logWeight = 0;
      }
      feeds.arrange(drawn);
    }
    const after = new Float64Array(count);
    const within = particles.map(({ logBefore, logWeight }) => -(logBefore + logWeight) / Math.LN2);
    if (ahead > 0 && gap.given.some(({ tick }) => tick >= gap.to)) {
      const future = await this.futureOf(count, ahead);
      const nats = await future.nats(particles, feeds.states);
      for (const [i, particle] of particles.entries()) {
        particle.logWeight -= nats[i] + particle.logOver;
        after[i] = nats[i] / Math.LN2;
      }
    }
    const logWeights = particles.map(({ logWeight }) => logWeight);
    logLikelihood += logMean(logWeights);
    if (!logWeights.some(Number.isFinite)) throw impossible();
    const weights = normalised(logWeights);
    const tried = particles.map((_, i) => ({
      bits: within[i] + after[i],
      after: after[i],
      weight: weights[i],
    }));
    return { fills: distinct(particles, tried), tried, logLikelihood };
  }

  /** Bits for the events after the span, with all that is given in it, and nothing else. */
  async likelihood(
    all: Gap,
    cut: ReadonlySet<number>,
    { ahead = 64 }: Pick<FillOptions, 'ahead'> = {},
  ): Promise<number> {
    const isBefore = ({ tick, isStrike, key }: GivenEvent) =>
      tick < all.to || (tick === all.to && !isStrike && cut.has(key));
    const found = all.given.findIndex((event) => !isBefore(event));
    const first = found < 0 ? all.given.length : found;
    const rows = all.given.slice(0, first).map(({ tick, values }, i) => {
      const last = i === 0 ? all.now : all.given[i - 1].tick;
      return [...this.playing.timeValues(tick - last, last), ...values.slice(all.symbol)];
    });
    const columns = all.primer.columns.map((column, k) =>
      Int32Array.from([...column, ...rows.map((row) => row[k])]),
    );
    const primer = { length: columns[0].length, columns };
    const now = first > 0 ? all.given[first - 1].tick : all.now;
    const gap = { ...all, primer, now, from: all.to, given: all.given.slice(first) };
    const particle = this.start(gap, {}, new Random(0));
    const future = await Future.compile(this.loaded, this.engine, 1, ahead);
    const [nats] = await future.nats([particle], await this.prefill.hear(primer));
    await future.release();
    return nats / Math.LN2;
  }

  async release(): Promise<void> {
    const future = await this.future?.catch(() => undefined);
    this.future = undefined;
    await future?.release();
  }

  private start(gap: Gap, options: GapOptions, random: Random): Particle {
    const { representation } = this.loaded.model;
    const rate = this.playing.rateOf(
      gap.primer.length > 0 ? valuesAfter(representation, gap.primer) : gap.given[0].values,
    );
    const asked = rulesOf(options, rate);
    const minDuration = Math.max(asked.minDuration, this.playing.leastDuration ?? 0);
    const rules = { ...asked, minDuration, maxDuration: Math.max(minDuration, asked.maxDuration) };
    const voice = new Voice(
      representation,
      this.playing,
      random,
      rules,
      Math.max(0, gap.from - gap.now),
      harmonyOf(options.chords, (seconds) => gap.time.roundedTick(seconds) - gap.now),
    );
    for (const _ of voice.hear(gap.primer));
    // Where there was no event yet, metre and tempo are those of the first that is given.
    if (gap.primer.length === 0) {
      const { attributes } = representation;
      for (const [k, value] of gap.given[0].values.entries())
        if (k >= attributes.length) voice.give(k, value);
    }
    const guidance = guidanceOf(this.loaded.model, options);
    if (guidance && guidance.place !== NONE) voice.give(guidance.place, guidance.style);
    return new Particle(gap, voice);
  }

  /** All go on until each of them waits. The fewer are left, the smaller is the batch. */
  private async goOn(
    feeds: Feeds,
    particles: readonly Particle[],
    waits: (particle: Particle) => boolean,
    options: GapOptions,
  ): Promise<void> {
    const { signal, onProgress } = options;
    let rows = [...particles.keys()];
    let part = feeds;
    for (;;) {
      const active = rows.filter((row) => !waits(particles[row]));
      if (active.length === 0) break;
      signal?.throwIfAborted();
      const size = fewestRows(active.length, rows.length);
      if (size < rows.length) {
        if (part !== feeds) feeds.join(part, rows);
        rows = [...active, ...rows.filter((row) => waits(particles[row]))].slice(0, size);
        part = feeds.part(rows);
      }
      const members = rows.map((row) => particles[row]);
      await this.step(await this.programs.of(size), part, members, waits, options);
      if (onProgress) tell(particles, onProgress);
    }
    if (part !== feeds) feeds.join(part, rows);
  }

  /** Every particle that does not wait goes on by one event. */
  private async step(
    { listen, heads }: Awaited<ReturnType<RowPrograms['of']>>,
    feeds: Feeds,
    particles: readonly Particle[],
    waits: (particle: Particle) => boolean,
    options: GapOptions,
  ): Promise<void> {
    const { representation } = this.loaded.model;
    const proposals = particles.map((particle) =>
      waits(particle) ? undefined : new Proposal(particle, representation, this.playing, options),
    );
    for (const [row, { voice }] of particles.entries()) if (proposals[row]) feeds.set(row, voice);
    const before = feeds.states;
    const state = await feeds.listen(listen);
    const said: Record<string, Int32Array> = {};
    for (const [k, { name, size }] of representation.attributes.entries()) {
      const { logits } = await heads[k].run({ ...said, state });
      const classes = new Int32Array(particles.length);
      for (const [row, proposal] of proposals.entries()) {
        if (proposal === undefined) continue;
        const own = logits.subarray(row * size, (row + 1) * size);
        if (!own.every(Number.isFinite)) {
          throw new CadenzaError('the model predicted no finite numbers; its weights are of no use');
        }
        classes[row] = proposal.say(k, own);
      }
      said[name] = classes;
    }
    for (const [row, proposal] of proposals.entries()) {
      proposal?.finish();
      // Who waits, or has come to the end, has not heard its last event yet.
      if (proposal === undefined || proposal.isOver) feeds.take(before, row);
    }
  }

  private async futureOf(rows: number, events: number): Promise<Future> {
    const known = await this.future?.catch(() => undefined);
    if (known?.rows === rows && known.events === events) return known;
    await known?.release();
    this.future = Future.compile(this.loaded, this.engine, rows, events, this.shards);
    return this.future;
  }
}

/** Rows of the smallest batch that is compiled for so many, by halves of the one there is. */
function fewestRows(active: number, rows: number): number {
  let size = rows;
  while (size % 2 === 0 && size / 2 >= Math.max(active, FEWEST_ROWS)) size /= 2;
  return size;
}

/** Tells how far all have come, and what the likeliest plays. */
function tell(particles: readonly Particle[], onProgress: NonNullable<GapOptions['onProgress']>): void {
  const [{ gap }] = particles;
  const slowest = particles.reduce(
    (least, { isOver, now }) => Math.min(least, isOver ? gap.to : now),
    gap.to,
  );
  const logOf = ({ logBefore, logWeight }: Particle) => logBefore + logWeight;
  const best = () => eventsOf(particles.reduce((best, other) => (logOf(other) > logOf(best) ? other : best)));
  onProgress(Math.max(0, (slowest - gap.from) / (gap.to - gap.from)), best);
}

function impossible(): CadenzaError {
  return new CadenzaError(
    'what is given cannot be reached from what was played; ask for more particles, or fewer limits',
  );
}

/** The fills that differ and after which what is given can be, the best first. */
function distinct(particles: readonly Particle[], tried: readonly Omit<FilledGap, 'events'>[]): FilledGap[] {
  const fills = new Map<string, FilledGap>();
  for (const [i, particle] of particles.entries()) {
    if (!Number.isFinite(tried[i].bits)) continue;
    const events = eventsOf(particle);
    const key = events.map(({ tick, pitch, velocity }) => `${tick} ${pitch} ${velocity}`).join();
    const weight = tried[i].weight + (fills.get(key)?.weight ?? 0);
    fills.set(key, { ...tried[i], events, weight });
  }
  return [...fills.values()].sort((a, b) => a.bits - b.bits);
}

/** In time; what still sounds at the end of the span, or so far, is released there. */
function eventsOf({ gap, played, held, isOver, now }: Particle): FillEvent[] {
  const events: FillEvent[] = [];
  const add = (tick: number, key: number, velocity: number) =>
    events.push({ tick, time: gap.time.secondsAt(tick), pitch: key + LOWEST_PITCH, velocity });
  for (let event = played; event !== undefined; event = event.before)
    add(event.tick, event.key, event.velocity);
  events.reverse();
  for (const key of held) add(isOver ? gap.to : now, key, NONE);
  return events;
}
