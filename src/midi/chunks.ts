/** Chunk headers: four ASCII characters and a length, big-endian in MIDI files, little-endian in RIFF. */

/** Bytes of a chunk's header. */
export const CHUNK_HEADER = 8;

/** Whether the four characters `tag` stand at `offset`. */
export function hasTag(bytes: Uint8Array, offset: number, tag: string): boolean {
  for (let i = 0; i < tag.length; i++) {
    if (bytes[offset + i] !== tag.charCodeAt(i)) return false;
  }
  return true;
}

/** Where `tag` first stands at or after `from`, before `end`; −1 if nowhere. */
export function findTag(bytes: Uint8Array, tag: string, from: number, end: number): number {
  const first = tag.charCodeAt(0);
  for (
    let at = bytes.indexOf(first, from);
    at >= 0 && at + tag.length <= end;
    at = bytes.indexOf(first, at + 1)
  ) {
    if (hasTag(bytes, at, tag)) return at;
  }
  return -1;
}

/** Whether something that can pass for a chunk begins at `offset` and fits in before `end`. */
export function isChunk(bytes: Uint8Array, offset: number, end: number): boolean {
  if (offset + CHUNK_HEADER > end) return false;
  if (hasTag(bytes, offset, 'MTrk')) return true;
  for (let i = 0; i < 4; i++) {
    if (bytes[offset + i] < 0x20 || bytes[offset + i] > 0x7e) return false;
  }
  return offset + CHUNK_HEADER + uint32(bytes, offset + 4) <= end;
}

/** Big-endian unsigned integer of four bytes. */
export function uint32(bytes: Uint8Array, offset: number): number {
  return uint16(bytes, offset) * 0x10000 + uint16(bytes, offset + 2);
}

/** Big-endian unsigned integer of two bytes. */
export function uint16(bytes: Uint8Array, offset: number): number {
  return (bytes[offset] << 8) | bytes[offset + 1];
}

/**
 * Where in a RIFF file of form RMID the MIDI file lies: the content of its "data" chunk, cut to the file's
 * length. Undefined if this is no such file.
 */
export function findInRiff(bytes: Uint8Array): { start: number; end: number } | undefined {
  if (!hasTag(bytes, 0, 'RIFF') || !hasTag(bytes, 8, 'RMID')) return undefined;
  let at = 12;
  while (at + CHUNK_HEADER <= bytes.length) {
    const start = at + CHUNK_HEADER;
    const view = new DataView(bytes.buffer, bytes.byteOffset + at + 4, 4);
    const end = start + view.getUint32(0, true);
    if (hasTag(bytes, at, 'data')) return { start, end: Math.min(end, bytes.length) };
    at = end + (end % 2); // RIFF chunks are padded to even lengths
  }
  return undefined;
}
