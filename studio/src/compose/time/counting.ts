/** How time is counted and played: kept in the browser, and nothing of the piece. */
import { createStore } from '../../state/store.js';

export interface Counting {
  /** Whether bars are shown where they are known, or seconds all the same. */
  readonly showsBars: boolean;
  /** Parts of a beat to which places are drawn; 0 for none. */
  readonly snap: number;
  /** Whether a metronome clicks, while playing and while recording. */
  readonly clicks: boolean;
  /** Bars that are clicked before a recording begins. */
  readonly countIn: number;
  /** Of recordings: beats a minute, and beats in a bar. */
  readonly tempo: number;
  readonly beatsPerBar: number;
}

const USUAL: Counting = { showsBars: true, snap: 4, clicks: false, countIn: 1, tempo: 100, beatsPerBar: 4 };
const STORAGE_KEY = 'cadenza.counting';

export const LEAST_TEMPO = 20;
export const MOST_TEMPO = 400;
export const MOST_BEATS = 16;

export const counting = createStore<Counting>(restored());

function restored(): Counting {
  try {
    return { ...USUAL, ...JSON.parse(globalThis.localStorage?.getItem(STORAGE_KEY) ?? '{}') };
  } catch {
    return USUAL; // of a version that wrote it otherwise
  }
}

export function changeCounting(change: Partial<Counting>): void {
  counting.set(change);
  localStorage.setItem(STORAGE_KEY, JSON.stringify(counting.get()));
}
