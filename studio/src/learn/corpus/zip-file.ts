/** Reads the files of a zip archive that was dropped into the page, one at a time and nothing but those asked for. */
import { CadenzaError } from '../../../../src/index.js';

/** One file in an archive. */
export interface ZipMember {
  /** Path within the archive. */
  readonly name: string;
  /**
   * The unpacked content.
   * @throws CadenzaError when it is damaged, encrypted or longer than `maxBytes`
   */
  read(maxBytes: number): Promise<Uint8Array<ArrayBuffer>>;
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
/** The end of the directory with the longest comment an archive may have. */
const LONGEST_END = 22 + 65_535;
const LONGEST_DIRECTORY = 64 * 2 ** 20;
const METHODS = { stored: 0, deflated: 8 };

/**
 * The files of an archive, in its order.
 *
 * @throws CadenzaError when it is no archive, or damaged
 */
export async function listZip(archive: Blob, name: string): Promise<ZipMember[]> {
  const broken = () => new CadenzaError(`${name} is damaged or no zip archive; pack it again`);
  const tail = await view(archive, Math.max(0, archive.size - LONGEST_END), archive.size);
  let end = tail.byteLength - 22;
  while (end >= 0 && tail.getUint32(end, true) !== END_OF_DIRECTORY) end--;
  if (end < 0) throw broken();
  const [count, size, start] = [
    tail.getUint16(end + 10, true),
    tail.getUint32(end + 12, true),
    tail.getUint32(end + 16, true),
  ];
  if (count === 0xffff || start === 0xffffffff) {
    throw new CadenzaError(`${name} is too large an archive; unpack it and drop the folder`);
  }
  if (start + size > archive.size || size > LONGEST_DIRECTORY) throw broken();
  const directory = await view(archive, start, start + size);
  const members: ZipMember[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > size || directory.getUint32(at, true) !== DIRECTORY_ENTRY) throw broken();
    const u16 = (offset: number) => directory.getUint16(at + offset, true);
    const u32 = (offset: number) => directory.getUint32(at + offset, true);
    const nameEnd = at + 46 + u16(28);
    if (nameEnd > size) throw broken();
    const path = new TextDecoder().decode(new Uint8Array(directory.buffer, at + 46, u16(28)));
    const entry: Entry = {
      path: `${name}/${path}`,
      isEncrypted: (u16(8) & 1) === 1,
      method: u16(10),
      crc: u32(16),
      packed: u32(20),
      length: u32(24),
      header: u32(42),
    };
    if (!path.endsWith('/'))
      members.push({ name: path, read: (maxBytes) => readMember(archive, entry, maxBytes) });
    at = nameEnd + u16(30) + u16(32);
  }
  return members;
}

interface Entry {
  readonly path: string;
  readonly isEncrypted: boolean;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly length: number;
  readonly header: number;
}

async function readMember(archive: Blob, entry: Entry, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const { path, isEncrypted, method, packed, length, header } = entry;
  const damaged = () => new CadenzaError(`${path} is damaged in its archive; pack it again`);
  if (isEncrypted) throw new CadenzaError(`${path} is encrypted; unpack it first`);
  if (method !== METHODS.stored && method !== METHODS.deflated) {
    throw new CadenzaError(`${path} is packed in a way that is not known here; pack it again`);
  }
  if (length > maxBytes) throw new CadenzaError(`${path} is too long for a MIDI file`);
  const local = await view(archive, header, header + 30);
  if (local.byteLength < 30 || local.getUint32(0, true) !== LOCAL_HEADER) throw damaged();
  const start = header + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  const data = archive.slice(start, start + packed);
  const bytes = new Uint8Array(length);
  let filled = 0;
  try {
    const stream =
      method === METHODS.stored
        ? data.stream()
        : data.stream().pipeThrough(new DecompressionStream('deflate-raw'));
    // An archive may say less than it holds: what comes is counted.
    for (const reader = stream.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      if (filled + value.length > length) throw damaged();
      bytes.set(value, filled);
      filled += value.length;
    }
  } catch {
    throw damaged();
  }
  if (filled !== length || crc32(bytes) !== entry.crc) throw damaged();
  return bytes;
}

async function view(blob: Blob, from: number, to: number): Promise<DataView<ArrayBuffer>> {
  return new DataView(await blob.slice(from, to).arrayBuffer());
}

/** (256) what each byte adds to the sum. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum;
});

function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = CRC_TABLE[(sum ^ byte) & 0xff] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}
