/** What a musician asks of the next takes, and what that means to the model. */
import {
  ALL_WISHES,
  CadenzaError,
  DEFAULT_MIN_P,
  type PerformOptions,
  pitchesOfKey,
  rulesOf,
  type Wish,
} from '../../../src/index.js';
import { createStore } from './store.js';

export interface Settings {
  /** Seconds that a take is long. */
  readonly seconds: number;
  /** How many takes at once. */
  readonly variations: number;
  /** Calm to wild: 1 as learned. */
  readonly temperature: number;
  /** Sparse to dense: about so many times as many notes. */
  readonly density: number;
  /** Soft to loud, in steps of velocity. */
  readonly loudness: number;
  /** Such as "D minor"; any where empty. */
  readonly key: string;
  readonly lowest: number;
  readonly highest: number;
  /** Undefined takes `temperature`. */
  readonly timeTemperature: number | undefined;
  readonly pitchTemperature: number | undefined;
  readonly velocityTemperature: number | undefined;
  readonly topP: number;
  /** Keys that are less likely than this part of the likeliest are not played. */
  readonly minP: number;
  readonly maxPolyphony: number | undefined;
  readonly minStep: number | undefined;
  readonly maxStep: number | undefined;
  readonly minDuration: number | undefined;
  readonly maxDuration: number | undefined;
  /** Another one for every take where undefined. */
  readonly seed: number | undefined;
}

export const DEFAULT_SETTINGS: Settings = {
  seconds: 20,
  variations: 3,
  temperature: 1,
  density: 1,
  loudness: 0,
  key: '',
  lowest: 21,
  highest: 108,
  timeTemperature: undefined,
  pitchTemperature: undefined,
  velocityTemperature: undefined,
  topP: 1,
  minP: DEFAULT_MIN_P,
  maxPolyphony: undefined,
  minStep: undefined,
  maxStep: undefined,
  minDuration: undefined,
  maxDuration: undefined,
  seed: undefined,
};

/** All keys there are names for, in the order of a keyboard. */
export const KEY_NAMES: readonly string[] = ['major', 'minor'].flatMap((mode) =>
  ['C', 'C#', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'].map((tonic) => `${tonic} ${mode}`),
);

const STORAGE_KEY = 'cadenza.settings';

export const settings = createStore<Settings>(restored());

function restored(): Settings {
  try {
    const kept = JSON.parse(globalThis.localStorage?.getItem(STORAGE_KEY) ?? '{}');
    return { ...DEFAULT_SETTINGS, ...kept };
  } catch {
    return DEFAULT_SETTINGS; // of a version that wrote them otherwise
  }
}

export function changeSettings(change: Partial<Settings>): void {
  settings.set(change);
  localStorage.setItem(STORAGE_KEY, JSON.stringify(settings.get()));
}

/** What the model is asked, with the seed left out. */
export function optionsOf(asked: Settings): PerformOptions {
  const { lowest, highest, key } = asked;
  const isWhole = lowest === DEFAULT_SETTINGS.lowest && highest === DEFAULT_SETTINGS.highest;
  const options: PerformOptions = {
    variations: asked.variations,
    temperature: asked.temperature,
    temperatures: {
      time: asked.timeTemperature,
      symbol: asked.pitchTemperature,
      velocity: asked.velocityTemperature,
    },
    topP: asked.topP,
    minP: asked.minP,
    density: asked.density,
    loudness: asked.loudness,
    pitches: key === '' ? undefined : pitchesOfKey(key),
    range: isWhole ? undefined : [lowest, highest],
    maxPolyphony: asked.maxPolyphony,
    minStep: asked.minStep,
    maxStep: asked.maxStep,
    minDuration: asked.minDuration,
    maxDuration: asked.maxDuration,
  };
  // What is not asked for is left out, so that files and links stay short.
  return JSON.parse(JSON.stringify(options));
}

/** The settings that ask for what a take was made by, seed included. */
export function settingsOf(options: PerformOptions, seconds: number): Settings {
  const { temperatures = {}, range, pitches } = options;
  const isSame = (name: string) => String(pitchesOfKey(name)) === String(pitches);
  return {
    seconds,
    variations: options.variations ?? 1,
    temperature: options.temperature ?? DEFAULT_SETTINGS.temperature,
    density: options.density ?? DEFAULT_SETTINGS.density,
    loudness: options.loudness ?? DEFAULT_SETTINGS.loudness,
    key: pitches === undefined ? '' : (KEY_NAMES.find(isSame) ?? ''),
    lowest: range?.[0] ?? DEFAULT_SETTINGS.lowest,
    highest: range?.[1] ?? DEFAULT_SETTINGS.highest,
    timeTemperature: temperatures.time,
    pitchTemperature: temperatures.symbol,
    velocityTemperature: temperatures.velocity,
    topP: options.topP ?? DEFAULT_SETTINGS.topP,
    minP: options.minP ?? DEFAULT_SETTINGS.minP,
    maxPolyphony: options.maxPolyphony,
    minStep: options.minStep,
    maxStep: options.maxStep,
    minDuration: options.minDuration,
    maxDuration: options.maxDuration,
    seed: options.seed,
  };
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
