/** Fills against the enumeration of all of them, for a model of two keys. */
import { describe, expect, test } from 'vitest';
import { HIGH, LOW, TWO_KEYS } from '../../../../test/helpers/two-keys.js';
import type { Engine } from '../../../engine/engine.js';
import { plainEngine } from '../../../engine/plain/plain.js';
import { initialParameters, namedViews } from '../../../model/parameters.js';
import { KEYS, LOWEST_PITCH } from '../../../notes/grid.js';
import { type EventTable, type EventTracker, NONE } from '../../../representation/events.js';
import { EventLstm, type EventLstmConfig } from '../network.js';
import { perform } from '../perform.js';
import { Prefill } from '../prefill.js';
import { RowPrograms } from '../row-programs.js';
import { copyOf } from './copy-of.js';
import { type FillEvent, Filler, type Fills, type GapOptions } from './filler.js';
import type { Gap, GivenEvent } from './gap.js';

const CONFIG: EventLstmConfig = {
  kind: 'events',
  formatVersion: 1,
  representation: 'two-keys',
  layers: 1,
  hiddenSize: 4,
  headSize: 4,
  contextUnits: 0,
  keyFeatures: 0,
};
const model = new EventLstm(CONFIG, TWO_KEYS, 8);
const parameters = initialParameters(model.parameters, 5).map((value) => 2 * value);
const engine = plainEngine('float64');
const programs = new RowPrograms({ model, parameters }, engine);

type Row = readonly [ticks: number, symbol: number, velocity: number];
const table = (rows: readonly Row[]): EventTable => ({
  length: rows.length,
  columns: [0, 1, 2].map((k) => Int32Array.from(rows, (row) => row[k])),
});
const PRIMER: readonly Row[] = [
  [0, LOW, 1],
  [2, KEYS + LOW, NONE],
  [1, HIGH, 0],
];
/** The same length, and nothing sounds at its end. */
const SILENT: readonly Row[] = [
  [0, LOW, 1],
  [2, HIGH, 0],
  [0, KEYS + LOW, NONE],
  [1, KEYS + HIGH, NONE],
];
const NOW = 3;
/** `tick` counts from the beginning; what stands in the first column is of no importance. */
const given = (tick: number, symbol: number, velocity: number): GivenEvent => ({
  tick,
  values: [0, symbol, velocity],
  key: symbol % KEYS,
  isStrike: symbol < KEYS,
});
const gapOf = (span: number, events: readonly GivenEvent[], rows = PRIMER): Gap => ({
  primer: table(rows),
  now: NOW,
  from: NOW,
  to: NOW + span,
  given: events,
  symbol: 1,
  time: { tickAt: (x) => x, roundedTick: (x) => x, secondsAt: (x) => x },
});

const { listen, heads } = await programs.of(1);
const softmax = (logits: ArrayLike<number>, allowed: ArrayLike<number>) => {
  const odds = Array.from(logits, (logit, i) => allowed[i] * Math.exp(logit));
  const total = odds.reduce((sum, each) => sum + each, 0);
  return odds.map((each) => each / total);
};
const ones = (size: number) => new Float32Array(size).fill(1);

/** Where a sequence stands: what was said last, and what the model remembers of all before it. */
interface Place {
  readonly tracker: EventTracker;
  readonly last: Row | undefined;
  readonly states: Record<string, Float32Array>;
}

async function after({ tracker, last, states }: Place) {
  const before = last ?? [NONE, NONE, NONE];
  const feeds: Record<string, Int32Array | Float32Array> = { ...states, context: new Float32Array(2) };
  for (const [k, { name, size, classOf }] of TWO_KEYS.attributes.entries())
    feeds[`${name}Before`] = Int32Array.of(before[k] === NONE ? size : classOf(before[k]));
  tracker.context(feeds.context as Float32Array, 0);
  const { state, ...next } = await listen.run(feeds);
  const carried = Object.fromEntries(
    model.carried.map((name) => [name, next[`next_${name}`] as Float32Array]),
  );
  const times = softmax((await heads[0].run({ state })).logits, ones(4));
  return {
    carried,
    times,
    async symbols(ticks: number) {
      const allowed = new Float32Array(2 * KEYS);
      tracker.allowed(1, [ticks], allowed, 0);
      if (!allowed.includes(1)) return undefined;
      const time = Int32Array.of(Math.min(ticks, 3));
      return softmax((await heads[1].run({ state, time })).logits, allowed);
    },
    async velocities(ticks: number, symbol: number) {
      const said = { time: Int32Array.of(Math.min(ticks, 3)), symbol: Int32Array.of(symbol) };
      return softmax((await heads[2].run({ state, ...said })).logits, ones(2));
    },
  };
}

