/**
 * Playing with the performance model: it hears a primer, then says event after event, each drawn from what it predicts
 * and from what is allowed. Several variations play side by side as the rows of one batch; the cost of an event does not
 * depend on how many came before.
 */
import { EventBatch, EventRow } from '../dataset/event-batch.js';
import type { Engine, Program } from '../engine/engine.js';
import { CadenzaError } from '../errors.js';
import type { EventLstm } from '../model/event-lstm.js';
import {
  type GridNotes,
  KEYS,
  LOWEST_PITCH,
  TICKS_PER_SECOND,
  VELOCITY_BINS,
  velocityOf,
} from '../notes/grid.js';
import { createNoteTable, type NoteTable } from '../notes/note-table.js';
import { Random } from '../random.js';
import { type EventTable, NONE } from '../representation/events.js';
import { PERFORMANCE } from '../representation/performance.js';
import { binWidth, firstTick, TIME_BINS } from '../representation/time-bins.js';
import { type Constraints, RuleKeeper, type Rules, rulesOf } from './constraints.js';
import { type DrawOptions, drawClass } from './logits.js';

export interface PerformOptions extends Constraints {
  /** Seconds to play, from the primer's last event on. */
  readonly seconds?: number;
  /** Notes to strike; with `seconds` whichever comes first. 100 where neither is given. */
  readonly notes?: number;
  /** How many variations; 1 by default. */
  readonly variations?: number;
  /** The same seed, model, primer and options give the same notes; 0 by default. */
  readonly seed?: number;
  /** 0 takes the likeliest, 1 plays as learned, more dares more; 1 by default. Single attributes can differ. */
  readonly temperature?: number;
  readonly temperatures?: { readonly time?: number; readonly symbol?: number; readonly velocity?: number };
  /** Only the likeliest choices that together have this probability; 1, all, by default. */
  readonly topP?: number;
  /** About so many times as many events a second as learned; 1 by default. */
  readonly density?: number;
  /** Louder above 0, softer below, about so many steps of MIDI velocity; 0 by default. */
  readonly loudness?: number;
}

/** An event as it was played. */
export interface PlayedEvent {
  /** Which variation, from 0. */
  readonly variation: number;
  /** Seconds since the primer's last event. */
  readonly time: number;
  readonly pitch: number;
  /** Velocity bin of a strike, 0 … 31; −1 for a release. */
  readonly velocity: number;
}

/** Events of a primer that are heard at once. */
const LISTEN_STEPS = 64;
/** The last events of a primer that are heard: more than that no state remembers. */
const MOST_HEARD = 4096;

const ATTRIBUTES = ['time', 'symbol', 'velocity'] as const;

/** One variation: its piece so far, its chance, its rules. */
class Player {
  readonly tracker = PERFORMANCE.createTracker();
  readonly rules: RuleKeeper;
  readonly values = new Int32Array(3);
  now = 0;
  strikes = 0;
  isDone = false;

  constructor(
    readonly random: Random,
    rules: Rules,
    primer: EventTable,
  ) {
    this.rules = new RuleKeeper(rules);
    for (let e = 0; e < primer.length; e++) {
      for (let k = 0; k < 3; k++) this.values[k] = primer.columns[k][e];
      this.go();
    }
    if (primer.length === 0) this.values.fill(NONE);
    this.now = 0;
    this.strikes = 0;
  }

  /** Goes on past the event in `values`. */
  go(): void {
    this.tracker.push(this.values);
    this.rules.push(this.values[0], this.values[1]);
    this.now += this.values[0];
    this.strikes += Number(this.values[1] < KEYS);
  }
}

/** What is compiled once for a number of variations. */
interface Programs {
  readonly listen: Program;
  readonly heads: readonly Program[];
}

/**
 * Plays on from a primer's events, event by event. What sounds at the end is released there. Keys that sound when the
 * primer ends (see {@link primerEvents}) are the model's to release too.
 *
 * @throws CadenzaError when constraints clash, or the model predicts no finite numbers
 */
