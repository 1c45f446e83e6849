/** Threads that read and parse the files of a corpus ahead of whoever wants its pieces. */
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import {
  type ContentMemory,
  type CorpusEntry,
  type EntryReader,
  type PieceContent,
  type ReadOutcome,
  readEntry,
} from '../../dataset/corpus.js';
import { CadenzaError } from '../../errors.js';
import type { Reading } from '../../notes/reading.js';
import { firstFew } from './messages.js';

/** An entry that a thread may read by itself. */
export interface FileEntry extends CorpusEntry {
  /** Where the file lies on disk; undefined in an archive. */
  readonly path?: string;
}

export interface ThreadFile {
  /** Its path or its content. */
  readonly source: string | Uint8Array;
  /** What to call it in messages. */
  readonly location: string;
}

/** What a thread is asked to do; every request has an answer of the same id. */
export interface ReadRequest {
  readonly id: number;
  readonly files: readonly ThreadFile[];
  readonly reading: Reading;
  /** Where to keep parsed notes, if anywhere. */
  readonly cacheFolder: string | undefined;
}

/** What a thread says: once that it is ready, then the outcome for each file. */
export type ReadAnswer = 'ready' | { readonly id: number; readonly outcomes: readonly ThreadOutcome[] };
export type ThreadOutcome =
  | { readonly content: PieceContent }
  /** The message of a CadenzaError. */
  | { readonly problem: string }
  /** Anything else that was thrown. */
  | { readonly error: unknown };

/** Threads for several readings one after the other; `close` them. */
export interface ReaderThreads {
  /** Threads in all, the calling one included. */
  readonly count: number;
  /** Settles when all are ready to work. */
  readonly ready: Promise<void>;
  /**
   * Has a thread read a batch of entries; undefined where each is not ready yet or has more than `load`
   * batches.
   */
  read(
    load: number,
    entries: readonly FileEntry[],
    reading: Reading,
    cacheFolder?: string,
  ): Promise<readonly ReadOutcome[]> | undefined;
  /** Has all threads read the entries for nothing, after which they are as fast as they get. */
  rehearse(entries: readonly FileEntry[]): void;
  /** Ends the threads; what they were still reading fails. */
  close(): Promise<void>;
}

/**
 * With fewer files the reading is over before threads are warm: with two of them that take up two cores it
 * takes as long as with one at 400 long files (MAESTRO), less at 700, and still longer at 900 short ones
 * (POP909).
 */
export const MIN_FILES_FOR_THREADS = 950;
/** After so many files the engine has compiled what it is going to compile. */
const REHEARSAL_FILES = 24;
/** Files to send to a thread in one go: messages of one file each eat up much of what threads save. */
const BATCH_SIZE = 8;
/**
 * How far to look ahead, so that no thread has to wait while another is at a long piece or still warming up.
 */
const BATCHES_A_THREAD = 4;

class ReaderThread {
  // Options of the process, such as --input-type, need not suit a thread.
  private readonly worker = new Worker(new URL('./reader-thread.js', import.meta.url), {
    execArgv: [],
  });
  private readonly waiting = new Map<
    number,
    { resolve: (outcomes: readonly ThreadOutcome[]) => void; reject: (how: string) => void }
  >();
  private lastId = 0;
  /** Whether it has started, and does not rehearse. */
  private isReady = false;
  private end: string | undefined;
  readonly ready: Promise<void>;
  /** Batches it has. */
  load = 0;

  constructor() {
    this.ready = new Promise((resolve) => {
      this.worker.on('message', (answer: ReadAnswer) => {
        if (answer !== 'ready') return this.settle(answer);
        this.isReady = true;
        this.worker.unref(); // forgotten threads must not keep the process alive
        resolve();
      });
      this.worker.on('exit', () => resolve());
    });
    this.worker.on('error', (error) => this.fail(`has failed: ${error.message}`));
    this.worker.on('exit', () => this.fail('was ended'));
  }

  /** Whether it takes batches. One that has failed takes them too, to say so. */
  get isOpen(): boolean {
    return this.isReady || this.end !== undefined;
  }

  async read(entries: readonly FileEntry[], request: Omit<ReadRequest, 'id' | 'files'>) {
    this.load++;
    try {
      const sources = await Promise.all(entries.map(sourceOf));
      const files = sources.filter((source) => 'source' in source);
      const outcomes = await this.ask({ ...request, files });
      let next = 0;
      return sources.map((source) => ('source' in source ? toOutcome(outcomes[next++]) : source));
    } finally {
      this.load--;
    }
  }

