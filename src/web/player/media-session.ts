/**
 * The keys for media on keyboards, headphones and lock screens. A page gets them only while a media element
 * plays, so one plays silence beside the piano.
 */

import { pcm16, wavHeader } from '../../audio/wav.js';

export interface MediaTarget {
  readonly mediaTitle: string;
  readonly currentTime: number;
  readonly duration: number;
  readonly playbackRate: number;
  play(): Promise<void>;
  pause(): void;
  stop(): void;
  seek(seconds: number): void;
}

/** Seconds that the keys for back and forth move the playhead. */
const JUMP = 10;
/** Browsers take no notice of media that are shorter than some seconds. */
const SILENCE_SECONDS = 8;
const SILENCE_RATE = 8000;

let silence: HTMLAudioElement | undefined;

/** From now on the keys mean this player. */
export function takeMediaKeys(target: MediaTarget): void {
  const session = globalThis.navigator?.mediaSession;
  if (session === undefined) return;
  silence ??= silentMedia();
  silence.play().catch(() => {}); // without it the keys may do nothing, and all else works
  session.metadata = new MediaMetadata({ title: target.mediaTitle });
  session.playbackState = 'playing';
  const actions: Partial<Record<MediaSessionAction, MediaSessionActionHandler>> = {
    play: () => void target.play().catch(() => {}), // what goes wrong is said by the player
    pause: () => target.pause(),
    stop: () => target.stop(),
    seekbackward: ({ seekOffset }) => target.seek(target.currentTime - (seekOffset ?? JUMP)),
    seekforward: ({ seekOffset }) => target.seek(target.currentTime + (seekOffset ?? JUMP)),
    seekto: ({ seekTime }) => target.seek(seekTime ?? 0),
  };
  for (const [action, handler] of Object.entries(actions)) {
    try {
      session.setActionHandler(action as MediaSessionAction, handler);
    } catch {
      // A key that this browser does not know.
    }
  }
  tellPosition(target);
}

/** The player has paused. */
export function restMediaKeys(target: MediaTarget): void {
  const session = globalThis.navigator?.mediaSession;
  if (session === undefined) return;
  silence?.pause();
  session.playbackState = 'paused';
  tellPosition(target);
}

/** Where it stands, for those who show it elsewhere. */
export function tellPosition({ currentTime, duration, playbackRate }: MediaTarget): void {
  const session = globalThis.navigator?.mediaSession;
  if (session?.setPositionState === undefined || !(duration > 0)) return;
  session.setPositionState({ duration, playbackRate, position: Math.min(currentTime, duration) });
}

/** A WAV file of silence, again and again. */
function silentMedia(): HTMLAudioElement {
  const frames = SILENCE_SECONDS * SILENCE_RATE;
  const nothing = { left: new Float32Array(frames), right: new Float32Array(frames) };
  const parts = [wavHeader(frames, SILENCE_RATE), pcm16(nothing)] as BlobPart[];
  const audio = new Audio(URL.createObjectURL(new Blob(parts, { type: 'audio/wav' })));
  audio.loop = true;
  return audio;
}