export async function* perform(
  { model, parameters }: { readonly model: EventLstm; readonly parameters: Float32Array },
  engine: Engine,
  primer: EventTable,
  options: PerformOptions = {},
): AsyncGenerator<PlayedEvent, void, undefined> {
  if (model.representation !== PERFORMANCE) {
    throw new CadenzaError(
      `a model of ${model.representation.name} events cannot play; choose another model`,
    );
  }
  const { variations = 1, seed = 0, seconds, notes } = options;
  const most = notes ?? (seconds === undefined ? 100 : Number.POSITIVE_INFINITY);
  const end = seconds === undefined ? Number.POSITIVE_INFINITY : Math.round(seconds * TICKS_PER_SECOND);
  const rules = rulesOf(options);
  const players = Array.from({ length: variations }, (_, i) => {
    return new Player(new Random(seed).fork(`variation ${i}`), rules, primer);
  });
  const programs: Programs = {
    listen: await engine.compile(model.predictionGraph(variations, parameters)),
    heads: await Promise.all(
      ATTRIBUTES.map((_, k) => engine.compile(model.attributeGraph(k, variations, parameters))),
    ),
  };
  try {
    const feeds = new Feeds(model, variations);
    await feeds.hear(engine, model, parameters, primer);
    while (players.some(({ isDone }) => !isDone)) {
      await say(programs, feeds, players, options);
      for (const [variation, player] of players.entries()) {
        if (player.isDone) continue;
        const [ticks, symbol, velocity] = player.values;
        const time = Math.min(player.now + ticks, end) / TICKS_PER_SECOND;
        const event = (key: number, velocity: number) => ({
          variation,
          time,
          pitch: key + LOWEST_PITCH,
          velocity,
        });
        if (player.now + ticks >= end || (symbol < KEYS && player.strikes >= most)) {
          player.isDone = true;
          for (const key of player.rules.soundingKeys()) yield event(key, NONE);
          continue;
        }
        player.go();
        yield event(symbol % KEYS, velocity);
      }
    }
  } finally {
    await Promise.all([programs.listen, ...programs.heads].map((program) => program.release()));
  }
}

/** What goes into the graphs: the event before, its context, and the carried states of every variation. */
class Feeds {
  readonly batch: EventBatch;
  carried: Record<string, Float32Array>;

  constructor(
    private readonly model: EventLstm,
    private readonly size: number,
  ) {
    this.batch = new EventBatch(PERFORMANCE, 1, size);
    const zeros = () => new Float32Array(size * model.config.hiddenSize);
    this.carried = Object.fromEntries(model.carried.map((name) => [name, zeros()]));
  }

  /** Hears a primer's last events but one, once for all variations: what comes after is said with the last one. */
  async hear(engine: Engine, model: EventLstm, parameters: Float32Array, primer: EventTable): Promise<void> {
    const row = new EventRow(PERFORMANCE);
    row.open(primer);
    row.skip(Math.max(0, primer.length - MOST_HEARD));
    let states: Record<string, Float32Array> = Object.fromEntries(
      model.carried.map((name) => [name, new Float32Array(model.config.hiddenSize)]),
    );
    for (const steps of [LISTEN_STEPS, 1]) {
      if (row.left < steps) continue;
      const program = await engine.compile(model.predictionGraph(1, parameters, steps));
      const batch = new EventBatch(PERFORMANCE, steps, 1);
      while (row.left >= steps) {
        row.fill(batch, 0);
        states = nextStates(model, await program.run({ ...heardFeeds(batch), ...states }));
      }
      await program.release();
    }
    for (const name of model.carried) {
      for (let i = 0; i < this.size; i++) this.carried[name].set(states[name], i * states[name].length);
    }
  }

  /** Puts a player's last event and context into its row. */
  set(row: number, { tracker, values }: Player): void {
    const { feeds } = this.batch;
    for (const [k, { name, size, classOf }] of PERFORMANCE.attributes.entries()) {
      feeds[`${name}Before`][row] = values[k] === NONE ? size : classOf(values[k]);
    }
    tracker.context(feeds.context as Float32Array, row * PERFORMANCE.contextSize);
  }

  async listen(program: Program): Promise<Float32Array> {
    const result = await program.run({ ...heardFeeds(this.batch), ...this.carried });
    this.carried = nextStates(this.model, result);
    return result.state as Float32Array;
  }
}

function heardFeeds({ feeds }: EventBatch): Record<string, Int32Array | Float32Array> {
  return Object.fromEntries(
    Object.entries(feeds).filter(([name]) => name.endsWith('Before') || name === 'context'),
  );
}

function nextStates(model: EventLstm, result: Record<string, unknown>): Record<string, Float32Array> {
  return Object.fromEntries(model.carried.map((name) => [name, result[`next_${name}`] as Float32Array]));
}

/** Draws the next event of every player into its `values`. */
async function say(
  { listen, heads }: Programs,
  feeds: Feeds,
  players: readonly Player[],
  options: PerformOptions,
): Promise<void> {
  for (const [row, player] of players.entries()) feeds.set(row, player);
  const state = await feeds.listen(listen);
  const said: Record<string, Int32Array> = {};
  for (const [k, name] of ATTRIBUTES.entries()) {
    const { logits } = await heads[k].run({ ...said, state });
    const { size } = PERFORMANCE.attributes[k];
    const classes = new Int32Array(players.length);
    for (const [row, player] of players.entries()) {
      if (player.isDone) continue;
      const own = logits.subarray(row * size, (row + 1) * size);
      if (!own.every(Number.isFinite)) {
        throw new CadenzaError('the model predicted no finite numbers; its weights are of no use');
      }
      classes[row] = DRAW[name](own, player, options);
    }
    said[name] = classes;
  }
}

