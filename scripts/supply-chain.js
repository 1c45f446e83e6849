/**
 * What the package consists of: its own code, libraries that are built into it, and those that npm installs beside it. The last step
 * of the build writes it as `dist/sbom.cdx.json` (CycloneDX 1.6); it is the same for the same lockfile.
 *
 *   node scripts/supply-chain.js [--docs]
 *
 * With `--docs` the table in docs/supply-chain.md is made anew.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const read = (path) => readFileSync(at(path), 'utf8');
const BUILT = ['dist/assets', 'dist/browser', 'dist/studio'];
const HEADING = /^(?<name>(?:@[\w.-]+\/)?[\w.-]+) (?<version>\d[\w.-]*), (?<license>.+)$/;
/** Compiled into files of wasm-media-encoders, which says with what versions. */
const COMPILED = /^(?<name>.+) \(in .*\.wasm\), (?<license>.+)$/;
const TABLE = /(<!-- table -->\n)[\s\S]*?(\n<!-- end of the table -->)/;

/** Libraries whose code is in files of the package, by what their licences begin with. */
function builtIn() {
  const texts = BUILT.map((folder) => read(`${folder}/licenses.txt`));
  const headings = texts.flatMap((text) =>
    text.split(`${'-'.repeat(80)}\n`).map((part) => part.trim().split('\n')[0]),
  );
  return [...new Set(headings)].sort().map((heading) => {
    const found = HEADING.exec(heading)?.groups ?? COMPILED.exec(heading)?.groups;
    if (found === undefined) throw new Error(`a licence begins with ${heading}, which names no library`);
    return { version: '', ...found };
  });
}

/** Packages that are installed with this one, from the lockfile: those that it depends on, however far. */
export function installed(lock = JSON.parse(read('package-lock.json'))) {
  const { packages } = lock;
  const find = (name, from) => {
    for (let path = from; ; path = path.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
      const key = `${path ? `${path}/` : ''}node_modules/${name}`;
      if (packages[key] !== undefined || path === '') return packages[key] && key;
    }
  };
  const { dependencies, optionalDependencies } = packages[''];
  const queue = Object.keys({ ...dependencies, ...optionalDependencies }).map((name) => [name, '']);
  const found = new Map();
  for (const [name, from] of queue) {
    const key = find(name, from);
    if (key === undefined || found.has(key)) continue;
    const { version, license, integrity, resolved, dependencies = {} } = packages[key];
    found.set(key, { name, version, license, integrity, resolved });
    queue.push(...Object.keys(dependencies).map((each) => [each, key]));
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function shipped() {
  const own = builtIn().map((library) => ({ ...library, how: 'built in' }));
  const beside = installed().map((library) => ({ ...library, how: 'installed beside it' }));
  return [...own, ...beside];
}

function component({ name, version, license, integrity, how }) {
  const isPackage = version !== '';
  const sha512 = integrity && Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex');
  const purl = isPackage && `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return {
    type: 'library',
    'bom-ref': `${how === 'built in' ? 'built-in' : 'installed'}/${name}@${version}`,
    name,
    ...(isPackage && { version, purl }),
    licenses: [/[ ()]/.test(license) ? { expression: license } : { license: { id: license } }],
    ...(sha512 && { hashes: [{ alg: 'SHA-512', content: sha512 }] }),
    properties: [{ name: 'cadenza:how', value: how }],
  };
}

export function sbom() {
  const { name, version, license, description } = JSON.parse(read('package.json'));
  const components = shipped().map(component);
  const own = {
    type: 'application',
    'bom-ref': name,
    name,
    version,
    description,
    licenses: [{ license: { id: license } }],
  };
  // A number that says what is in it instead of a random one, so that two builds are equal.
  const digest = createHash('sha256')
    .update(JSON.stringify([own, components]))
    .digest('hex');
  const [a, b, c, d, e] = [
    [0, 8],
    [8, 12],
    [13, 16],
    [17, 20],
    [20, 32],
  ].map(([from, to]) => digest.slice(from, to));
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${a}-${b}-5${c}-8${d}-${e}`,
    version: 1,
    metadata: { component: own },
    components,
    dependencies: [{ ref: name, dependsOn: components.map((each) => each['bom-ref']) }],
  };
}

/** The rows of docs/supply-chain.md. */
export function table() {
  const rows = shipped().map(
    ({ name, version, license, how }) => `| ${name} | ${version} | ${license} | ${how} |`,
  );
  return ['| library | version | licence | |', '|---|---|---|---|', ...rows].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(at('dist/sbom.cdx.json'), `${JSON.stringify(sbom(), null, 1)}\n`);
  if (process.argv.includes('--docs')) {
    const file = 'docs/supply-chain.md';
    writeFileSync(
      at(file),
      read(file).replace(TABLE, (_, before, after) => `${before}${table()}${after}`),
    );
  }
}
