/** What is being played by hand: keys and pedal as they come, and the notes they make up to now. */
import { type KeyEvent, notesOfKeys, type PianoPiece } from '../../../src/index.js';

export class Phrase {
  readonly events: KeyEvent[] = [];
  private readonly movements: { readonly time: number; readonly value: number }[] = [];
  private readonly down = new Set<number>();
  private pedal = 0;
  /** When the last key moved, in seconds of the piece. */
  lastTime = 0;

  get strikes(): number {
    return this.events.reduce((sum, { velocity }) => sum + Number(velocity > 0), 0);
  }

  /** Whether no key is held. */
  get isQuiet(): boolean {
    return this.down.size === 0;
  }

  strike(time: number, pitch: number, velocity: number): void {
    this.down.add(pitch);
    this.add(time, pitch, velocity);
  }

  release(time: number, pitch: number): void {
    if (this.down.delete(pitch)) this.add(time, pitch, 0);
  }

  movePedal(time: number, value: number): void {
    if (value === this.pedal) return;
    this.pedal = value;
    this.movements.push({ time, value });
  }

  private add(time: number, pitch: number, velocity: number): void {
    this.events.push({ time, pitch, velocity });
    this.lastTime = time;
  }

  /** The notes and the pedal; keys that are still held sound until `now`. */
  pieceAt(now: number): PianoPiece {
    const notes = notesOfKeys(this.events, now);
    if (this.movements.length === 0) return { notes };
    const time = Float64Array.from(this.movements, (movement) => movement.time);
    const value = Uint8Array.from(this.movements, (movement) => movement.value);
    return { notes, pedal: { length: time.length, time, value } };
  }

  /**
   * Strikes and releases with the pedal folded in: a release waits for the pedal. Held keys sound until
   * `now`.
   */
  eventsAt(now: number, sounding: (piece: PianoPiece) => PianoPiece['notes']): KeyEvent[] {
    const notes = sounding(this.pieceAt(now));
    const events: KeyEvent[] = [];
    for (let i = 0; i < notes.length; i++) {
      events.push({ time: notes.start[i], pitch: notes.pitch[i], velocity: notes.velocity[i] });
      events.push({ time: notes.end[i], pitch: notes.pitch[i], velocity: 0 });
    }
    return events.sort((a, b) => a.time - b.time || a.velocity - b.velocity);
  }
}
