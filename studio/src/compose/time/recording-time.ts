/** The time of a recording: from its first key on, or as a metronome clicks it. */
import { piano } from '../../shell/sound.js';
import { studio } from '../studio.js';
import { ClockOffset } from './clock-offset.js';
import type { Counting } from './counting.js';

export interface RecordingTime {
  /** A key is struck: where nothing counts in, time begins with it. */
  begin(at: number): void;
  /** Seconds of the piece at a moment of the page's clock, milliseconds; undefined before it has begun. */
  at(moment: number): number | undefined;
  end(): void;
}

export function freeTime(): RecordingTime {
  let began: number | undefined;
  return {
    begin(at) {
      began ??= at;
    },
    at: (moment) => (began === undefined ? undefined : Math.max(0, (moment - began) / 1000)),
    end() {},
  };
}

/** Seconds from the start of the piano to the first click. */
const LEAD = 0.2;
/** Seconds that clicks are planned ahead, and how often that is done. */
const AHEAD = 0.6;
const EVERY_MILLISECONDS = 50;
/** Part of a beat by which one may come in before the first bar, and belongs to it. */
const EARLY = 0.5;

/**
 * Clicks bars before and while one plays. What is played lies in the piece where it was heard to the clicks:
 * the way of the sound to the ears is taken off.
 *
 * @param complain is told where there is no sound
 */
export function clickedTime(
  { tempo, beatsPerBar, countIn }: Counting,
  complain: (error: unknown) => void,
): RecordingTime {
  const beat = 60 / tempo;
  const clocks = new ClockOffset();
  let zero: number | undefined;
  let next = -countIn * beatsPerBar;
  let isOver = false;
  const plan = () => {
    if (zero === undefined) return;
    clocks.look(piano.heardNow(), performance.now() / 1000);
    for (; zero + next * beat < piano.now() + AHEAD; next++) {
      const place = ((next % beatsPerBar) + beatsPerBar) % beatsPerBar;
      piano.clickAt(zero + next * beat, place === 0);
    }
    const left = Math.ceil((zero - piano.heardNow()) / beat);
    studio.set({ countIn: left > 0 ? left : undefined });
  };
  const timer = setInterval(plan, EVERY_MILLISECONDS);
  piano.start().then(() => {
    if (isOver) return;
    zero = piano.now() + LEAD - next * beat;
    plan();
  }, complain);
  return {
    begin() {},
    at(moment) {
      if (zero === undefined) return undefined;
      const seconds = moment / 1000 + clocks.seconds - zero;
      return seconds < -EARLY * beat ? undefined : Math.max(0, seconds);
    },
    end() {
      isOver = true;
      clearInterval(timer);
      piano.silence();
      studio.set({ countIn: undefined });
    },
  };
}
