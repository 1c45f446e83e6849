/** Keeps the house in order: who may import whom. ARCHITECTURE.md says why. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** A folder of src imports only from itself and from those before it. */
const ORDER = [
  'midi',
  'notes',
  'audio',
  'formats',
  'score',
  'playing',
  'representation',
  'dataset',
  'graph',
  'engine',
  'checkpoint',
  'model',
  'charts',
  'evaluation',
  'training',
  'kinds',
  'export',
  'run',
  'node',
  'cli',
  'web',
];
const MUSIC = ['midi', 'notes', 'audio', 'formats', 'playing', 'representation', 'dataset'];
const WITHOUT_MUSIC = ['graph', 'engine'];
/** The only folders that need Node; all others run in a browser too. */
const NEEDING_NODE = ['node', 'cli'];
/** The only folder that needs a page; it may use the library as any page does, by its face. */
const WEB = 'web';
const WEB_PACKAGES = ['@zip.js/zip.js', 'onnxruntime-web', 'spessasynth_lib'];
const STUDIO_PACKAGES = ['idb-keyval', 'preact', 'uplot', 'verovio'];
/** What the studio may know of the library. */
const FACES = ['src/index.ts', 'src/web/index.ts'];
/** Files of src itself that every folder may import; they import nothing. */
const COMMON = ['errors.ts', 'generators.ts', 'random.ts', 'search.ts'];
/** The library's face: it may import every folder that runs in a browser. */
const INDEX = 'index.ts';
const BROWSER_PACKAGES = [
  '@bufbuild/protobuf',
  'onnxruntime-common',
  'spessasynth_core',
  'wasm-media-encoders',
];
const NODE_PACKAGES = [
  'bullmq',
  'commander',
  'csv-parse',
  'ioredis',
  'onnxruntime-node',
  'tinyglobby',
  'yauzl',
];

/** The formatter keeps code within it, and leaves comments as they are. */
const LINE_WIDTH = 110;

/** Source files by path within src. */
type Sources = ReadonlyMap<string, string>;

