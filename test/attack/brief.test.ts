/** The attacks, briefly: test/attack/run.js goes on for hours. */
import { expect, it } from 'vitest';

interface Tried {
  readonly cases: number;
  readonly faults: readonly { readonly fault: string; readonly seedCase: number }[];
}

const at = (file: string) => new URL(file, import.meta.url).href;
const { attack } = (await import(at('attack.js'))) as {
  attack(name: string, options: { count: number; seed: number }): Promise<Tried>;
};
const { ATTACKS } = (await import(at('attacks.js'))) as { ATTACKS: readonly string[] };
interface Killed {
  readonly points: number;
  readonly faults: readonly { readonly at: number; readonly fault: string }[];
}

const { disturb } = (await import(at('disturb.js'))) as {
  disturb(name: string, how: string, every?: number): Killed;
};
/** Most take a millisecond; those that train or play take longer. */
const casesOf = (name: string) => (['runs', 'soundfonts'].includes(name) ? 60 : 300);

it.each([...ATTACKS])('%s: nothing but use or a CadenzaError', { timeout: 120_000 }, async (name) => {
  const { cases, faults } = await attack(name, { count: casesOf(name), seed: 1 });
  expect(faults.map(({ fault, seedCase }) => `case ${seedCase}: ${fault}`)).toEqual([]);
  expect(cases).toBe(casesOf(name));
});

it.each([
  ['generate', 'kill'],
  ['generate over a file', 'kill'],
  ['generate', 'full'],
])('%s, with every operation: %s, loses nothing', (name, how) => {
  const { points, faults } = disturb(name, how);
  expect(faults).toEqual([]);
  expect(points).toBeGreaterThan(3);
});
