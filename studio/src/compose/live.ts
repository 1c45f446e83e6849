/** Playing by hand: recording a primer, and playing by turns with the model. */
import { piano, transport } from '../shell/sound.js';
import { withdrawn } from '../state/history.js';
import { complain, say, sentence } from '../state/messages.js';
import type { Source } from '../state/session.js';
import { type LiveListener, listenToComputerKeys, listenToMidi } from './live-input.js';
import { complainOfClash } from './making.js';
import { Phrase } from './phrase.js';
import { record } from './recording.js';
import { studio } from './studio.js';
import { Turns } from './turns.js';

export function toggleRecording(): void {
  if (studio.get().live === 'recording') studio.get().stopLive();
  else begin('recording', () => record(emptySource('Recording')));
}

export function toggleTurns(): void {
  if (studio.get().live === 'turns') {
    studio.get().stopLive();
    return;
  }
  if (!complainOfClash()) begin('turns', () => new Turns(emptySource('Turns')));
}

export interface Live extends LiveListener {
  /** Ends it; gives whether anything was played. */
  end(): boolean;
}

export function emptySource(word: string): Source {
  const time = new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return { title: `${word} ${time}`, notes: new Phrase().pieceAt(0).notes };
}

function begin(kind: 'recording' | 'turns', make: () => Live): void {
  studio.get().stopLive();
  studio.get().making?.cancel();
  transport.pause();
  // Within the key press or click, or the browser lets nothing sound.
  piano.start().catch(complain);
  const before = studio.get().history;
  studio.set({ live: kind, selection: undefined });
  const live = make();
  const heard: LiveListener = {
    onStrike(pitch, velocity, at) {
      transport.strike(pitch, velocity);
      live.onStrike(pitch, velocity, at);
    },
    onRelease(pitch, at) {
      transport.release(pitch);
      live.onRelease(pitch, at);
    },
    onPedal(value, at) {
      transport.pedal(value >= 64);
      live.onPedal(value, at);
    },
  };
  const stopKeys = listenToComputerKeys(heard);
  let stopMidi = () => {};
  let isOver = false;
  const stopLive = () => {
    if (isOver) return;
    isOver = true;
    stopKeys();
    stopMidi();
    const wasPlayed = live.end();
    studio.set(({ history }) => ({
      live: 'off',
      stopLive: () => {},
      history: wasPlayed ? history : withdrawn(history, before),
    }));
    transport.seek(0);
    if (!wasPlayed) say('Nothing was played; all is as it was before.');
  };
  studio.set({ stopLive });
  listenToMidi(heard).then(
    ({ names, stop }) => {
      if (isOver) stop();
      else stopMidi = stop;
      if (names.length > 0 && !isOver) say(`Listening to ${names.join(', ')}.`);
    },
    (error) => {
      if (!isOver) say(sentence(error.message));
    },
  );
}