const NAMES = String.raw`(?:type\s+)?(?:[\w$]+|\*(?:\s+as\s+[\w$]+)?|\{[^}]*\})(?:\s*,\s*(?:\{[^}]*\}|\*\s+as\s+[\w$]+))?`;
const STATIC_IMPORT = new RegExp(String.raw`^(?:import|export)\s+(?:${NAMES}\s+from\s+)?'([^']+)'`, 'gm');
const DYNAMIC_IMPORT = /\b(?:import|require)\(\s*['"`]([^'"`]+)['"`]\s*\)/g;

function importsOf(source: string): string[] {
  const [stated, dynamic] = [STATIC_IMPORT, DYNAMIC_IMPORT].map((pattern) => [...source.matchAll(pattern)]);
  // An import in a style that the pattern does not know must not slip through.
  const count = (pattern: RegExp) => source.match(pattern)?.length ?? 0;
  const imports = stated.filter(([text]) => text.startsWith('import')).length;
  const clauses = stated.filter(([text]) => / from '/.test(text)).length;
  if (
    imports !== count(/^import\b(?!\()/gm) ||
    clauses !== count(/^(?:import\b.*|export\b.*|\}) from ['"]/gm)
  ) {
    throw new Error('there are imports that cannot be understood');
  }
  return [...stated, ...dynamic].map((match) => match[1]);
}

const folderOf = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '');
const packageOf = (name: string) =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');

/** Why a file must not import this; undefined when it may. */
function objection(file: string, imported: string, sources: Sources): string | undefined {
  const from = folderOf(file);
  if (!imported.startsWith('.')) {
    const mayNeedNode = NEEDING_NODE.includes(from);
    if (imported.startsWith('node:') || NODE_PACKAGES.includes(packageOf(imported))) {
      return mayNeedNode ? undefined : 'runs in Node only';
    }
    if (from === WEB && WEB_PACKAGES.includes(packageOf(imported))) return undefined;
    return BROWSER_PACKAGES.includes(packageOf(imported)) ? undefined : 'is a package that no rule knows yet';
  }
  const path = posix.join(posix.dirname(file), imported.replace(/\?.*$/, ''));
  const target = sources.has(path) ? path : path.replace(/\.js$/, '.ts');
  if (!sources.has(target)) return 'leads to no source file';
  if (COMMON.includes(target)) return COMMON.includes(file) ? 'joins two files that stand alone' : undefined;
  const to = folderOf(target);
  if (to === '') return from === WEB && target === INDEX ? undefined : 'is the whole library';
  if (from === WEB && NEEDING_NODE.includes(to)) return 'runs in Node only';
  if (file === INDEX) return NEEDING_NODE.includes(to) ? 'runs in Node only' : undefined;
  if (WITHOUT_MUSIC.includes(from) && MUSIC.includes(to)) return 'is about music';
  return ORDER.indexOf(to) <= ORDER.indexOf(from) ? undefined : `comes after ${from || 'src'}`;
}

function violations(sources: Sources): string[] {
  const problems: string[] = [];
  for (const [file, source] of sources) {
    const known = folderOf(file) === '' ? [...COMMON, INDEX].includes(file) : ORDER.includes(folderOf(file));
    if (!known) problems.push(`${file}: stands in no known place`);
    for (const imported of importsOf(source)) {
      const reason = objection(file, imported, sources);
      if (reason !== undefined) problems.push(`${file}: ${imported} ${reason}`);
    }
  }
  return problems;
}

/** A ring of folders that import one another, such as `a → b → a`; undefined when there is none. */
function folderCycle(sources: Sources): string | undefined {
  const edges = new Map<string, Set<string>>();
  for (const [file, source] of sources) {
    for (const imported of importsOf(source).filter((name) => name.startsWith('.'))) {
      const [from, to] = [file, posix.join(posix.dirname(file), imported)].map(folderOf);
      if (from !== to && from !== '' && to !== '') edges.set(from, (edges.get(from) ?? new Set()).add(to));
    }
  }
  const done = new Set<string>();
  const search = (path: readonly string[]): string | undefined => {
    const folder = path[path.length - 1];
    const seen = path.indexOf(folder);
    if (seen < path.length - 1) return path.slice(seen).join(' → ');
    if (done.has(folder)) return undefined;
    for (const next of edges.get(folder) ?? []) {
      const cycle = search([...path, next]);
      if (cycle !== undefined) return cycle;
    }
    done.add(folder);
    return undefined;
  };
  for (const folder of edges.keys()) {
    const cycle = search([folder]);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

function readSources(folder = 'src'): Sources {
  const root = fileURLToPath(new URL(`../${folder}`, import.meta.url));
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.(ts|tsx|js)$/.test(file) && !file.endsWith('.test.ts'));
  return new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
}

/** What a file of the studio must not import. */
function studioViolations(sources: Sources): string[] {
  return [...sources].flatMap(([file, source]) =>
    importsOf(source).flatMap((imported) => {
      const [path] = imported.split('?');
      if (!path.startsWith('.')) {
        return STUDIO_PACKAGES.includes(packageOf(path))
          ? []
          : [`${file}: ${path} is a package that no rule knows yet`];
      }
      const target = posix.join('studio/src', posix.dirname(file), path);
      const isOwn = target.startsWith('studio/src/');
      return isOwn || FACES.includes(target.replace(/\.js$/, '.ts'))
        ? []
        : [`${file}: ${path} reaches past the faces of the library`];
    }),
  );
}

/** A small house that keeps all rules, with one file changed. */
function houseWith(file: string, source: string): Sources {
  const house = {
    'errors.ts': '',
    'random.ts': '',
    'index.ts': "export { read } from './midi/read.js';",
    'midi/read.ts': "import { CadenzaError } from '../errors.js';",
    'graph/tensor.ts': '',
    'engine/onnx.ts':
      "import type { Tensor } from '../graph/tensor.js';\nimport * as ort from 'onnxruntime-common';",
    'model/model.ts': "import { read } from '../midi/read.js';\nexport * from '../graph/tensor.js';",
    'node/files.ts':
      "import { readFileSync } from 'node:fs';\nconst { parse } = await import('csv-parse/sync');",
    'cli/main.ts': "import '../node/files.js';",
  };
  return new Map(Object.entries({ ...house, [file]: source }));
}

describe('the import rules', () => {
  it('are kept by src', () => {
    const sources = readSources();
    expect(sources.size).toBeGreaterThan(50);
    expect(violations(sources)).toEqual([]);
    expect(folderCycle(sources)).toBeUndefined();
    const folders = new Set([...sources.keys()].map(folderOf).filter((folder) => folder !== ''));
    expect([...folders].sort()).toEqual([...ORDER].sort());
  });

  it('are kept by the studio', () => {
    const sources = readSources('studio/src');
    expect(sources.size).toBeGreaterThan(50);
    expect(studioViolations(sources)).toEqual([]);
    expect(folderCycle(sources)).toBeUndefined();
    const deep = new Map([['compose/x.ts', "import { x } from '../../../src/notes/cut.js';"]]);
    expect(studioViolations(deep)).toEqual([expect.stringMatching(/reaches past the faces/)]);
    const unknown = new Map([['compose/x.ts', "import { x } from 'lodash';"]]);
    expect(studioViolations(unknown)).toEqual([expect.stringMatching(/no rule knows/)]);
  });

  it.each(['src', 'studio/src'])('%s keeps its comments within the width of a line', (folder) => {
    const long = [...readSources(folder)].flatMap(([file, source]) =>
      source.split('\n').flatMap((line, i) => {
        const isComment = /^\s*(\/\/|\*|\/\*)/.test(line);
        return isComment && line.length > LINE_WIDTH ? [`${file}:${i + 1}`] : [];
      }),
    );
    expect(long).toEqual([]);
  });

  it('find nothing wrong with a house in order', () => {
    const house = houseWith('errors.ts', '');
    expect(violations(house)).toEqual([]);
    expect(folderCycle(house)).toBeUndefined();
  });

  it.each([
    ['a later folder', 'midi/read.ts', "import { Model } from '../model/model.js';", /comes after midi/],
    [
      'a later folder for a type',
      'midi/read.ts',
      "import type { T } from '../graph/tensor.js';",
      /comes after/,
    ],
    [
      'a later folder in an export',
      'graph/tensor.ts',
      "export * from '../engine/onnx.js';",
      /comes after graph/,
    ],
    [
      'a later folder when it runs',
      'model/model.ts',
      "await import('../node/files.js');",
      /comes after model/,
    ],
    ['music in the graph', 'graph/tensor.ts', "import { read } from '../midi/read.js';", /is about music/],
    [
      'music in an engine',
      'engine/onnx.ts',
      "import {\n  read,\n} from '../midi/read.js';",
      /is about music/,
    ],
    ['Node in a browser', 'model/model.ts', "import { join } from 'node:path';", /runs in Node only/],
    ['native code', 'engine/onnx.ts', "import ort, { env } from 'onnxruntime-node';", /runs in Node only/],
    ['a part of a Node package', 'midi/read.ts', "await import('csv-parse/sync');", /runs in Node only/],
    ['Node in the public API', 'index.ts', "export { x } from './node/files.js';", /runs in Node only/],
    ['Node in a page', 'web/x.ts', "import '../node/files.js';", /runs in Node only/],
    ['a page in the library', 'cli/main.ts', "import '../web/x.js';", /comes after cli|leads to no/],
    ['the public API', 'cli/main.ts', "import { read } from '../index.js';", /is the whole library/],
    ['anything in a common file', 'errors.ts', "import { Random } from './random.js';", /stand alone/],
    ['a folder in a common file', 'random.ts', "import { read } from './midi/read.js';", /comes after src/],
    ['a package nobody decided on', 'cli/main.ts', "import chalk from 'chalk';", /no rule knows/],
    ['a file that is not there', 'cli/main.ts', "import { x } from './gone.js';", /leads to no source file/],
  ])('forbid %s', (_, file, source, message) => {
    expect(violations(houseWith(file, source))).toEqual([expect.stringMatching(message)]);
  });

  it('know every file of src', () => {
    expect(violations(houseWith('studio/app.ts', ''))).toEqual(['studio/app.ts: stands in no known place']);
    expect(violations(houseWith('helpers.ts', ''))).toEqual(['helpers.ts: stands in no known place']);
  });

  it('find rings of folders', () => {
    expect(folderCycle(houseWith('graph/tensor.ts', "import '../model/model.js';"))).toMatch(
      /graph → model → graph|model → graph → model/,
    );
  });

  it('are not deceived by a style of import they do not know', () => {
    expect(() => violations(houseWith('midi/read.ts', 'import fs = require("node:fs");'))).toThrow(
      /understood/,
    );
    expect(() => violations(houseWith('midi/read.ts', 'import { x } from "node:fs";'))).toThrow(
      /cannot be understood/,
    );
  });
});
