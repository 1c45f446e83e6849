/**
 * What of a SoundFont would have its reader take gigabytes, found before it is read. What is said wrongly
 * otherwise the reader finds out.
 *
 * Specification: SoundFont 2.04, 7 ("the pdta-list chunk").
 */

interface Chunk {
  readonly name: string;
  /** Places of its first byte and of the one after its last. */
  readonly from: number;
  readonly to: number;
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Lists of lists of lists are no SoundFont. */
const DEEPEST = 4;

/** The chunks of a file; of lists what they list. */
function* chunksOf(bytes: Uint8Array, start = 12, stop = bytes.length, depth = 0): Generator<Chunk> {
  const view = viewOf(bytes);
  for (let at = start; at + 8 <= stop; ) {
    const name = String.fromCharCode(...bytes.subarray(at, at + 4));
    const from = at + 8;
    const to = Math.min(stop, from + view.getUint32(at + 4, true));
    if (name === 'LIST' && depth < DEEPEST) yield* chunksOf(bytes, from + 4, to, depth + 1);
    else yield { name, from, to };
    at = to + ((to - from) % 2);
  }
}

/** Bytes of a sample's header, and where in it its first and last places and its kind stand. */
const SAMPLE_HEADER = { bytes: 46, start: 20, end: 24, kind: 44 };
/** Of the kind of a sample: it is compressed, and its places are bytes, not numbers of two. */
const COMPRESSED = 0x10;
/** Samples may share what they are made of, but not so often. */
const MOST_SHARED = 4;

/**
 * Whether the samples are said to be many times as long as the numbers that they are made of, which would be
 * copied for every one.
 */
export function isOverdrawn(bytes: Uint8Array): boolean {
  const view = viewOf(bytes);
  let [there, taken] = [0, 0];
  for (const { name, from, to } of chunksOf(bytes)) {
    if (name === 'smpl') there += to - from;
    if (name !== 'shdr') continue;
    for (let at = from; at + SAMPLE_HEADER.bytes <= to; at += SAMPLE_HEADER.bytes) {
      const [start, end] = [SAMPLE_HEADER.start, SAMPLE_HEADER.end].map((place) =>
        view.getUint32(at + place, true),
      );
      const isCompressed = (view.getUint16(at + SAMPLE_HEADER.kind, true) & COMPRESSED) !== 0;
      taken += Math.max(0, end - start) * (isCompressed ? 1 : 2);
    }
  }
  return taken > MOST_SHARED * there;
}

/** Lists whose entries say where in another list theirs begin: bytes of an entry, and of the other's. */
const POINTERS = [
  { list: 'phdr', bytes: 38, place: 24, other: 'pbag', otherBytes: 4 },
  { list: 'inst', bytes: 22, place: 20, other: 'ibag', otherBytes: 4 },
  { list: 'pbag', bytes: 4, place: 0, other: 'pgen', otherBytes: 4 },
  { list: 'ibag', bytes: 4, place: 0, other: 'igen', otherBytes: 4 },
  { list: 'pbag', bytes: 4, place: 2, other: 'pmod', otherBytes: 10 },
  { list: 'ibag', bytes: 4, place: 2, other: 'imod', otherBytes: 10 },
] as const;

/** Whether an entry is said to lie beyond the end of its list: all in between would be made up. */
export function pointsBeyond(bytes: Uint8Array): boolean {
  const view = viewOf(bytes);
  const chunks = new Map(Array.from(chunksOf(bytes), (chunk) => [chunk.name, chunk]));
  return POINTERS.some(({ list, bytes: size, place, other, otherBytes }) => {
    const [own, theirs] = [chunks.get(list), chunks.get(other)];
    if (own === undefined || theirs === undefined) return false;
    const count = Math.ceil((theirs.to - theirs.from) / otherBytes);
    for (let at = own.from; at + size <= own.to; at += size)
      if (view.getUint16(at + place, true) > count) return true;
    return false;
  });
}
