/**
 * Sequences of events as a model takes them, T events of B pieces at a time. Every row of a batch goes on
 * where it was in the batch before, so that a model can carry its state along.
 *
 * Legend: T events a row, B rows, V classes of an attribute, C numbers of context.
 */
import {
  columnCount,
  type EventRepresentation,
  type EventTable,
  type EventTracker,
  NONE,
  passEvent,
} from '../../representation/events.js';

/**
 * Room for a batch, laid out by time. For each attribute: `NAMEBefore` (T, B) the class of the event before,
 * V where there is none; `NAME` (T, B) the class to be predicted; `NAMEWeight` (T, B) 1 where it counts; and,
 * where classes can be impossible, `NAMEAllowed` (T, B, V). `context` (T, B, C) where the representation has
 * one.
 */
export class EventBatch {
  readonly feeds: Readonly<Record<string, Int32Array | Float32Array>>;

  constructor(
    readonly representation: EventRepresentation,
    readonly steps: number,
    readonly size: number,
  ) {
    const cells = steps * size;
    const feeds: Record<string, Int32Array | Float32Array> = {};
    for (const [k, { name, size: classes }] of representation.attributes.entries()) {
      feeds[`${name}Before`] = new Int32Array(cells);
      feeds[name] = new Int32Array(cells);
      feeds[`${name}Weight`] = new Float32Array(cells);
      if (representation.constrained[k]) feeds[`${name}Allowed`] = new Float32Array(cells * classes);
    }
    if (representation.contextSize > 0) {
      feeds.context = new Float32Array(cells * representation.contextSize);
    }
    this.feeds = feeds;
  }
}

/** One row of a batch: walks along a piece. */
export class EventRow {
  private tracker: EventTracker;
  private events: EventTable | undefined;
  private position = 0;
  private readonly before: Int32Array;
  private readonly now: Int32Array;

  constructor(private readonly representation: EventRepresentation) {
    this.tracker = representation.createTracker();
    this.before = new Int32Array(columnCount(representation));
    this.now = new Int32Array(columnCount(representation));
  }

  /** Whether there is no event left. */
  get isOver(): boolean {
    return this.events === undefined || this.position >= this.events.length;
  }

  /** Events of the piece. */
  get length(): number {
    return this.events?.length ?? 0;
  }

  /** Events that are left. */
  get left(): number {
    return (this.events?.length ?? 0) - this.position;
  }

  /** Goes past events without writing them; the first `passed` of them as something that lies far back. */
  skip(count: number, passed = 0): void {
    for (let n = 0; n < count && !this.isOver; n++) this.advance(n < passed);
  }

  private advance(isFar = false): void {
    const { columns } = this.events as EventTable;
    for (let k = 0; k < columns.length; k++) this.now[k] = columns[k][this.position];
    passEvent(this.tracker, this.now, isFar);
    this.before.set(this.now);
    this.position++;
  }

  /** Begins a piece. */
  open(events: EventTable): void {
    this.events = events;
    this.position = 0;
    this.tracker.reset();
    this.before.fill(NONE);
  }

  /** Goes on after events that a tracker knows, of which the last one had these values. */
  goOn(events: EventTable, tracker: EventTracker, before: ArrayLike<number>): void {
    this.events = events;
    this.position = 0;
    this.tracker = tracker;
    this.before.set(before);
  }

  /** Writes the next events into a row of a batch, as many as fit or are left; tells how many. */
  fill(batch: EventBatch, row: number): number {
    const { steps, size, feeds } = batch;
    const { attributes, constrained, contextSize } = this.representation;
    let count = 0;
    for (let t = 0; t < steps; t++) {
      const cell = t * size + row;
      const events = this.isOver ? undefined : this.events;
      if (events !== undefined) {
        for (let k = 0; k < attributes.length; k++) this.now[k] = events.columns[k][this.position];
        if (contextSize > 0) this.tracker.context(feeds.context as Float32Array, cell * contextSize);
      } else {
        feeds.context?.fill(0, cell * contextSize, (cell + 1) * contextSize);
      }
      for (let k = 0; k < attributes.length; k++) {
        const { name, size: classes } = attributes[k];
        const present = events !== undefined && this.now[k] !== NONE;
        feeds[`${name}Before`][cell] =
          events === undefined || this.before[k] === NONE ? classes : attributes[k].classOf(this.before[k]);
        feeds[name][cell] = present ? attributes[k].classOf(this.now[k]) : 0;
        feeds[`${name}Weight`][cell] = Number(present);
        if (!constrained[k]) continue;
        const allowed = feeds[`${name}Allowed`] as Float32Array;
        if (present) this.tracker.allowed(k, this.now, allowed, cell * classes);
        else allowed.fill(1, cell * classes, (cell + 1) * classes);
      }
      if (events === undefined) continue;
      this.advance();
      count++;
    }
    return count;
  }
}