async function goOn(place: Place, row: Row): Promise<Place> {
  const { carried } = await after(place);
  const tracker = copyOf(place.tracker);
  tracker.push(row);
  return { tracker, last: row, states: carried };
}

async function primed({ columns, length }: EventTable): Promise<Place> {
  let place: Place = {
    tracker: TWO_KEYS.createTracker(),
    last: undefined,
    states: Object.fromEntries(model.carried.map((name) => [name, new Float32Array(4)])),
  };
  for (let e = 0; e < length; e++) {
    const [ticks, symbol, velocity] = columns.map((column) => column[e]);
    place = await goOn(place, [ticks, symbol, velocity]);
  }
  return place;
}

const LEAST = 1e-6;

/**
 * How likely every fill is, together with what is given: by the events that are free, as text.
 *
 * @param held keys that sound and are not to be released of themselves
 */
async function enumerate(gap: Gap): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const inSpan = gap.given.filter(({ tick }) => tick < gap.to);
  const walk = async (
    place: Place,
    now: number,
    index: number,
    held: readonly number[],
    text: string,
    probability: number,
  ): Promise<void> => {
    // Within a tick there is no end of strikes and releases: what hardly ever happens is left out.
    if (probability < LEAST) return;
    const next = inSpan[index];
    const { times, symbols, velocities } = await after(place);
    const first = Number((await symbols(0)) === undefined);
    const whole = times.slice(first).reduce((sum, each) => sum + each, 0);
    const timeOf = (ticks: number) => (ticks < first ? 0 : times[Math.min(ticks, 3)] / whole);
    // The last class stands for three ticks and no more.
    const left = gap.to - now;
    if (next === undefined) {
      let beyond = 0;
      for (let ticks = left; ticks <= 3; ticks++) beyond += timeOf(ticks);
      found.set(text, (found.get(text) ?? 0) + probability * beyond);
    }
    for (let ticks = 0; ticks <= Math.min(3, left - 1); ticks++) {
      const ofSymbols = timeOf(ticks) > 0 ? await symbols(ticks) : undefined;
      if (ofSymbols === undefined) continue;
      const tick = now + ticks;
      if (next !== undefined && tick > next.tick) continue;
      for (const symbol of [LOW, HIGH, KEYS + LOW, KEYS + HIGH]) {
        if (ofSymbols[symbol] === 0) continue;
        const bins = symbol < KEYS ? await velocities(ticks, symbol) : [1];
        for (const [bin, ofBin] of bins.entries()) {
          const velocity = symbol < KEYS ? bin : NONE;
          const key = symbol % KEYS;
          const likely = probability * timeOf(ticks) * ofSymbols[symbol] * ofBin;
          const isNext =
            next !== undefined &&
            tick === next.tick &&
            next.values[1] === symbol &&
            next.values[2] === velocity;
          const then = await goOn(place, [ticks, symbol, velocity]);
          if (isNext) {
            await walk(
              then,
              tick,
              index + 1,
              held.filter((each) => each !== key),
              text,
              likely,
            );
            continue;
          }
          const isGivenKey = inSpan.slice(index).some((each) => each.tick <= tick && each.key === key);
          const isRelease = symbol >= KEYS;
          // What must be released for a key that is given is released by whoever fills.
          if (isGivenKey ? !(isRelease && held.includes(key)) : isRelease && !held.includes(key)) continue;
          const still = isRelease ? held.filter((each) => each !== key) : [...held, key];
          await walk(then, tick, index, still, `${text} ${tick}:${symbol}:${velocity}`, likely);
        }
      }
    }
  };
  await walk(await primed(gap.primer), NOW, 0, [], '', 1);
  return found;
}

const textOf = ({ tick, pitch, velocity }: Pick<FillEvent, 'tick' | 'pitch' | 'velocity'>) =>
  ` ${tick}:${pitch - LOWEST_PITCH + (velocity === NONE ? KEYS : 0)}:${velocity}`;

