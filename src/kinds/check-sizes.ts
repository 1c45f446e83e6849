/** Checks of the sizes that a configuration from a file names. */
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { CadenzaError } from '../errors.js';

/** Sizes beyond this are mistakes or attacks: they would ask for gigabytes. */
export const MAX_SIZE = 16_384;

type Named = Pick<Checkpoint, 'name'>;

/** @throws CadenzaError unless the value is a whole number from `least` to `most` */
export function expectSize(checkpoint: Named, key: string, value: unknown, most: number, least = 1): void {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return;
  complain(
    checkpoint,
    `${key} is ${JSON.stringify(value)}, expected a whole number from ${least} to ${most}`,
  );
}

/** @throws CadenzaError always: what is wrong with a configuration */
export function complain({ name }: Named, what: string): never {
  throw new CadenzaError(`${name ?? 'checkpoint'}: configuration ${what}; use a file that Cadenza wrote`);
}
