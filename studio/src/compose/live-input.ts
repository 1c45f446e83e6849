/** Live playing, from MIDI keyboards and from the computer's own keys: strikes, releases and the pedal. */
import { CadenzaError } from '../../../src/index.js';

/** Hears what is played; `at` is when it was, in milliseconds of the page's clock. */
export interface LiveListener {
  onStrike(pitch: number, velocity: number, at: number): void;
  onRelease(pitch: number, at: number): void;
  onPedal(value: number, at: number): void;
}

/** The two rows of keys that lie like a piano's, by place on the keyboard and not by letter. */
const PIANO_KEYS = [
  ...['KeyA', 'KeyW', 'KeyS', 'KeyE', 'KeyD', 'KeyF', 'KeyT', 'KeyG', 'KeyY', 'KeyH', 'KeyU', 'KeyJ'],
  ...['KeyK', 'KeyO', 'KeyL', 'KeyP', 'Semicolon', 'Quote'],
];
/** The C of the left-most key. */
const MIDDLE_C = 60;
const KEY_VELOCITY = 76;
const PEDAL_DEPTH = 127;
const SUSTAIN = 64;

/** Listens to the computer's keys, before all shortcuts; gives how to end that. */
export function listenToComputerKeys(listener: LiveListener): () => void {
  const down = new Map<string, number>();
  let lowest = MIDDLE_C;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = PIANO_KEYS.indexOf(event.code);
    const isOurs = key >= 0 || ['KeyZ', 'KeyX', 'ShiftLeft', 'ShiftRight'].includes(event.code);
    if (!isOurs) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.repeat) return;
    if (event.code === 'KeyZ') lowest = Math.max(24, lowest - 12);
    else if (event.code === 'KeyX') lowest = Math.min(84, lowest + 12);
    else if (key < 0) listener.onPedal(PEDAL_DEPTH, event.timeStamp);
    else {
      const pitch = lowest + key;
      down.set(event.code, pitch);
      listener.onStrike(pitch, KEY_VELOCITY, event.timeStamp);
    }
  };
  const release = (code: string, at: number) => {
    const pitch = down.get(code);
    down.delete(code);
    if (pitch !== undefined) listener.onRelease(pitch, at);
  };
  const onKeyUp = (event: KeyboardEvent) => {
    if (event.code.startsWith('Shift')) listener.onPedal(0, event.timeStamp);
    release(event.code, event.timeStamp);
  };
  // Keys that are let go while the page is not looked at are never heard of.
  const onBlur = () => {
    for (const code of [...down.keys()]) release(code, performance.now());
    listener.onPedal(0, performance.now());
  };
  addEventListener('keydown', onKeyDown, true);
  addEventListener('keyup', onKeyUp, true);
  addEventListener('blur', onBlur);
  return () => {
    onBlur();
    removeEventListener('keydown', onKeyDown, true);
    removeEventListener('keyup', onKeyUp, true);
    removeEventListener('blur', onBlur);
  };
}

/**
 * Listens to all MIDI keyboards, those that are plugged in later too; gives their names and how to end that.
 *
 * @throws CadenzaError where the browser has no Web MIDI, or the user does not allow it
 */
export async function listenToMidi(
  listener: LiveListener,
): Promise<{ readonly names: readonly string[]; readonly stop: () => void }> {
  if (navigator.requestMIDIAccess === undefined) {
    throw new CadenzaError('this browser has no Web MIDI; the keys A to ; of the computer play too');
  }
  let access: MIDIAccess;
  try {
    access = await navigator.requestMIDIAccess();
  } catch {
    throw new CadenzaError(
      'MIDI keyboards are not allowed for this page; the keys A to ; of the computer play too',
    );
  }
  const down = new Set<number>();
  let isPedalDown = false;
  const onMessage = ({ data, timeStamp }: MIDIMessageEvent) => {
    if (data === null) return;
    const [status, first, second] = data;
    const message = status >> 4;
    if (message === 9 && second > 0) {
      down.add(first);
      listener.onStrike(first, second, timeStamp);
    } else if (message === 8 || message === 9) {
      down.delete(first);
      listener.onRelease(first, timeStamp);
    } else if (message === 11 && first === SUSTAIN) {
      isPedalDown = second > 0;
      listener.onPedal(second, timeStamp);
    }
  };
  /** Whoever is no longer listened to, or no longer there, cannot let go himself. */
  const letGo = () => {
    for (const pitch of down) listener.onRelease(pitch, performance.now());
    if (isPedalDown) listener.onPedal(0, performance.now());
    down.clear();
    isPedalDown = false;
  };
  const connect = () => {
    for (const input of access.inputs.values()) input.onmidimessage = onMessage;
  };
  access.onstatechange = ({ port }) => {
    if (port?.state === 'disconnected') letGo();
    connect();
  };
  connect();
  return {
    names: [...access.inputs.values()].map(({ name }) => name ?? 'MIDI keyboard'),
    stop() {
      access.onstatechange = null;
      for (const input of access.inputs.values()) input.onmidimessage = null;
      letGo();
    },
  };
}
