/**
 * Where a synthesiser plays what was planned: on one channel, its lane, as long as nothing interferes. What
 * was sent ahead cannot be called back, so to silence it the lane is faded out and muted until the last of it
 * is past, and what comes next plays on another lane.
 */

/** What lanes need of a synthesiser. */
export interface LaneSynth {
  readonly now: () => number;
  /** Fades a channel to a gain, 0 or 1, within some milliseconds. */
  readonly fade: (channel: number, gain: 0 | 1) => void;
  /** A muted channel drops its notes and takes no strikes. */
  readonly mute: (channel: number, isMuted: boolean) => void;
  /** Back to how a channel began: pedal up. */
  readonly reset: (channel: number) => void;
  /** Calls back after some seconds. */
  readonly after: (seconds: number, callback: () => void) => void;
}

/** Seconds until a faded lane is inaudible. */
const FADE = 0.03;

export class Lanes {
  private readonly free: number[];
  private used: number;
  /** Time of the last event that was sent to the lane in use. */
  private latest = 0;

  constructor(
    private readonly synth: LaneSynth,
    channels: readonly number[],
  ) {
    this.free = channels.slice(1);
    this.used = channels[0];
  }

  /** The channel to send an event to that happens at `time`. */
  at(time: number): number {
    this.latest = Math.max(this.latest, time);
    return this.used;
  }

  /** Silences the lane in use, with all that was sent to it, and takes another. */
  silence(): void {
    const { synth, used } = this;
    const now = synth.now();
    synth.fade(used, 0);
    const next = this.free.shift();
    if (next === undefined) {
      // None is left: the notes stop, though one or two that were sent ahead may still come.
      synth.mute(used, true);
      synth.mute(used, false);
      synth.reset(used);
      synth.fade(used, 1);
      return;
    }
    synth.after(FADE, () => synth.mute(used, true));
    synth.after(Math.max(FADE, this.latest - now) + FADE, () => {
      synth.mute(used, false);
      synth.reset(used);
      synth.fade(used, 1);
      this.free.push(used);
    });
    this.used = next;
    this.latest = 0;
  }
}
