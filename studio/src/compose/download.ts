/** Hands a file to the user. */

/** Offers bytes or text as a download. */
export function download(content: Uint8Array | string | Blob, name: string, type: string): void {
  const blob = content instanceof Blob ? content : new Blob([content as BlobPart], { type });
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser needs it until it has begun to save.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A file name of a title: nothing that a file system could mind. */
export function fileNameOf(title: string, ending: string): string {
  const plain = title
    .normalize('NFC')
    .replace(/\.(mid|midi|json)$/i, '')
    .replace(/[^\p{L}\p{N} ·_-]+/gu, ' ')
    .trim()
    .slice(0, 80);
  return `${plain || 'cadenza'}${ending}`;
}
