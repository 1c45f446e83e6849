/** Corpora read by threads, which run from the built package. */
import { execFile } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Corpus, type Piece, readPieces } from '../../dist/dataset/corpus.js';
import { kindNamed } from '../../dist/kinds/kinds.js';
import { TUTORIAL_CONFIG } from '../../dist/kinds/tutorial/network.js';
import { type CorpusOptions, openCorpus } from '../../dist/node/corpus/corpus.js';
import {
  MIN_FILES_FOR_THREADS,
  type ReaderThreads,
  startReaderThreads,
} from '../../dist/node/corpus/reader.js';
import { readTrainingCorpus } from '../../dist/node/corpus/training-corpus.js';
import { midiBytes } from '../helpers/midi-bytes.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { zipBytes } from '../helpers/zip-bytes.js';

const BROKEN = Uint8Array.from([1, 2, 3, 4]);

/**
 * Pieces of 3 to 12 notes, each its own, and among them one broken file, one without notes and one cut short.
 */
function songs(count: number): Record<string, Uint8Array> {
  const song = (i: number) => midiBytes(Array.from({ length: 3 + (i % 10) }, (_, n) => 30 + ((i + n) % 90)));
  const files = Array.from({ length: count - 3 }, (_, i) => [`${i % 7}/${i}.mid`, song(i)]);
  return {
    ...Object.fromEntries(files),
    '3/broken.mid': BROKEN,
    '4/empty.mid': midiBytes([]),
    '5/short.mid': song(9).subarray(0, 60),
  };
}

const open = (path: string, options: CorpusOptions) => openCorpus([path], { cache: false, ...options });

async function collect(corpus: Corpus): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for await (const piece of readPieces(corpus)) pieces.push(piece);
  return pieces;
}

/** The worker threads that are started from now on. */
function watchWorkers(): Worker[] {
  const workers: Worker[] = [];
  const onWorker = (message: unknown) => workers.push((message as { worker: Worker }).worker);
  subscribe('worker_threads', onWorker);
  onTestFinished(() => void unsubscribe('worker_threads', onWorker));
  return workers;
}

/** A worker has no thread id once it has ended. */
const running = (workers: readonly Worker[]) => workers.filter((worker) => worker.threadId > 0);

describe('threads that are started for a reading', () => {
  let folder: string;
  beforeAll(() => {
    folder = tempFolder(songs(MIN_FILES_FOR_THREADS), afterAll);
  });

  it.each(['first', 'all'] as const)('read what one thread reads: %s reading', async (reading) => {
    const workers = watchWorkers();
    const alone = await open(folder, { reading });
    const expected = await collect(alone);
    expect(workers).toHaveLength(0);
    const shared = await open(folder, { reading, threads: 2 });
    expect(await collect(shared)).toEqual(expected);
    expect(expected).toHaveLength(MIN_FILES_FOR_THREADS - 2);
    expect(expected.some((piece) => piece.warnings > 0)).toBe(true);
    expect(shared.problems).toEqual(alone.problems);
    expect(shared.problems.map(({ name }) => name)).toEqual([
      join(folder, '3/broken.mid'),
      join(folder, '4/empty.mid'),
    ]);
    expect(workers).toHaveLength(1); // the other thread is this one
    expect(running(workers)).toEqual([]);
  });

  it('are not started for few files', async () => {
    const workers = watchWorkers();
    await collect(await open(folder, { threads: 2, files: MIN_FILES_FOR_THREADS - 1 }));
    expect(workers).toHaveLength(0);
  });

  it('end when the reading is given up', async () => {
    const workers = watchWorkers();
    for await (const { name } of readPieces(await open(folder, { threads: 2 }))) {
      expect(name).toBe('0/0.mid');
      expect(running(workers)).toHaveLength(1);
      break;
    }
    expect(running(workers)).toEqual([]);
  });

  it('make the same training data, and keep the same notes', async () => {
    const read = async (threads: number, cache: string) => {
      const kind = { ...kindNamed('tutorial'), tooShort: () => 4 };
      const options = { kind, model: TUTORIAL_CONFIG, seed: 1, cache, threads };
      const { train, validation, problems, fingerprint } = await readTrainingCorpus([folder], options);
      return { train, validation, problems, fingerprint: fingerprint(TUTORIAL_CONFIG) };
    };
    const [cache, otherCache] = [tempFolder(), tempFolder()];
    const expected = await read(1, cache);
    expect(await read(2, otherCache)).toEqual(expected);
    const kept = filesIn(otherCache);
    expect(kept).toEqual(filesIn(cache));
    // The second time the notes come from the cache.
    expect(await read(2, otherCache)).toEqual(expected);
    expect(filesIn(otherCache)).toEqual(kept);
  });

  it('do not keep a process alive that forgets them', async () => {
    const module = (name: string) => JSON.stringify(new URL(`../../dist/${name}.js`, import.meta.url).href);
    const program = `
      import { readPieces } from ${module('dataset/corpus')};
      import { openCorpus } from ${module('node/corpus/corpus')};
      import { startReaderThreads } from ${module('node/corpus/reader')};
      const open = (threads) => openCorpus([${JSON.stringify(folder)}], { cache: false, threads });
      console.log((await readPieces(await open(2)).next()).value.name);
      const threads = startReaderThreads(2);
      await threads.ready;
      for await (const { name } of readPieces(await open(threads))) if (name === '6/6.mid') console.log(name);`;
    const args = ['--input-type=module', '--eval', program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 30_000 });
    expect(stdout).toBe('0/0.mid\n6/6.mid\n');
  });
});

