/**
 * Where the beats and bars of a piece lie, and what key it is written in: what a sequencer draws its lines
 * by.
 */
import { CadenzaError } from '../errors.js';
import type { MidiFile } from '../midi/midi-file.js';

/** A time signature. */
export interface Metre {
  /** Beats in a bar, 1 … 255. */
  readonly numerator: number;
  /** The note value of a beat: a power of two, 1 … 64. */
  readonly denominator: number;
}

export interface KeySignature {
  /** −7 … 7; negative for flats. */
  readonly sharps: number;
  readonly minor: boolean;
}

export interface AtTick {
  readonly tick: number;
}

/** Tempo, metre and key of a piece, each from a tick on; ascending. Empty where nothing is said. */
export interface TimeGrid {
  readonly ticksPerBeat: number;
  readonly tempos: readonly (AtTick & { readonly microsecondsPerBeat: number })[];
  readonly metres: readonly (AtTick & Metre)[];
  readonly keys: readonly (AtTick & KeySignature)[];
}

export const COMMON_TIME: Metre = { numerator: 4, denominator: 4 };
/** What holds where no tempo is said: 120 beats a minute. */
export const DEFAULT_MICROSECONDS_PER_BEAT = 500_000;

/**
 * The time grid of a file, whichever tracks say it. Signatures that cannot be are left out.
 *
 * @example
 * import { readFileSync } from 'node:fs';
 * import { readMidi, timeGridOf } from 'cadenza';
 *
 * const { ticksPerBeat, tempos, metres } = timeGridOf(readMidi(readFileSync('piece.mid')));
 * console.log(ticksPerBeat, tempos, metres);
 */
export function timeGridOf(midi: MidiFile): TimeGrid {
  const inTime = <T extends AtTick & { readonly track: number }>(events: readonly T[]) =>
    [...events].sort((a, b) => a.tick - b.tick || a.track - b.track);
  const isInBeats = midi.ticksPerSecond === undefined;
  return {
    ticksPerBeat: midi.ticksPerBeat,
    tempos: isInBeats ? inTime(midi.tempos) : [],
    metres: inTime(midi.timeSignatures).filter(({ numerator }) => numerator > 0),
    keys: inTime(midi.keySignatures).filter(({ sharps }) => Math.abs(sharps) <= 7),
  };
}

/** What holds at a tick: the last that was said up to it. */
export function heldAt<T extends AtTick>(events: readonly T[], tick: number): T | undefined {
  return events.findLast((event) => event.tick <= tick);
}

/**
 * The bar in which a tick lies: its bar line and the next one, which a new metre draws wherever it stands.
 */
export function barAt({ ticksPerBeat, metres }: TimeGrid, tick: number): { from: number; to: number } {
  const metre = heldAt(metres, tick) ?? { tick: 0, ...COMMON_TIME };
  const bar = (4 * ticksPerBeat * metre.numerator) / metre.denominator;
  const from = metre.tick + Math.floor((tick - metre.tick) / bar) * bar;
  const change = metres.find((other) => other.tick > tick)?.tick ?? Number.POSITIVE_INFINITY;
  return { from, to: Math.min(from + bar, change) };
}

/** The tick of the last bar line at or before a tick. */
export const barLineBefore = (grid: TimeGrid, tick: number): number => barAt(grid, tick).from;

/**
 * A metre such as `3/4`.
 *
 * @throws CadenzaError where there is none such
 */
export function metreNamed(text: string): Metre {
  const match = /^(\d{1,3})\s*\/\s*(\d{1,2})$/.exec(text.trim());
  const [numerator, denominator] = [Number(match?.[1]), Number(match?.[2])];
  const isPower = [1, 2, 4, 8, 16, 32, 64].includes(denominator);
  if (match !== null && numerator >= 1 && numerator <= 255 && isPower) return { numerator, denominator };
  throw new CadenzaError(
    `no such metre: ${text}; write it like 3/4 or 6/8: beats from 1 to 255, over 1, 2, 4, 8, 16, 32 or 64`,
  );
}

/** Sharps of the major keys of C, D, … */
const SHARPS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: -1, G: 1, A: 3, B: 5 };
const NAMES = ['Cb', 'Gb', 'Db', 'Ab', 'Eb', 'Bb', 'F', 'C', 'G', 'D', 'A', 'E', 'B', 'F#', 'C#'];
const MINOR_NAMES = ['Ab', 'Eb', 'Bb', 'F', 'C', 'G', 'D', 'A', 'E', 'B', 'F#', 'C#', 'G#', 'D#', 'A#'];

/**
 * A key signature by the name of its key, such as `Eb`, `F# minor` or `Cm`.
 *
 * @throws CadenzaError where there is none such
 */
export function keySignatureNamed(text: string): KeySignature {
  const match = /^([A-Ga-g])([#b]?)\s*(major|minor|maj|min|m)?$/.exec(text.trim());
  if (match !== null) {
    const [, letter, accidental, mode] = match;
    const minor = mode !== undefined && !mode.startsWith('maj');
    const shift = accidental === '#' ? 7 : accidental === 'b' ? -7 : 0;
    const sharps = SHARPS[letter.toUpperCase()] + shift - (minor ? 3 : 0);
    if (Math.abs(sharps) <= 7) return { sharps, minor };
  }
  throw new CadenzaError(
    `no such key signature: ${text}; write it like "Eb", "F# minor" or "C major", with at most 7 sharps or flats`,
  );
}

/** `Eb major`, `F# minor`. */
export function nameOfKey({ sharps, minor }: KeySignature): string {
  return `${(minor ? MINOR_NAMES : NAMES)[sharps + 7]} ${minor ? 'minor' : 'major'}`;
}