function drawOptions(attribute: (typeof ATTRIBUTES)[number], options: PerformOptions): DrawOptions {
  const temperature = options.temperatures?.[attribute] ?? options.temperature ?? 1;
  return { temperature, topP: options.topP };
}

/** Each draws an attribute, puts its value into the player's `values`, and gives its class. */
const DRAW = {
  time(logits: ArrayLike<number>, player: Player, options: PerformOptions): number {
    const { earliest, latest } = player.rules.window();
    const tilt = tiltOf(options.density ?? 1);
    const first = Math.max(earliest, Number(earliest === 0 && !mayBeNow(player)));
    const last = Math.max(first, latest);
    const weights = Float64Array.from({ length: TIME_BINS }, (_, bin) => {
      const from = Math.max(firstTick(bin), first);
      const to = Math.min(firstTick(bin) + binWidth(bin) - 1, last);
      // Of a bin only partly within the window only that part counts.
      const part = Math.max(0, to - from + 1) / binWidth(bin);
      // Chords stay as likely as they are: only what is not at once comes sooner or later.
      return bin === 0 ? part : part * (firstTick(bin) / USUAL_TICKS) ** -tilt;
    });
    // A window beyond the longest time: as long as can be said.
    if (!weights.some((weight) => weight > 0)) weights[TIME_BINS - 1] = 1;
    const bin = drawClass(logits, weights, drawOptions('time', options), player.random);
    const from = Math.max(firstTick(bin), first);
    const to = Math.max(from, Math.min(firstTick(bin) + binWidth(bin) - 1, last));
    player.values[0] = from + player.random.below(to - from + 1);
    return bin;
  },
  symbol(logits: ArrayLike<number>, player: Player, options: PerformOptions): number {
    const allowed = new Float32Array(2 * KEYS);
    player.tracker.allowed(1, player.values, allowed, 0);
    player.rules.restrict(player.values[0], allowed);
    const symbol = drawClass(logits, allowed, drawOptions('symbol', options), player.random);
    player.values[1] = symbol;
    return symbol;
  },
  velocity(logits: ArrayLike<number>, player: Player, options: PerformOptions): number {
    if (player.values[1] >= KEYS) {
      player.values[2] = NONE;
      return 0;
    }
    const tilt = (options.loudness ?? 0) * LOUDNESS_TILT;
    const weights = Float64Array.from({ length: VELOCITY_BINS }, (_, bin) =>
      Math.exp(tilt * (bin - VELOCITY_BINS / 2)),
    );
    const bin = drawClass(logits, weights, drawOptions('velocity', options), player.random);
    player.values[2] = bin;
    return bin;
  },
};

/** What is sparse goes on sparser by itself, so less is needed for it than for what is dense. */
function tiltOf(density: number): number {
  return Math.log(density) * (density < 1 ? SPARSE_TILT : 1);
}

const SPARSE_TILT = 0.28;

/** A time between events that a density does not make more or less likely. */
const USUAL_TICKS = 5;

/**
 * Weight of a velocity bin for every step of loudness, as an exponent: by trial, because what was played loud is heard
 * loud and goes on so.
 */
const LOUDNESS_TILT = 0.008;

/** Whether any event may come in the tick of the last one. */
function mayBeNow(player: Player): boolean {
  const allowed = new Float32Array(2 * KEYS);
  player.tracker.allowed(1, [0], allowed, 0);
  return player.rules.restrict(0, allowed);
}

/** What was played of one variation, as notes; releases of keys that the primer struck are left out. */
export function notesOfEvents(events: readonly PlayedEvent[]): NoteTable {
  const strikes = events.filter(({ velocity }) => velocity !== NONE);
  const notes = createNoteTable(strikes.length);
  const open = new Map<number, number>();
  let note = 0;
  for (const { pitch, time, velocity } of events) {
    const sounding = open.get(pitch);
    if (sounding !== undefined) notes.end[sounding] = time;
    open.delete(pitch);
    if (velocity === NONE) continue;
    open.set(pitch, note);
    notes.pitch[note] = pitch;
    notes.velocity[note] = velocityOf(velocity);
    notes.start[note] = time;
    notes.end[note++] = time;
  }
  return notes;
}

/** The events of a primer, up to `cut` seconds: what sounds then is still held. */
export function primerEvents(grid: GridNotes, cut = Number.POSITIVE_INFINITY): EventTable {
  const { length, columns } = PERFORMANCE.encode(grid);
  let now = 0;
  let kept = 0;
  while (kept < length && now + columns[0][kept] <= cut * TICKS_PER_SECOND) now += columns[0][kept++];
  return { length: kept, columns: columns.map((column) => column.subarray(0, kept)) };
}
