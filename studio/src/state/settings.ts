/** What a musician asks of the next takes, and what that means to the model. */
import { CadenzaError, type PerformOptions, pitchesOfKey } from '../../../src/index.js';
import { rulesOf } from '../../../src/sampling/constraints.js';
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

/** Why these settings cannot be followed, in words; undefined where they can. */
export function clashOf(asked: Settings): string | undefined {
  try {
    rulesOf(optionsOf(asked));
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
