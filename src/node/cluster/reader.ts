/** Files of a corpus read by a cluster: their content travels there, and their notes back. */
import type { ContentMemory, CorpusEntry, EntryReader, ReadOutcome } from '../../dataset/corpus.js';
import { CadenzaError } from '../../errors.js';
import type { Reading } from '../../notes/reading.js';
import type { OpenReader } from '../corpus/corpus.js';
import type { Jobs } from './cluster.js';
import { request } from './jobs/jobs.js';
import { READ } from './jobs/read.js';
import { unpackNotes } from './packing.js';

/** Files of a job. */
const BATCH = 32;
/** Jobs ahead of whoever wants the pieces. */
const AHEAD = 16;

/** What is cached here is not asked for. */
export function clusterReader(jobs: Jobs): OpenReader {
  return (memory): EntryReader => ({
    batchSize: BATCH,
    lookAhead: AHEAD,
    read: (entries, reading) => readBatch(jobs, entries, reading, memory),
    close: async () => {},
  });
}

async function readBatch(
  jobs: Jobs,
  entries: readonly CorpusEntry[],
  reading: Reading,
  { hashContent, cache }: ContentMemory,
): Promise<readonly ReadOutcome[]> {
  const { blobs } = jobs;
  const outcomes: ReadOutcome[] = [];
  const asked: { place: number; file: string; location: string; contentHash?: string }[] = [];
  for (const [place, entry] of entries.entries()) {
    try {
      const bytes = await entry.readBytes();
      const contentHash = hashContent?.(bytes);
      const cached = contentHash && cache?.get(contentHash, reading);
      if (cached && cached.notes.length > 0) outcomes[place] = { content: { contentHash, ...cached } };
      else asked.push({ place, file: await blobs.put(bytes), location: entry.location, contentHash });
    } catch (error) {
      outcomes[place] = { error };
    }
  }
  if (asked.length === 0) return outcomes;
  const files = asked.map(({ file, location }) => ({ file, location }));
  const [{ notes, problems }] = await jobs.all([request(READ, { files, reading })]);
  const pieces = unpackNotes<number>(await blobs.get(notes), 'the notes that were read');
  await blobs.drop([notes, ...files.map(({ file }) => file)]);
  for (const [i, { place, contentHash }] of asked.entries()) {
    const problem = problems[i];
    if (problem !== null) {
      outcomes[place] = { error: new CadenzaError(problem) };
      continue;
    }
    const { notes, about: warnings } = pieces.shift()!;
    if (contentHash) cache?.put(contentHash, reading, { notes, warnings });
    outcomes[place] = { content: { notes, warnings, ...(contentHash && { contentHash }) } };
  }
  return outcomes;
}
