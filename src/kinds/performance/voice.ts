/** One variation of a performance: its piece so far, its chance, its rules, and how its next event is drawn. */
import { KEYS, VELOCITY_BINS } from '../../notes/grid.js';
import { RuleKeeper, type Rules, type Window } from '../../playing/constraints.js';
import { type DrawOptions, drawClass, dropUnlikely } from '../../playing/logits.js';
import type { Random } from '../../random.js';
import {
  type EventRepresentation,
  type EventTable,
  type EventTracker,
  NONE,
  passEvent,
} from '../../representation/events.js';
import { binWidth, firstTick, TIME_BINS } from '../../representation/time-bins.js';
import { DEFAULT_MIN_P, type PerformOptions } from './perform-options.js';
import { farBack } from './recent-events.js';
import { Repeats } from './repeats.js';

/** After so many events of a primer others have a turn. */
const EVENTS_AT_ONCE = 1024;

/** One variation. */
export class Player {
  readonly tracker: EventTracker;
  readonly rules: RuleKeeper;
  readonly repeats = new Repeats();
  readonly values = new Int32Array(3);
  now = 0;
  strikes = 0;
  isDone = false;

  constructor(
    representation: EventRepresentation,
    readonly random: Random,
    rules: Rules,
    /** Ticks from the primer's last event to the first that may be played. */
    private readonly notBefore: number,
  ) {
    this.tracker = representation.createTracker();
    this.rules = new RuleKeeper(rules);
  }

  /** Goes along a primer; gives, every so many events, how many it has passed. */
  *hear(primer: EventTable): Generator<number, void, undefined> {
    const far = farBack(primer);
    for (let e = 0; e < primer.length; e++) {
      for (let k = 0; k < 3; k++) this.values[k] = primer.columns[k][e];
      this.go(e < far);
      if ((e + 1) % EVENTS_AT_ONCE === 0) yield e + 1;
    }
    this.repeats.takeForUsual();
    if (primer.length === 0) this.values.fill(NONE);
    this.now = 0;
    this.strikes = 0;
  }

  /** The ticks among which the next event may fall, both included. */
  window(): Window {
    const { earliest, latest } = this.rules.window();
    const first = Math.max(earliest, this.notBefore - this.now);
    return { earliest: first, latest: Math.max(first, latest) };
  }

  /** Goes on past the event in `values`. */
  go(isFar = false): void {
    passEvent(this.tracker, this.values, isFar);
    this.rules.push(this.values[0], this.values[1]);
    this.repeats.push(this.values[1]);
    this.now += this.values[0];
    this.strikes += Number(this.values[1] < KEYS);
  }
}

function drawOptions(attribute: keyof typeof DRAW, options: PerformOptions): DrawOptions {
  const temperature = options.temperatures?.[attribute] ?? options.temperature ?? 1;
  return { temperature, topP: options.topP };
}

/** Each draws an attribute, puts its value into the player's `values`, and gives its class. */
export const DRAW = {
  time(logits: ArrayLike<number>, player: Player, options: PerformOptions): number {
    const { earliest, latest } = player.window();
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
    player.repeats.restrain(allowed);
    const { minP = DEFAULT_MIN_P } = options;
    // Apart: whether a key is struck or released next stays as learned.
    for (const from of [0, KEYS]) dropUnlikely(logits, allowed, minP, from, from + KEYS);
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
