/**
 * One piano for all players of a page: sound is loaded once, and who begins to play silences whoever did
 * before.
 */
import { Piano } from '../sound/piano.js';

const pianos = new Map<string, Piano>();

/** The piano with these sources; made when it is first asked for. */
export function pianoFor(soundFont: string, worklet: string): Piano {
  const key = `${soundFont} ${worklet}`;
  const piano = pianos.get(key) ?? new Piano({ soundFont, worklet });
  pianos.set(key, piano);
  return piano;
}

/** What can be made silent. */
export interface Silenceable {
  pause(): void;
}

let playing: Silenceable | undefined;

/** From now on this one plays, and no other. */
export function takeTurn(player: Silenceable): void {
  if (playing !== player) playing?.pause();
  playing = player;
}