describe('threads that are started before', () => {
  let threads: ReaderThreads;
  beforeAll(() => {
    threads = startReaderThreads(3);
    return threads.ready;
  });
  afterAll(() => threads.close());

  it.each(['folder', 'archive'])(
    'read the pieces and problems of a %s that one thread reads',
    async (kind) => {
      const files = songs(60);
      const data = Object.entries(files).map(([name, content]) => ({ name, data: content }));
      const damaged = { name: 'damaged.mid', data: midiBytes([60]), claimedCrc: 0 };
      const folder = tempFolder(kind === 'folder' ? files : { 'songs.zip': zipBytes([...data, damaged]) });
      const path = kind === 'folder' ? folder : join(folder, 'songs.zip');
      const [alone, shared] = [await open(path, {}), await open(path, { threads })];
      expect(await collect(shared)).toEqual(await collect(alone));
      expect(shared.problems).toEqual(alone.problems);
      expect(shared.problems).toHaveLength(kind === 'folder' ? 2 : 3);
    },
  );

  it('keep and find the same notes as one thread', async () => {
    const folder = tempFolder(songs(60));
    const [cache, otherCache] = [tempFolder(), tempFolder()];
    const expected = await collect(await open(folder, { cache }));
    expect(await collect(await open(folder, { cache: otherCache, threads }))).toEqual(expected);
    expect(filesIn(otherCache)).toEqual(filesIn(cache));
    // The second time the notes come from the cache.
    expect(await collect(await open(folder, { cache: otherCache, threads }))).toEqual(expected);
  });

  it('say that no file could be used as one thread says it', async () => {
    const folder = tempFolder({ 'a.mid': BROKEN, 'b.mid': midiBytes([]) });
    const [alone, shared] = [await open(folder, {}), await open(folder, { threads })];
    const said = await collect(alone).catch((error: Error) => `${error}`);
    expect(said).toMatch(
      /^CadenzaError: none of the 2 files could be used; first: .*a\.mid: not a MIDI file/,
    );
    expect(await collect(shared).catch((error: Error) => `${error}`)).toBe(said);
  });

  it('do not take a bug for a bad file', async () => {
    const { entries, ...corpus } = await open(tempFolder(songs(10)), { threads });
    // This thread would not look at the path.
    const wrong = { ...entries[1], path: 'a\0b' };
    await expect(collect({ ...corpus, entries: [entries[0], wrong] })).rejects.toThrow(TypeError);
    expect(corpus.problems).toEqual([]);
  });

  it('read only a few files ahead', async () => {
    let asked = 0;
    const { entries, ...corpus } = await open(tempFolder(songs(203)), { threads });
    const counted = entries.map((entry) => ({
      ...entry,
      path: undefined,
      readBytes() {
        asked++;
        return entry.readBytes();
      },
    }));
    const { batchSize, lookAhead } = corpus.openReader!(entries)!;
    expect(batchSize * lookAhead).toBeLessThanOrEqual(40 * threads.count);
    let read = 0;
    for await (const _ of readPieces({ ...corpus, entries: counted })) {
      read++;
      expect(asked).toBeLessThanOrEqual(read + corpus.problems.length + batchSize * (lookAhead + 1));
    }
    expect([read, asked]).toEqual([201, 203]);
  });
});

it('says which files were being read when a thread ends before its time', async () => {
  const workers = watchWorkers();
  const threads = startReaderThreads(2);
  await threads.ready;
  const corpus = await open(tempFolder(songs(103)), { threads });
  const reading = readPieces(corpus);
  await reading.next();
  workers[0].terminate();
  await once(workers[0], 'exit');
  const rest = async () => {
    for (;;) if ((await reading.next()).done) return;
  };
  await expect(rest()).rejects.toThrow(/^the thread that was to read .*\.mid and \d more was ended$/);
  await threads.close();
});

/** Path and content of every file in a folder. */
function filesIn(folder: string): [name: string, content: string][] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return paths.sort().map((path) => [path.slice(folder.length), readFileSync(path, 'base64')]);
}
