/** What a musician may ask of a performance, checked for sense, and turned into what may come next. */
import { CadenzaError } from '../errors.js';
import { KEYS, LOWEST_PITCH, TICKS_PER_SECOND } from '../notes/grid.js';
import { LETTERS } from '../notes/note-name.js';

export interface Constraints {
  /** Pitches that may be struck, 21 … 108; all by default. */
  readonly pitches?: readonly number[];
  /** The lowest and the highest pitch that may be struck. */
  readonly range?: readonly [lowest: number, highest: number];
  /** Most keys that may sound at once. */
  readonly maxPolyphony?: number;
  /** Seconds from one strike to the next: at least (above 0 there are no chords), and at most. */
  readonly minStep?: number;
  readonly maxStep?: number;
  /** Seconds that a note sounds: at least, and at most. */
  readonly minDuration?: number;
  readonly maxDuration?: number;
}

/** Constraints in ticks and keys. */
export interface Rules {
  /** (88) 1 where a key may be struck. */
  readonly keys: Uint8Array;
  readonly maxPolyphony: number;
  readonly minStep: number;
  readonly maxStep: number;
  readonly minDuration: number;
  readonly maxDuration: number;
}

/** Keys of music, as pitch classes from C: major and natural minor. */
const SCALES = { major: [0, 2, 4, 5, 7, 9, 11], minor: [0, 2, 3, 5, 7, 8, 10] };

/**
 * The pitches of a key, such as `C major`, `f# minor` or `Bb`, over the whole piano.
 *
 * @throws CadenzaError when there is no such key
 *
 * @example
 * import { pitchesOfKey } from 'cadenza';
 *
 * console.log(pitchesOfKey('D minor').includes(70)); // true: B♭
 */
