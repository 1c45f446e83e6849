/** A thread that reads the files of a corpus: see corpus-reader.ts. */
import { parentPort } from 'node:worker_threads';
import { type NoteCache, parsePiece } from '../../dataset/corpus.js';
import { MAX_FILE_BYTES } from '../../dataset/file-kind.js';
import { CadenzaError } from '../../errors.js';
import { readFileBytes } from '../files/files.js';
import { createNoteCache, hashContent } from './note-cache.js';
import type { ReadAnswer, ReadRequest, ThreadFile, ThreadOutcome } from './reader.js';

const caches = new Map<string, NoteCache>();

function cacheIn(folder: string): NoteCache {
  const cache = caches.get(folder) ?? createNoteCache(folder);
  caches.set(folder, cache);
  return cache;
}

async function read(
  { source, location }: ThreadFile,
  { reading, cacheFolder }: ReadRequest,
): Promise<ThreadOutcome> {
  try {
    const bytes = typeof source === 'string' ? await readFileBytes(source, MAX_FILE_BYTES) : source;
    const cache = cacheFolder === undefined ? undefined : cacheIn(cacheFolder);
    return { content: parsePiece(bytes, location, reading, { hashContent, cache }) };
  } catch (error) {
    return error instanceof CadenzaError ? { problem: error.message } : { error };
  }
}

/** The buffers of the columns, which go over to the other thread; those of a cached piece are one. */
function buffersOf(outcome: ThreadOutcome): ArrayBuffer[] {
  if (!('content' in outcome)) return [];
  const { pitch, velocity, start, end, beats } = outcome.content.notes;
  const columns = [pitch, velocity, start, end, ...(beats ? [beats.time, beats.place] : [])];
  return [...new Set(columns.map(({ buffer }) => buffer as ArrayBuffer))];
}

parentPort?.on('message', async (request: ReadRequest) => {
  const outcomes: ThreadOutcome[] = [];
  for (const file of request.files) outcomes.push(await read(file, request));
  const answer: ReadAnswer = { id: request.id, outcomes };
  parentPort?.postMessage(answer, outcomes.flatMap(buffersOf));
});
parentPort?.postMessage('ready' satisfies ReadAnswer);