/** The same by many fills of few particles: each weighs as much as it says, times how likely that is. */
async function estimate(gap: Gap, particles: number, times: number): Promise<Map<string, number>> {
  const filler = new Filler(
    { model, parameters },
    engine,
    programs,
    new Prefill(model, (n) => programs.listenTo(n)),
  );
  const found = new Map<string, number>();
  for (let seed = 0; seed < times; seed++) {
    const options = { particles, seed, isPlain: true, minP: 0, ahead: 0 };
    const { fills, logLikelihood } = await filler.fill(gap, options);
    for (const { events, weight } of fills) {
      const text = events
        .filter(({ tick, velocity }) => !(tick === gap.to && velocity === NONE))
        .map(textOf)
        .join('');
      found.set(text, (found.get(text) ?? 0) + (weight * Math.exp(logLikelihood)) / times);
    }
  }
  return found;
}

const total = (all: ReadonlyMap<string, number>) => [...all.values()].reduce((sum, each) => sum + each, 0);

describe.each<[string, Gap]>([
  ['nothing is given', gapOf(2, [])],
  ['nothing is given and nothing sounds', gapOf(2, [], SILENT)],
  ['a key that sounds is released as given', gapOf(2, [given(4, KEYS + HIGH, NONE)])],
  ['a note is given', gapOf(3, [given(4, LOW, 1), given(5, KEYS + LOW, NONE)])],
])('where %s', (_, gap) => {
  test('fills are as likely as enumeration says', async () => {
    const exact = await enumerate(gap);
    const found = await estimate(gap, 64, 90);
    const all = total(exact);
    expect(total(found) / all).toBeCloseTo(1, 1);
    expect(exact.size).toBeGreaterThan(5);
    let distance = 0;
    for (const [text, probability] of exact)
      distance += Math.abs(probability - (found.get(text) ?? 0)) / all / 2;
    expect(distance).toBeLessThan(0.06);
  });
});

test('where nothing is given it is plain playing', async () => {
  const gap = gapOf(2, [], SILENT);
  const exact = await enumerate(gap);
  expect(total(exact)).toBeCloseTo(1, 2);
  const played = new Map<string, number>();
  const [variations, times] = [64, 120];
  for (let seed = 0; seed < times; seed++) {
    const texts = new Array<string>(variations).fill('');
    const options = { seconds: 2, isPlain: true, minP: 0, isCutOff: true, variations, seed: 1000 + seed };
    for await (const { variation, tick, pitch, velocity } of perform(
      { model, parameters },
      engine,
      gap.primer,
      options,
    ))
      if (tick < 2) texts[variation] += textOf({ tick: NOW + tick, pitch, velocity });
    for (const text of texts) played.set(text, (played.get(text) ?? 0) + 1 / variations / times);
  }
  let distance = 0;
  for (const text of new Set([...exact.keys(), ...played.keys()]))
    distance += Math.abs((exact.get(text) ?? 0) - (played.get(text) ?? 0)) / 2;
  expect(distance).toBeLessThan(0.06);
});

test('all that is given is as likely as the model says', async () => {
  const gap = gapOf(3, [
    given(4, LOW, 1),
    given(5, KEYS + LOW, NONE),
    given(6, LOW, 0),
    given(8, KEYS + LOW, NONE),
  ]);
  const rows: Row[] = [...PRIMER, [1, LOW, 1], [1, KEYS + LOW, NONE]];
  let [place, nats] = [await primed(table(rows)), 0];
  for (const row of [
    [1, LOW, 0],
    [2, KEYS + LOW, NONE],
  ] as const) {
    const [ticks, symbol, velocity] = row;
    const { times, symbols, velocities } = await after(place);
    nats -= Math.log(times[ticks]) + Math.log((await symbols(ticks))?.[symbol] ?? 0);
    if (velocity !== NONE) nats -= Math.log((await velocities(ticks, symbol))[velocity]);
    place = await goOn(place, row);
  }
  const filler = new Filler(
    { model, parameters },
    engine,
    programs,
    new Prefill(model, (n) => programs.listenTo(n)),
  );
  expect(await filler.likelihood(gap, new Set())).toBeCloseTo(nats / Math.LN2, 4);
  await filler.release();
});

