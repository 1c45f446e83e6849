/**
 * Parsed notes kept on disk by the content of the file they came from: a second run reads them back instead
 * of parsing, and a changed or moved file can never be taken for another.
 *
 * One file a piece, `notes-v<version>/<first two digits>/<SHA-256 of the MIDI file>-<reading>`, in the byte
 * order of the machine, so that the columns are views of what was read. N notes and M beats take
 * 64 + 18 N + 9 M bytes:
 *
 *     0   uint32      magic "CDZN"
 *     4   uint32      version
 *     8   uint32      CRC-32 of everything from byte 12 on
 *     12  uint32      N
 *     16  uint32      warnings of the reader
 *     20  uint32      how they were read: the place in `READINGS`
 *     24  uint8 (32)  SHA-256 of the MIDI file
 *     56  uint32      M, 0 where beats were not asked for
 *     60  uint32      0
 *     64  float64 (N) start, float64 (N) end, float64 (M) times of beats,
 *         uint8 (N) pitch, uint8 (N) velocity, uint8 (M) places of beats in their bars
 */
import { hash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { NoteCache, ParsedPiece } from '../../dataset/corpus.js';
import { READINGS, type Reading } from '../../notes/reading.js';

/** Raise it with every change of this layout or of the notes that reading a MIDI file yields. */
const VERSION = 3;
const MAGIC = 0x4e5a4443; // "CDZN" read as a little-endian word: a cache of the other byte order is a foreign file.
const HEADER_BYTES = 64;
const BYTES_PER_NOTE = 18;
const BYTES_PER_BEAT = 9;
const BEATS_AT = 56;

/** The name of a file's content: its SHA-256 as 64 hex digits. */
export function hashContent(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}

/**
 * Where caches live: `CADENZA_CACHE`, else `cadenza` in `XDG_CACHE_HOME`, else `~/.cache/cadenza`; undefined
 * when there is no home folder.
 */
export function defaultCacheFolder(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const { CADENZA_CACHE, XDG_CACHE_HOME } = environment;
  if (CADENZA_CACHE) return CADENZA_CACHE;
  // The XDG base directory specification has relative paths ignored.
  if (XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME)) return join(XDG_CACHE_HOME, 'cadenza');
  try {
    return join(homedir(), '.cache', 'cadenza');
  } catch {
    return undefined;
  }
}

/**
 * A note cache in `folder`, which is made when the first piece is kept. Files that are damaged, of another
 * version or no cache files at all count as absent. When a piece cannot be written (a read-only or full disk)
 * no other is tried: a cache is never a reason to fail.
 */
export function createNoteCache(folder: string): NoteCache {
  let writable = true;
  const pathOf = (contentHash: string, reading: Reading) =>
    join(folder, `notes-v${VERSION}`, contentHash.slice(0, 2), `${contentHash}-${reading}`);
  return {
    get(contentHash, reading) {
      try {
        return decode(readFileSync(pathOf(contentHash, reading)), contentHash, reading);
      } catch {
        return undefined;
      }
    },
    put(contentHash, reading, piece) {
      if (!writable) return;
      const path = pathOf(contentHash, reading);
      // No flush to disk: a file cut short by a crash fails its checksum and is written again.
      const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
      try {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(temporary, encode(contentHash, reading, piece), { flag: 'wx' });
        renameSync(temporary, path);
      } catch {
        writable = false;
        removeQuietly(temporary);
      }
    },
  };
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // What could not be written cannot always be removed either, and a stray temporary file is never read.
  }
}

function readingCode(reading: Reading): number {
  return Object.keys(READINGS).indexOf(reading);
}

/** The columns of N notes and M beats in a buffer laid out as above. */
function columnsOf(buffer: ArrayBuffer, length: number, beats: number) {
  const bytesAt = HEADER_BYTES + 16 * length + 8 * beats;
  return {
    length,
    start: new Float64Array(buffer, HEADER_BYTES, length),
    end: new Float64Array(buffer, HEADER_BYTES + 8 * length, length),
    pitch: new Uint8Array(buffer, bytesAt, length),
    velocity: new Uint8Array(buffer, bytesAt + length, length),
    ...(beats > 0 && {
      beats: {
        time: new Float64Array(buffer, HEADER_BYTES + 16 * length, beats),
        place: new Uint8Array(buffer, bytesAt + 2 * length, beats),
      },
    }),
  };
}

function encode(contentHash: string, reading: Reading, { notes, warnings }: ParsedPiece): Uint8Array {
  const beats = notes.beats?.time.length ?? 0;
  const buffer = new ArrayBuffer(HEADER_BYTES + BYTES_PER_NOTE * notes.length + BYTES_PER_BEAT * beats);
  const bytes = new Uint8Array(buffer);
  new Uint32Array(buffer, 0, 6).set([MAGIC, VERSION, 0, notes.length, warnings, readingCode(reading)]);
  new Uint32Array(buffer, BEATS_AT, 1)[0] = beats;
  bytes.set(Buffer.from(contentHash, 'hex'), 24);
  const columns = columnsOf(buffer, notes.length, beats);
  columns.start.set(notes.start);
  columns.end.set(notes.end);
  columns.pitch.set(notes.pitch);
  columns.velocity.set(notes.velocity);
  columns.beats?.time.set(notes.beats?.time ?? []);
  columns.beats?.place.set(notes.beats?.place ?? []);
  new Uint32Array(buffer, 0, 6)[2] = crc32(bytes.subarray(12));
  return bytes;
}

function decode(file: Buffer, contentHash: string, reading: Reading): ParsedPiece | undefined {
  if (file.length < HEADER_BYTES) return undefined;
  // A small Buffer is part of a shared pool: at an odd place, where no float64 view can begin, and not to be
  // given away to another thread.
  const bytes = file.buffer.byteLength === file.length ? file : new Uint8Array(file);
  const buffer = bytes.buffer as ArrayBuffer;
  const [magic, version, checksum, length, warnings, code] = new Uint32Array(buffer, 0, 6);
  const [beats] = new Uint32Array(buffer, BEATS_AT, 1);
  const isIntact =
    magic === MAGIC &&
    version === VERSION &&
    code === readingCode(reading) &&
    bytes.length === HEADER_BYTES + BYTES_PER_NOTE * length + BYTES_PER_BEAT * beats &&
    checksum === crc32(bytes.subarray(12)) &&
    Buffer.from(buffer, 24, 32).toString('hex') === contentHash;
  return isIntact ? { notes: columnsOf(buffer, length, beats), warnings } : undefined;
}
