/** What a musician asks of the next takes, and what that means to the model. */
import {
  ALL_WISHES,
  CadenzaError,
  chordsNamed,
  KEYS,
  LOWEST_PITCH,
  type PlayOptions,
  rulesOf,
  valuesOf,
  type Wish,
  type WishValues,
  wishesOf,
} from '../../../src/index.js';
import type { Recipe } from './session.js';
import { createStore } from './store.js';

/** The wishes by the names of their rows in the library's table, and what is asked beside them. */
export type Settings = WishValues & {
  /** Seconds that a take is long. */
  readonly seconds: number;
  /** How many takes at once. */
  readonly variations: number;
  /** Another one for every take where undefined. */
  readonly seed: number | undefined;
  /** Chords to play to, as they are typed; none where empty. */
  readonly chords: string;
};

export const DEFAULT_SETTINGS: Settings = {
  seconds: 20,
  variations: 3,
  ...valuesOf({}),
  seed: undefined,
  chords: '',
};

const STORAGE_KEY = 'cadenza.settings';

export const settings = createStore<Settings>(restored());

function restored(): Settings {
  try {
    const { lowest, highest, ...kept } = JSON.parse(globalThis.localStorage?.getItem(STORAGE_KEY) ?? '{}');
    // As it was written before the range was one setting.
    const isNarrower = lowest > LOWEST_PITCH || highest < LOWEST_PITCH + KEYS - 1;
    const range = isNarrower && { range: [lowest, highest] };
    return { ...DEFAULT_SETTINGS, ...range, ...kept };
  } catch {
    return DEFAULT_SETTINGS; // of a version that wrote them otherwise
  }
}

export function changeSettings(change: Partial<Settings>): void {
  settings.set(change);
  localStorage.setItem(STORAGE_KEY, JSON.stringify(settings.get()));
}

/** What the model is asked, with the seed left out. */
export function optionsOf(asked: Settings): PlayOptions {
  // What is not asked for is left out, so that files and links stay short.
  return { variations: asked.variations, ...wishesOf(asked) };
}

/** The settings that ask for what a take was made by, seed included. */
export function settingsOf({ options, seconds, chords = '' }: Recipe): Settings {
  const { variations = 1, seed } = options;
  return { ...valuesOf(options), seconds, variations, seed, chords };
}

/**
 * Why these settings cannot be followed, in words; undefined where they can.
 *
 * @param wishes what the model follows at all
 */
export function clashOf(asked: Settings, wishes: ReadonlySet<Wish> = ALL_WISHES): string | undefined {
  const followed = Object.entries(optionsOf(asked)).filter(([name]) => wishes.has(name as Wish));
  try {
    rulesOf(Object.fromEntries(followed));
    if (asked.chords.trim() !== '' && wishes.has('chords')) chordsNamed(asked.chords);
    return undefined;
  } catch (error) {
    if (error instanceof CadenzaError) return error.message;
    throw error;
  }
}

/** A seed that nobody chose. */
export function freshSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0];
}