  async rehearse(entries: readonly FileEntry[]): Promise<void> {
    await this.ready;
    this.isReady = false;
    await this.read(entries, { reading: 'first', cacheFolder: undefined }).catch(() => {});
    this.isReady = true;
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private ask(request: Omit<ReadRequest, 'id'>): Promise<readonly ThreadOutcome[]> {
    return new Promise((resolve, reject) => {
      const id = ++this.lastId;
      const names = firstFew(request.files.map(({ location }) => location));
      // Not a CadenzaError, for which files are skipped: nothing is known to be wrong with them.
      const fail = (how: string) => reject(new Error(`the thread that was to read ${names} ${how}`));
      if (this.end !== undefined) return fail(this.end);
      this.waiting.set(id, { resolve, reject: fail });
      this.worker.ref();
      this.worker.postMessage({ id, ...request } satisfies ReadRequest);
    });
  }

  private settle({ id, outcomes }: Exclude<ReadAnswer, 'ready'>): void {
    this.waiting.get(id)!.resolve(outcomes);
    this.waiting.delete(id);
    if (this.waiting.size === 0) this.worker.unref();
  }

  private fail(how: string): void {
    this.end ??= how;
    for (const { reject } of this.waiting.values()) reject(this.end);
    this.waiting.clear();
  }
}

/**
 * What to send to a thread of an entry. Members of archives are read here: opening an archive takes its time.
 */
async function sourceOf(entry: FileEntry): Promise<ThreadFile | { readonly error: unknown }> {
  const { path, location } = entry;
  try {
    return { source: path ?? (await entry.readBytes()), location };
  } catch (error) {
    return { error };
  }
}

function toOutcome(outcome: ThreadOutcome): ReadOutcome {
  return 'problem' in outcome ? { error: new CadenzaError(outcome.problem) } : outcome;
}

/**
 * Starts threads to read corpora with, `count` with the calling one: see the option `threads` of
 * `openCorpus`.
 */
export function startReaderThreads(count: number): ReaderThreads {
  const threads = Array.from({ length: count - 1 }, () => new ReaderThread());
  return {
    count,
    ready: Promise.all(threads.map((thread) => thread.ready)).then(() => {}),
    read(load, entries, reading, cacheFolder) {
      const [idlest] = threads.filter((thread) => thread.isOpen).sort((a, b) => a.load - b.load);
      return idlest?.load <= load ? idlest.read(entries, { reading, cacheFolder }) : undefined;
    },
    rehearse(entries) {
      for (const thread of threads) void thread.rehearse(entries);
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

/** A reader that shares the entries out; undefined where the calling thread alone does as well. */
export function openReader(
  threads: number | ReaderThreads,
  files: readonly CorpusEntry[],
  memory: ContentMemory,
  cacheFolder: string | undefined,
): EntryReader | undefined {
  if (typeof threads === 'number' && (threads < 2 || files.length < MIN_FILES_FOR_THREADS)) {
    return undefined;
  }
  const own = typeof threads === 'number' ? startReaderThreads(threads) : undefined;
  own?.rehearse(files.slice(0, REHEARSAL_FILES));
  const shared = own ?? (threads as ReaderThreads);
  let isClosed = false;
  // What this thread has taken on, one batch after the other, while the others read.
  let here: Promise<unknown> = Promise.resolve();
  let loadHere = 0;

  async function readHere(entries: readonly FileEntry[], reading: Reading) {
    const outcomes: ReadOutcome[] = [];
    for (const entry of entries) {
      await setImmediate(); // answers of the threads come in between
      if (isClosed) break;
      outcomes.push(await readEntry(entry, reading, memory));
    }
    loadHere--;
    return outcomes;
  }

  return {
    batchSize: BATCH_SIZE,
    lookAhead: shared.count * BATCHES_A_THREAD,
    async read(entries, reading) {
      const elsewhere = shared.read(loadHere, entries, reading, cacheFolder);
      if (elsewhere) return elsewhere;
      loadHere++;
      const outcomes = here.then(() => readHere(entries, reading));
      here = outcomes;
      return outcomes;
    },
    async close() {
      isClosed = true;
      await own?.close();
    },
  };
}