test('in smaller batches, and spread over engines, it fills the same', async () => {
  const sizes: number[] = [];
  const counting: Engine = {
    name: 'counting',
    compile(graph) {
      sizes.push(graph.inputs.hidden0?.shape[0] ?? 0);
      return engine.compile(graph);
    },
  };
  const shards = [counting, plainEngine('float64')];
  const [whole, spread] = [[], shards].map((shards) => {
    const programs = new RowPrograms({ model, parameters }, engine, shards);
    const prefill = new Prefill(model, (n) => programs.listenTo(n));
    return new Filler({ model, parameters }, engine, programs, prefill, shards);
  });
  const gap = gapOf(9, [given(7, LOW, 1), given(14, KEYS + LOW, NONE), given(15, HIGH, 1)], SILENT);
  const alone = await whole.fill(gap, { particles: 32, seed: 3, ahead: 2 });
  const together = await spread.fill(gap, { particles: 32, seed: 3, ahead: 2 });
  const bitsOf = ({ tried }: Fills) => tried.map(({ bits }) => bits.toFixed(4));
  expect(bitsOf(together)).toEqual(bitsOf(alone));
  expect(together.fills.map(({ events }) => events)).toEqual(alone.fills.map(({ events }) => events));
  // A batch of an odd number stays as it is, and without given notes none depends on the others.
  const free = gapOf(9, [given(14, KEYS + LOW, NONE), given(15, HIGH, 1)], SILENT);
  const even = await whole.fill(free, { particles: 32, seed: 3, ahead: 2 });
  const odd = await whole.fill(free, { particles: 17, seed: 3, ahead: 2 });
  expect(bitsOf(even).slice(0, 17)).toEqual(bitsOf(odd));
  // Half of 32 rows, of 16, and of what comes after the span.
  expect(new Set(sizes)).toEqual(new Set([16, 8]));
  await Promise.all([whole.release(), spread.release()]);
});

test('after no fill what is given cannot be', async () => {
  // So sure of how hard keys are struck that the other way, where some particles come to, is as likely as nothing.
  const sure = initialParameters(model.parameters, 2).map((value) => 2 * value);
  const weight = namedViews(sure, model.parameters).get('velocity.output.weight')?.data;
  weight?.forEach((value, i) => {
    weight[i] = 3000 * value;
  });
  const loaded = { model, parameters: sure };
  const ofSure = new RowPrograms(loaded, engine);
  const filler = new Filler(loaded, engine, ofSure, new Prefill(model, (n) => ofSure.listenTo(n)));
  const gap = gapOf(5, [given(5, LOW, 1), given(6, KEYS + LOW, NONE), given(9, LOW, 0)]);
  const { fills, tried } = await filler.fill(gap, {
    particles: 32,
    seed: 1,
    isPlain: true,
    minP: 0,
    ahead: 0,
  });
  expect(tried.some(({ bits }) => bits === Number.POSITIVE_INFINITY)).toBe(true);
  expect(fills.length).toBeGreaterThan(1);
  for (const { bits, weight } of fills) expect([Number.isFinite(bits), weight > 0]).toEqual([true, true]);
});

test('the same seed fills the same, another one otherwise; it can be called off', async () => {
  const filler = new Filler(
    { model, parameters },
    engine,
    programs,
    new Prefill(model, (n) => programs.listenTo(n)),
  );
  const gap = gapOf(9, [given(14, LOW, 1), given(15, KEYS + LOW, NONE)], SILENT);
  const parts: number[] = [];
  const previews: (readonly FillEvent[])[] = [];
  const onProgress: GapOptions['onProgress'] = (part, best) => {
    parts.push(part);
    previews.push(best());
  };
  const fill = (seed: number) => filler.fill(gap, { particles: 8, seed, ahead: 2, onProgress });
  const [once, again, other] = [await fill(1), await fill(1), await fill(2)];
  expect(again).toEqual(once);
  expect(other.fills[0].events).not.toEqual(once.fills[0].events);
  for (const { events } of once.fills) {
    const ticks = events.map(({ tick }) => tick);
    expect(ticks).toEqual([...ticks].sort((a, b) => a - b));
    for (const { tick, velocity } of events)
      expect(tick).toBeLessThanOrEqual(gap.to - Number(velocity !== NONE));
  }
  expect(once.fills.map(({ bits }) => bits)).toEqual(
    once.fills.map(({ bits }) => bits).sort((a, b) => a - b),
  );
  expect(parts.at(-1)).toBe(1);
  // At the end the preview is one of the fills.
  expect(other.fills.map(({ events }) => events)).toContainEqual(previews.at(-1));
  expect(previews.some((events) => events.length > 0 && events.length < (previews.at(-1)?.length ?? 0))).toBe(
    true,
  );
  const calledOff = AbortSignal.abort(new Error('enough'));
  await expect(filler.fill(gap, { signal: calledOff })).rejects.toThrow('enough');
  await filler.release();
});
