/**
 * What is attacked, by name: how a case is made of chances, and what is done with it. What a case may do is be used, or be
 * refused by a CadenzaError; anything else is a finding.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { renderNotes } from '../../dist/audio/render.js';
import { readSoundFont } from '../../dist/audio/sound-font.js';
import * as cadenza from '../../dist/index.js';
import { RecentBlobs } from '../../dist/node/cluster/blobs.js';
import { doJob } from '../../dist/node/cluster/jobs/jobs.js';
import { openCorpus } from '../../dist/node/corpus/corpus.js';
import { parseCorpusTable } from '../../dist/node/corpus/corpus-table.js';
import { packageVersion } from '../../dist/node/files/package-info.js';
import { madeUpMidi } from './midi-grammar.js';
import { mutated } from './mutate.js';

const { builtInOpening, listen, midiFromNotes, readMidi, READINGS } = cadenza;
const fixture = (path) =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url))));

const opening = midiFromNotes(builtInOpening());
const folder = mkdtempSync(join(tmpdir(), 'cadenza-attack-'));

/** An archive in which every other file is compressed. */
async function zip(files) {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
  for (const [i, [name, data]] of Object.entries(files).entries())
    await writer.add(name, new Uint8ArrayReader(data), {
      level: i % 2 ? 6 : 0,
      lastModDate: new Date(2020, 0),
    });
  return writer.close();
}

const TABLE = new TextEncoder().encode(
  'canonical_composer,split,midi_filename\r\n"A, ""B""",train,a.mid\nx,test,b.mid\n',
);
const models = ['performance', 'tutorial', 'metrical', 'training-graph'].map((name) =>
  fixture(`pytorch/${name}.safetensors`),
);
const archives = [
  await zip({ 'a.mid': opening, 'b/c.mid': opening, 'm.csv': TABLE }),
  await zip({ 'a.mid': opening }),
];

/** The piano of the package: what is told of it stands before and after the samples. */
const piano = new Uint8Array(readFileSync(fileURLToPath(new URL('../../sounds/piano.sf3', import.meta.url))));
const [TOLD_BEFORE, TOLD_AFTER] = [408, 3_947_704];
const chord = {
  length: 3,
  pitch: Uint8Array.of(36, 60, 96),
  velocity: Uint8Array.of(20, 90, 127),
  start: new Float64Array(3),
  end: new Float64Array(3).fill(0.05),
};

function changedPiano(random) {
  const cuts = [0, TOLD_BEFORE, TOLD_AFTER, piano.length];
  const part = [0, 2, 2, 1][random.below(4)];
  const [from, to] = [cuts[part], cuts[part + 1]];
  const told = mutated([piano.subarray(from, to)], random);
  const bytes = new Uint8Array(piano.length - (to - from) + told.length);
  bytes.set(piano.subarray(0, from));
  bytes.set(told, from);
  bytes.set(piano.subarray(to), from + told.length);
  return bytes;
}

/** JSON that might stand in a queue: right names with wrong things in them. */
function madeUpData(random, depth = 0) {
  const pick = (...choices) => choices[random.below(choices.length)];
  const leaf = () =>
    pick(
      0,
      1,
      -1,
      1.5,
      1e308,
      2 ** 53,
      '',
      'train',
      '../../etc/passwd',
      'a'.repeat(64),
      '0'.repeat(64),
      null,
      true,
      packageVersion(),
    );
  if (depth > 3 || random.below(3) === 0) return leaf();
  if (random.below(5) === 0)
    return Array.from({ length: random.below(4) }, () => madeUpData(random, depth + 1));
  const names = [
    'version',
    'config',
    'options',
    'pieces',
    'from',
    'kept',
    'position',
    'until',
    'shard',
    'model',
    'request',
  ];
  names.push(
    'files',
    'reading',
    'file',
    'location',
    'kind',
    'epoch',
    'step',
    'updates',
    'batchSize',
    'seed',
    '__proto__',
  );
  const entries = Array.from({ length: random.below(12) }, () => [
    pick(...names),
    madeUpData(random, depth + 1),
  ]);
  return JSON.parse(
    `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value) ?? 'null'}`).join(',')}}`,
  );
}

export const ATTACKS = {
  midi: {
    make: (random) =>
      random.below(2) === 0 ? madeUpMidi(random) : mutated([opening, madeUpMidi(random)], random),
    async use(bytes) {
      const midi = readMidi(bytes, 'a.mid');
      listen(midi);
      for (const reading of Object.values(READINGS)) reading(midi);
      const notes = READINGS.sounding(midi);
      if (notes.length > 0) readMidi(midiFromNotes(notes), 'b.mid');
    },
  },
  models: {
    make: (random) => mutated(models, random),
    async use(bytes) {
      cadenza.modelFromCheckpoint(cadenza.decodeCheckpoint(bytes, 'm.safetensors'));
    },
  },
  tables: {
    make: (random) => mutated([TABLE], random),
    async use(bytes) {
      parseCorpusTable(new TextDecoder().decode(bytes), 'm.csv');
    },
  },
  zips: {
    make: (random) => mutated(archives, random),
    async use(bytes) {
      const path = join(folder, 'a.zip');
      writeFileSync(path, bytes);
      const corpus = await openCorpus([path], { reading: 'sounding', cache: false });
      for await (const _ of cadenza.readPieces(corpus));
    },
  },
  soundfonts: {
    make: changedPiano,
    async use(bytes) {
      const font = await readSoundFont(bytes, 'a.sf3');
      for (const { left } of renderNotes(chord, font, { sampleRateHz: 8000, tailSeconds: 0.05 }).blocks()) {
        if (!left.every((value) => Math.abs(value) <= 1)) throw new Error('sound beyond full scale');
      }
    },
  },
  jobs: {
    make(random) {
      const name = ['learn', 'join', 'judge', 'measure', 'minutes', 'play', 'read', 'x'][random.below(8)];
      const data = madeUpData(random);
      const isObject = typeof data === 'object' && data !== null && !Array.isArray(data);
      const own = isObject && random.below(5) > 0 ? { ...data, version: packageVersion() } : data;
      return new TextEncoder().encode(JSON.stringify({ name, data: own }));
    },
    async use(bytes) {
      const { name, data } = JSON.parse(new TextDecoder().decode(bytes));
      const { signal } = new AbortController();
      const tools = {
        blobs: new RecentBlobs(),
        engine: cadenza.plainEngine(),
        shards: [],
        signal,
        tell() {},
        before: [],
      };
      await doJob(name, data, tools);
    },
  },
};
