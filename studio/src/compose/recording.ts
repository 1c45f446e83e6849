/** Recording a primer: freely from the first key on, or to a metronome that counts in. */
import { evenBeats } from '../../../src/index.js';
import { changed } from '../state/history.js';
import { complain } from '../state/messages.js';
import { newSession, type Source, setBeats } from '../state/session.js';
import type { Live } from './live.js';
import { Phrase } from './phrase.js';
import { commit, sessionOf, studio } from './studio.js';
import { counting } from './time/counting.js';
import { clickedTime, freeTime, type RecordingTime } from './time/recording-time.js';

/** How often notes that are held grow on the roll. */
const REFRESH_MILLISECONDS = 100;

/** A new primer. It is kept while it is played. */
export function record(source: Source): Live {
  const { clicks, tempo, beatsPerBar } = counting.get();
  const phrase = new Phrase();
  const session = newSession(source);
  commit(clicks ? setBeats(session, evenBeats(0, tempo, beatsPerBar)) : session, 'record');
  const time: RecordingTime = clicks ? clickedTime(counting.get(), complain) : freeTime();
  const show = () => {
    const played = phrase.pieceAt(Math.max(phrase.lastTime, time.at(performance.now()) ?? 0));
    const next = { ...sessionOf(), source: { ...source, ...played } };
    studio.set(({ history }) => ({ history: changed(history, next) }));
  };
  const timer = setInterval(() => {
    if (!phrase.isQuiet) show();
  }, REFRESH_MILLISECONDS);
  return {
    onStrike(pitch, velocity, at) {
      time.begin(at);
      const seconds = time.at(at);
      if (seconds === undefined) return;
      phrase.strike(seconds, pitch, velocity);
      show();
    },
    onRelease(pitch, at) {
      phrase.release(time.at(at) ?? 0, pitch);
      show();
    },
    onPedal(value, at) {
      const seconds = time.at(at);
      if (seconds !== undefined) phrase.movePedal(seconds, value);
    },
    end() {
      clearInterval(timer);
      show();
      time.end();
      return phrase.strikes > 0;
    },
  };
}
