/** One variation of a performance: its piece so far, its chance, and its rules. */
import { KEYS } from '../../notes/grid.js';
import type { Harmony } from '../../playing/chords.js';
import { RuleKeeper, type Rules, type Window } from '../../playing/constraints.js';
import type { Drawing, KeyAction } from '../../playing/draw.js';
import { Habits } from '../../playing/habits.js';
import type { Random } from '../../random.js';
import {
  columnCount,
  type EventRepresentation,
  type EventTable,
  type EventTracker,
  type PlayingRules,
  passEvent,
  placeOfGiven,
  ticksTo,
  valuesAfter,
} from '../../representation/events.js';
import { farBack } from '../../representation/recent-events.js';

/** After so many events of a primer others have a turn. */
const EVENTS_AT_ONCE = 1024;

export class Voice implements Drawing {
  readonly tracker: EventTracker;
  readonly rules: RuleKeeper;
  readonly habits = new Habits();
  /** Of the last event, and of the next one as far as it is drawn; by place. */
  readonly values: Int32Array;
  now = 0;
  strikes = 0;
  isDone = false;
  /** Where it is heard how far the end is, and when that is. */
  private left: { readonly place: number; readonly end: number } | undefined;
  /** The keys that sounded when the last strike had been heard, until they are released. */
  ringing: Set<number> | undefined;
  /** Events since then. */
  unheard = 0;
  /** When what then still sounds is released. */
  silentFrom = Number.POSITIVE_INFINITY;

  constructor(
    private readonly representation: EventRepresentation,
    private readonly playing: PlayingRules,
    readonly random: Random,
    rules: Rules,
    /** Ticks from the primer's last event to the first that may be played. */
    private readonly notBefore: number,
    readonly harmony?: Harmony,
  ) {
    this.tracker = representation.createTracker();
    this.values = new Int32Array(columnCount(representation));
    this.rules = new RuleKeeper(rules);
  }

  /** Goes along a primer; gives, every so many events, how many it has passed. */
  *hear(primer: EventTable): Generator<number, void, undefined> {
    const far = farBack(primer);
    for (let e = 0; e < primer.length; e++) {
      for (let k = 0; k < this.values.length; k++) this.values[k] = primer.columns[k][e];
      this.go(e < far);
      if ((e + 1) % EVENTS_AT_ONCE === 0) yield e + 1;
    }
    this.habits.takeForUsual(this.playing.repetition);
    this.values.set(valuesAfter(this.representation, primer));
    this.now = 0;
    this.strikes = 0;
  }

  /** The ticks among which the next event may fall, both included. */
  window(): Window {
    const { earliest, latest } = this.rules.window();
    const first = Math.max(earliest, this.notBefore - this.now);
    // What the next chord does not have is released where that begins.
    const change = this.harmony?.change(this.now, this.rules.soundingKeys()) ?? Number.POSITIVE_INFINITY;
    return { earliest: first, latest: Math.max(first, Math.min(latest, change - this.now)) };
  }

  /** What never changes of it, and may be shared. */
  get unchanging(): readonly object[] {
    return [this.representation, this.playing, ...(this.harmony ? [this.harmony] : [])];
  }

  /** What the event in `values` does. */
  get action(): KeyAction {
    return this.playing.actionOf(this.values, ticksTo(this.tracker, this.values));
  }

  /** From now on this is told of the piece. */
  give(place: number, value: number): void {
    this.values[place] = value;
  }

  /** The piece is to end so many ticks from now; a model that does not hear that goes on as ever. */
  endIn(ticks: number): void {
    this.left = { place: placeOfGiven(this.representation, 'left'), end: this.now + ticks };
  }

  /** Goes on past the event in `values`. */
  go(isFar = false): void {
    const { ticks, key, isStrike } = this.action;
    if (this.left !== undefined) this.values[this.left.place] = Math.max(0, this.left.end - this.now - ticks);
    const symbol = isStrike ? key : KEYS + key;
    passEvent(this.tracker, this.values, isFar);
    this.rules.push(ticks, symbol);
    this.habits.push(ticks, symbol);
    this.now += ticks;
    this.strikes += Number(isStrike);
  }
}
