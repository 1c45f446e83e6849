/**
 * Tells of notes at the moment at which they are heard, though they were planned before: for lights,
 * keyboards and scores.
 */

/** A key that is heard to go down, or up. */
export interface HeardNote {
  readonly pitch: number;
  /** 1 … 127; 0 when the key goes up. */
  readonly velocity: number;
  /** Seconds of the piece. */
  readonly position: number;
}

export class HeardNotes {
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  /** Keys of which it was told that they are down. */
  private readonly down = new Set<number>();

  constructor(private readonly tell: (note: HeardNote) => void) {}

  /** Tells of a note in so many seconds. */
  after(seconds: number, note: HeardNote): void {
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        if (note.velocity > 0) this.down.add(note.pitch);
        else this.down.delete(note.pitch);
        this.tell(note);
      },
      Math.max(0, 1000 * seconds),
    );
    this.timers.add(timer);
  }

  /** What was planned is not heard, and what is down goes up. */
  silence(position: number): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    const keys = [...this.down];
    this.down.clear();
    for (const pitch of keys) this.tell({ pitch, velocity: 0, position });
  }
}
