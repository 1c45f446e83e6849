/**
 * Reads the fields of what anybody may have written: files, jobs, options of programs without types. What is
 * not as it is to be is said by name; nothing is converted.
 */
import { CadenzaError, quoted } from '../errors.js';

export type Fields = Readonly<Record<string, unknown>>;

/** @throws CadenzaError which says what a field is and what it is to be */
export function refuse(name: string, value: unknown, expected: string): never {
  const said = typeof value === 'number' ? value : quoted(String(JSON.stringify(value)));
  throw new CadenzaError(`${name} is ${said}, expected ${expected}`);
}

export function fieldsOf(value: unknown, name: string): Fields {
  const isFields = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isFields ? (value as Fields) : refuse(name, value, 'named fields');
}

export function textIn(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : refuse(name, value, 'text');
}

export function numberIn(
  fields: Fields,
  name: string,
  least = Number.NEGATIVE_INFINITY,
  most = Number.POSITIVE_INFINITY,
): number {
  const value = fields[name];
  const isNumber = typeof value === 'number' && value >= least && value <= most;
  return isNumber ? value : refuse(name, value, `a number from ${least} to ${most}`);
}

export function wholeIn(fields: Fields, name: string, least = 0, most = Number.MAX_SAFE_INTEGER): number {
  const value = fields[name];
  const isWhole = Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
  return isWhole ? (value as number) : refuse(name, value, `a whole number from ${least} to ${most}`);
}

export function listIn(fields: Fields, name: string, most: number): readonly unknown[] {
  const value = fields[name];
  return Array.isArray(value) && value.length <= most ? value : refuse(name, value, `at most ${most} things`);
}

export function choiceIn<T extends string>(fields: Fields, name: string, choices: readonly T[]): T {
  const value = fields[name] as T;
  return choices.includes(value) ? value : refuse(name, value, `one of ${choices.join(', ')}`);
}

/** A field that may be missing. */
export function optional<T>(
  fields: Fields,
  name: string,
  read: (fields: Fields, name: string) => T,
): T | undefined {
  return fields[name] === undefined ? undefined : read(fields, name);
}
