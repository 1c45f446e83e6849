/** What the package consists of, by licence and origin; docs/supply-chain.md says it to people. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

interface Shipped {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly how: string;
}

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const script = new URL('../scripts/supply-chain.js', import.meta.url).href;
const { shipped, table, installed } = (await import(script)) as {
  shipped(): readonly Shipped[];
  table(): string;
  installed(lock?: object): readonly { readonly name: string }[];
};

/** They let a package be passed on that is under the MIT licence, with their texts beside it. */
const FREE = ['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD', 'BlueOak-1.0.0', 'CC0-1.0'];
/** In files of their own, which somebody may replace: workers and what they load. */
const LESSER = ['LAME', 'verovio'];

it('every library that is passed on may be', () => {
  const isFree = ({ name, license }: Shipped) =>
    license
      .replace(/[()]/g, '')
      .split(' AND ')
      .every((part) => part.split(' OR ').some((each) => FREE.includes(each))) ||
    (LESSER.includes(name) && license.startsWith('LGPL-'));
  expect(shipped().filter((library) => !isFree(library))).toEqual([]);
  expect(shipped().map(({ name }) => name)).toEqual(expect.arrayContaining(['LAME', 'preact', 'commander']));
});

it('docs/supply-chain.md lists them', () => {
  expect(read('docs/supply-chain.md'), 'run node scripts/supply-chain.js --docs').toContain(table());
});

it('dist/sbom.cdx.json lists them for programs', () => {
  const { components, metadata, serialNumber } = JSON.parse(read('dist/sbom.cdx.json'));
  expect(components.map(({ name }: Shipped) => name)).toEqual(shipped().map(({ name }) => name));
  expect(new Set(components.map((each: { 'bom-ref': string }) => each['bom-ref'])).size).toBe(
    components.length,
  );
  expect(metadata.component).toMatchObject({
    name: 'cadenza',
    version: JSON.parse(read('package.json')).version,
  });
  expect(serialNumber).toMatch(/^urn:uuid:[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
});

it('follows dependencies as npm does: the nearest of a name counts', () => {
  const packages = {
    '': { dependencies: { a: '1' } },
    'node_modules/a': { version: '1', license: 'MIT', dependencies: { b: '1' } },
    'node_modules/a/node_modules/b': { version: '1', license: 'MIT', dependencies: { c: '1' } },
    'node_modules/b': { version: '2', license: 'GPL-3.0', dev: true },
    'node_modules/c': { version: '3', license: 'MIT' },
  };
  expect(installed({ packages })).toMatchObject([{ name: 'a' }, { name: 'b', version: '1' }, { name: 'c' }]);
});

it('the lockfile says of every package what is in it, and all come from one place', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Readonly<Record<string, { readonly integrity?: string; readonly resolved?: string }>>;
  };
  const locked = Object.entries(packages).filter(([path]) => path !== '');
  expect(
    locked.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path),
  ).toEqual([]);
  const hosts = locked.flatMap(([, { resolved }]) =>
    resolved === undefined ? [] : [new URL(resolved).origin],
  );
  expect(new Set(hosts).size).toBeLessThan(2);
});
