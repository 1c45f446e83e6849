/**
 * What several commands' options share. Parsers are for commander: each returns the value or says what it
 * must be.
 */
import { InvalidArgumentError, Option } from 'commander';
import type { Split } from '../dataset/corpus.js';
import { CadenzaError } from '../errors.js';
import type { Device } from '../node/engine/devices.js';

/** Whole numbers from `min` to `max`. */
export function wholeNumber(min = 0, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(
      `It must be a whole number${describeRange(min, max, Number.MAX_SAFE_INTEGER)}.`,
    );
  };
}

/** Finite decimal numbers from `min` to `max`. */
export function decimalNumber(
  min = Number.NEGATIVE_INFINITY,
  max = Number.POSITIVE_INFINITY,
): (text: string) => number {
  return (text) => {
    const value = parseDecimal(text);
    if (Number.isFinite(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(
      `It must be a number${describeRange(min, max, Number.POSITIVE_INFINITY)}.`,
    );
  };
}

/** Finite decimal numbers above 0. */
export function positiveNumber(text: string): number {
  const value = parseDecimal(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

/** The flag of an option's name: `--top-p` of `topP`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Seeds of a `Random`. */
export const seed = wholeNumber(0);

/** `--split`: one part of a corpus that says which file is in which. */
export function splitOption(): Option {
  // Not the corpus' own list: importing it here would slow the start of every command.
  const splits: readonly Split[] = ['train', 'validation', 'test'];
  return new Option('--split <split>', 'only files that the csv beside them marks so').choices(splits);
}

/** `--device`: what computes. */
export function deviceOption(): Option {
  // Not the engine's own list: importing it here would slow the start of every command.
  const devices: readonly Device[] = ['auto', 'cpu', 'webgpu', 'cuda', 'coreml', 'dml'];
  const help = 'what computes: the processor, or a card where one is there (auto: the first that is)';
  return new Option('--device <name>', help).choices(devices).default('cpu');
}

/** `Number` takes an empty text for 0 and reads hexadecimal; neither is meant on a command line. */
function parseDecimal(text: string): number {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : Number.NaN;
}

function describeRange(min: number, max: number, unlimited: number): string {
  const hasMin = Number.isFinite(min);
  if (max < unlimited) return hasMin ? ` from ${min} to ${max}` : ` of at most ${max}`;
  return hasMin ? ` of at least ${min}` : '';
}

/** A parser whose errors are the option's. */
export function named<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw error instanceof CadenzaError ? new InvalidArgumentError(`There is ${error.message}.`) : error;
    }
  };
}
