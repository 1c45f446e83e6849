/** The clicks of a metronome: short tones, planned by the clock, that can be called back. */

/** Hertz of the first beat of a bar and of the others, and how loud. */
const STRONG = { frequency: 1760, gain: 0.32 };
const WEAK = { frequency: 1175, gain: 0.2 };
/** Seconds. */
const ATTACK = 0.001;
const LENGTH = 0.045;

export class Clicks {
  private readonly planned = new Set<OscillatorNode>();

  constructor(
    private readonly context: BaseAudioContext,
    private readonly output: AudioNode,
  ) {}

  /** A click at a time of the context's clock; at once where that is past. */
  at(time: number, isStrong: boolean): void {
    const { frequency, gain } = isStrong ? STRONG : WEAK;
    const start = Math.max(time, this.context.currentTime);
    const tone = new OscillatorNode(this.context, { type: 'triangle', frequency });
    const level = new GainNode(this.context, { gain: 0 });
    level.gain.setValueAtTime(0, start);
    level.gain.linearRampToValueAtTime(gain, start + ATTACK);
    level.gain.exponentialRampToValueAtTime(1e-4, start + LENGTH);
    tone.connect(level).connect(this.output);
    tone.start(start);
    tone.stop(start + LENGTH);
    this.planned.add(tone);
    tone.onended = () => {
      this.planned.delete(tone);
      level.disconnect();
    };
  }

  /** Nothing that was planned is heard any more. */
  silence(): void {
    for (const tone of this.planned) tone.disconnect();
    this.planned.clear();
  }
}
