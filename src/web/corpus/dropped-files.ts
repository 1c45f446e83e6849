/** What a user drops or picks, folders included, as a list of files. */
import { breathe } from '../workers/breathe.js';
import type { DroppedFile } from './read-corpus.js';

const HIDDEN = /(^|\/)\./;

/**
 * All files in what was dropped. The drop's own list is read at once: it is empty as soon as the event is
 * over.
 */
export async function filesOfDrop({ items, files }: DataTransfer): Promise<DroppedFile[]> {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry != null);
  if (entries.length === 0) return filesOfList(files);
  const found: DroppedFile[] = [];
  for (const entry of entries) await collect(entry, found);
  return found.filter(({ path }) => !HIDDEN.test(path));
}

/** Files that are looked at in one go: asking a thousand for their paths takes a second. */
const AT_ONCE = 50;

/** The files of a file picker, of a folder or single ones. */
export async function filesOfList(files: Iterable<File>): Promise<DroppedFile[]> {
  const found: DroppedFile[] = [];
  for (const part of partsOf([...files])) {
    for (const file of part) found.push({ path: file.webkitRelativePath || file.name, file });
    await breathe();
  }
  return found.filter(({ path }) => !HIDDEN.test(path));
}

/** A list in parts that a page can deal with at once. */
export function partsOf<T>(list: readonly T[]): T[][] {
  const count = Math.ceil(list.length / AT_ONCE);
  return Array.from({ length: count }, (_, i) => list.slice(i * AT_ONCE, (i + 1) * AT_ONCE));
}

async function collect(entry: FileSystemEntry, found: DroppedFile[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    found.push({ path: entry.fullPath.replace(/^\//, ''), file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A folder is given in parts, the last of which is empty.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0) return;
    for (const inner of part) await collect(inner, found);
  }
}