export function pitchesOfKey(name: string): number[] {
  const match = /^([A-Ga-g])([#b]?)\s*(major|minor|maj|min|m)?$/.exec(name.trim());
  if (match === null) {
    throw new CadenzaError(`no such key: ${name}; write it like "C major", "F# minor" or "Bb"`);
  }
  const [, letter, accidental, mode] = match;
  const tonic = LETTERS[letter.toUpperCase()] + (accidental === '#' ? 1 : accidental === 'b' ? -1 : 0);
  const scale = SCALES[mode === undefined || mode.startsWith('maj') ? 'major' : 'minor'];
  const classes = new Set(scale.map((interval) => (tonic + interval + 12) % 12));
  return Array.from({ length: KEYS }, (_, key) => key + LOWEST_PITCH).filter((pitch) =>
    classes.has(pitch % 12),
  );
}

/**
 * Checks constraints and puts them into ticks.
 *
 * @param rate ticks a second
 * @throws CadenzaError which names the two that clash, or the one that is out of range
 */
export function rulesOf(constraints: Constraints = {}, rate = TICKS_PER_SECOND): Rules {
  const { pitches, range, maxPolyphony = KEYS } = constraints;
  if (!Number.isInteger(maxPolyphony) || maxPolyphony < 1) {
    throw new CadenzaError(`maximum polyphony must be a whole number of at least 1, not ${maxPolyphony}`);
  }
  const [lowest, highest] = range ?? [LOWEST_PITCH, LOWEST_PITCH + KEYS - 1];
  if (lowest > highest)
    throw new CadenzaError(`the range ends (${highest}) below where it begins (${lowest})`);
  const keys = new Uint8Array(KEYS);
  for (let key = 0; key < KEYS; key++) {
    const pitch = key + LOWEST_PITCH;
    keys[key] = Number(
      pitch >= lowest && pitch <= highest && (pitches === undefined || pitches.includes(pitch)),
    );
  }
  if (!keys.includes(1)) {
    throw new CadenzaError(
      pitches === undefined
        ? `the range ${lowest} … ${highest} has no key of a piano (${LOWEST_PITCH} … ${LOWEST_PITCH + KEYS - 1})`
        : `the range ${lowest} … ${highest} and the allowed pitches have no key in common`,
    );
  }
  const ticks = (name: string, seconds: number | undefined, otherwise: number, up: boolean) => {
    if (seconds === undefined) return otherwise;
    if (!(seconds >= 0)) throw new CadenzaError(`${name} must be at least 0 seconds, not ${seconds}`);
    const exact = Math.round(seconds * rate * 1000) / 1000;
    return up ? Math.ceil(exact) : Math.floor(exact);
  };
  const forever = Number.POSITIVE_INFINITY;
  const rules = {
    keys,
    maxPolyphony,
    minStep: ticks('the minimum step', constraints.minStep, 0, true),
    maxStep: ticks('the maximum step', constraints.maxStep, forever, false),
    minDuration: ticks('the minimum duration', constraints.minDuration, 0, true),
    maxDuration: ticks('the maximum duration', constraints.maxDuration, forever, false),
  };
  for (const what of ['Step', 'Duration'] as const) {
    if (rules[`min${what}`] > rules[`max${what}`]) {
      const word = what.toLowerCase();
      throw new CadenzaError(
        `the minimum ${word} (${constraints[`min${what}`]} s) is longer than the maximum ${word} ` +
          `(${constraints[`max${what}`]} s)`,
      );
    }
  }
  if (rules.minDuration > rules.maxStep * maxPolyphony) {
    throw new CadenzaError(
      `the minimum duration (${constraints.minDuration} s) and the maximum step (${constraints.maxStep} s) clash: ` +
        `with at most ${maxPolyphony} ${maxPolyphony === 1 ? 'key' : 'keys'} at once there is no key free in time`,
    );
  }
  const free = keys.reduce((sum, allowed) => sum + allowed, 0);
  if (rules.minDuration > rules.maxStep * free) {
    throw new CadenzaError(
      `the minimum duration (${constraints.minDuration} s) and the maximum step (${constraints.maxStep} s) clash: ` +
        `of the ${free} allowed pitches none is free in time`,
    );
  }
  return rules;
}

/** The ticks among which the next event may fall, both included. */
export interface Window {
  readonly earliest: number;
  readonly latest: number;
}

/** Walks along a performance with its rules: when the next event may be, and which. */
export class RuleKeeper {
  private readonly onset = new Int32Array(KEYS).fill(-1);
  private sounding = 0;
  private lastStrike = 0;
  private now = 0;
  private isClosed = false;

  constructor(private readonly rules: Rules) {}

  /** From now on no key may be struck. */
  close(): void {
    this.isClosed = true;
  }

  /** Goes on past an event `ticks` after the last one. */
  push(ticks: number, symbol: number): void {
    this.now += ticks;
    const key = symbol % KEYS;
    const wasDown = this.onset[key] >= 0;
    if (symbol < KEYS) {
      this.onset[key] = this.now;
      this.lastStrike = this.now;
      if (!wasDown) this.sounding++;
    } else if (wasDown) {
      this.onset[key] = -1;
      this.sounding--;
    }
  }

  /** The keys that sound. */
  soundingKeys(): number[] {
    return Array.from(this.onset.keys()).filter((key) => this.onset[key] >= 0);
  }

  /** In ticks from now. Where rules contradict each other for the moment, the latest gives way. */
  window(): Window {
    const { minDuration, maxDuration, maxStep } = this.rules;
    let release = Number.POSITIVE_INFINITY;
    let oldest = Number.POSITIVE_INFINITY;
    for (const onset of this.onset) {
      if (onset < 0) continue;
      release = Math.min(release, onset + minDuration);
      oldest = Math.min(oldest, onset);
    }
    const strike = this.strikeFrom();
    const earliest = Math.max(0, Math.min(strike, release) - this.now);
    const latest = Math.min(oldest + maxDuration, this.lastStrike + maxStep) - this.now;
    return { earliest, latest: Math.max(earliest, latest) };
  }

  /** The first tick at which a key may be struck. */
  private strikeFrom(): number {
    const { maxPolyphony, keys, minStep } = this.rules;
    if (this.isClosed || this.sounding >= maxPolyphony) return Number.POSITIVE_INFINITY;
    const isFree = keys.some((allowed, key) => allowed === 1 && this.onset[key] < 0);
    return isFree ? this.lastStrike + minStep : Number.POSITIVE_INFINITY;
  }

  /**
   * Takes from `allowed` (176) the symbols that break a rule `ticks` from now; what is overdue goes first.
   * Leaves `allowed` as it is where nothing would be left, and says so by `false`.
   */
  restrict(ticks: number, allowed: Float32Array): boolean {
    const { keys, minDuration, maxDuration, maxStep } = this.rules;
    const { onset } = this;
    const then = this.now + ticks;
    const mayStrike = then >= this.strikeFrom();
    // Every event of every variation comes through here: plain loops, and nothing made anew.
    let [canStrike, canRelease, isOverdue] = [false, false, false];
    for (let key = 0; key < KEYS; key++) {
      const isDown = onset[key] >= 0;
      canStrike ||= allowed[key] > 0 && !isDown && mayStrike && keys[key] === 1;
      if (allowed[KEYS + key] > 0 && isDown && then - onset[key] >= minDuration) {
        canRelease = true;
        isOverdue ||= then - onset[key] >= maxDuration;
      }
    }
    if (!canStrike && !canRelease) return false;
    const mustStrike = !isOverdue && canStrike && then - this.lastStrike >= maxStep;
    const held = isOverdue ? maxDuration : minDuration;
    for (let key = 0; key < KEYS; key++) {
      const isDown = onset[key] >= 0;
      if (isOverdue || isDown || !mayStrike || keys[key] !== 1) allowed[key] = 0;
      if (mustStrike || !isDown || then - onset[key] < held) allowed[KEYS + key] = 0;
    }
    return true;
  }
}
