/** What a user drops or picks, folders included, as a list of files. */
import type { DroppedFile } from './read-corpus.js';

const HIDDEN = /(^|\/)\./;

/** All files in what was dropped. The drop's own list is read at once: it is empty as soon as the event is over. */
export async function filesOfDrop({ items, files }: DataTransfer): Promise<DroppedFile[]> {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry != null);
  if (entries.length === 0) return filesOfList(files);
  const found: DroppedFile[] = [];
  for (const entry of entries) await collect(entry, found);
  return found.filter(({ path }) => !HIDDEN.test(path));
}

/** The files of a file picker, of a folder or single ones. */
export function filesOfList(files: Iterable<File>): DroppedFile[] {
  return [...files]
    .map((file) => ({ path: file.webkitRelativePath || file.name, file }))
    .filter(({ path }) => !HIDDEN.test(path));
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
