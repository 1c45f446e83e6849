/**
 * Copies of objects that remember: of what they hold, and what that holds. Functions and seeded chance are
 * shared, as they are what stays the same and what must not repeat.
 */
import { Random } from '../../../random.js';

/**
 * A copy that goes its own way from here on. Of classes with private fields (`#`) only `Random` is known.
 *
 * @param known what is taken instead of a copy, by what it stands for: itself, where it is to be shared
 */
export function copyOf<T>(original: T, known = new Map<object, object>()): T {
  if (typeof original !== 'object' || original === null) return original;
  const before = known.get(original);
  if (before !== undefined) return before as T;
  if (original instanceof Random) return original;
  if (ArrayBuffer.isView(original)) return (original as unknown as Uint8Array).slice() as unknown as T;
  const keep = <C extends object>(copy: C): C => {
    known.set(original, copy);
    return copy;
  };
  if (original instanceof Map) {
    const copy = keep(new Map());
    for (const [key, value] of original) copy.set(key, copyOf(value, known));
    return copy as T;
  }
  if (original instanceof Set) return keep(new Set(original)) as T;
  if (Array.isArray(original)) {
    const isPlain = original.length === 0 || typeof original[0] !== 'object';
    if (isPlain) return keep(original.slice()) as T;
    const copy = keep([] as unknown[]);
    for (const each of original) copy.push(copyOf(each, known));
    return copy as T;
  }
  const copy = keep(Object.create(Object.getPrototypeOf(original)));
  for (const name of Object.keys(original))
    copy[name] = copyOf((original as Record<string, unknown>)[name], known);
  return copy;
}
