import { CadenzaError } from '../errors.js';
import { CHUNK_HEADER, findInRiff, findTag, hasTag, isChunk, uint16, uint32 } from './chunks.js';
import { WarningList } from './event-list.js';
import type { MidiFile } from './midi-file.js';
import { PADDING, TrackReader } from './read-track.js';

/** What to assume where a file does not say: the usual resolution. */
const DEFAULT_TICKS_PER_BEAT = 480;
const MAX_TRACKS = 0xffff;

/** What people take for MIDI files, by their first bytes. */
const OTHER_FILES: readonly [bytes: string, advice: string][] = [
  ['PK', 'a zip archive: unpack it first'],
  ['\x1f\x8b', 'a gzip archive: unpack it first'],
  ['RIFF', 'RIFF data such as a WAV recording, not MIDI: give a .mid file'],
  ['ID3', 'an MP3 recording: give a .mid file'],
  ['<', 'XML or a web page: export or download it as MIDI'],
  ['version https://git-lfs', 'a Git LFS pointer: run "git lfs pull"'],
];

interface Header {
  readonly format: 0 | 1 | 2;
  /** Undefined where there is no header to say. */
  readonly trackCount: number | undefined;
  readonly ticksPerBeat: number;
  readonly ticksPerSecond: number | undefined;
  readonly division: number;
  /** Offset of the first chunk behind it. */
  readonly end: number;
}

/**
 * Reads a Standard MIDI File of any format, bare or in a RIFF wrapper.
 *
 * Damage is survived where anything can be read: what is wrong is listed in `warnings`, with the track and
 * the byte offset. Memory stays in proportion to the file's length, whatever lengths it claims.
 *
 * @param name what to call the file in messages, usually its path
 * @throws CadenzaError if no track can be read
 *
 * @example
 * import { readFileSync } from 'node:fs';
 * import { readMidi } from 'cadenza';
 *
 * const midi = readMidi(readFileSync('piece.mid'), 'piece.mid');
 * console.log(midi.tracks.length, midi.ticksPerBeat);
 */
export function readMidi(bytes: Uint8Array, name = 'MIDI data'): MidiFile {
  if (bytes.length === 0)
    throw new CadenzaError(`${name}: the file is empty (0 bytes); get it again from where it came from`);
  const region = findInRiff(bytes) ?? { start: 0, end: bytes.length };
  const end = region.end - region.start;
  const data = new Uint8Array(end + PADDING);
  data.set(bytes.subarray(region.start, region.end));
  const warnings = new WarningList(region.start);

  const header = readHeader(data, end, warnings) ?? fail(bytes, region.start, name);
  const reader = new TrackReader(data, end, warnings);
  readChunks(data, end, header.end, reader, warnings);
  const { tracks } = reader;
  if (tracks.length === 0) {
    const where = `no track ("MTrk") from byte ${region.start + header.end} to its end at byte ${region.end}`;
    throw new CadenzaError(`${name}: ${where}; the file is cut off or damaged: get a whole copy of it`);
  }
  if (reader.eventCount === 0 && reader.announcedSize > 0) {
    const where = `no event can be read in its tracks, which begin at byte ${region.start + header.end}`;
    throw new CadenzaError(`${name}: ${where}; the file is cut off or damaged: get a whole copy of it`);
  }
  if (header.trackCount !== undefined && header.trackCount !== tracks.length) {
    warnings.add(`the header announces ${header.trackCount} tracks, the file has ${tracks.length}`, -1, 10);
  }
  return {
    name,
    format: header.format,
    ticksPerBeat: header.ticksPerBeat,
    ticksPerSecond: header.ticksPerSecond,
    division: header.division,
    events: reader.events.toEvents(),
    tracks,
    tempos: reader.tempos,
    timeSignatures: reader.timeSignatures,
    keySignatures: reader.keySignatures,
    texts: reader.texts,
    messages: reader.messages,
    warnings: warnings.kept,
    warningCount: warnings.count,
  };
}

/** Finds and reads the header; undefined if the data has neither a header nor a track. */
function readHeader(data: Uint8Array, end: number, warnings: WarningList): Header | undefined {
  const start = findTag(data, 'MThd', 0, end);
  if (start < 0 || start + 14 > end) {
    const track = findTag(data, 'MTrk', 0, end);
    if (track < 0) return undefined;
    warnings.add(`no header: taken for format 1 with ${DEFAULT_TICKS_PER_BEAT} ticks a beat`, -1, 0);
    return {
      format: 1,
      trackCount: undefined,
      ticksPerBeat: DEFAULT_TICKS_PER_BEAT,
      ticksPerSecond: undefined,
      division: DEFAULT_TICKS_PER_BEAT,
      end: track,
    };
  }
  if (start > 0) warnings.add(`${start} bytes before the header: skipped`, -1, 0);
  const size = uint32(data, start + 4);
  const proper = start + CHUNK_HEADER + 6;
  let next = start + CHUNK_HEADER + size;
  if (size !== 6) {
    warnings.add(`header of ${size} bytes, not 6`, -1, start + 4);
    if (next < proper || !isChunk(data, next, end)) next = proper;
  }
  const format = uint16(data, start + 8);
  if (format > 2) warnings.add(`unknown format ${format}: read like format 1`, -1, start + 8);
  if (format === 2)
    warnings.add('format 2: its independent tracks are read as simultaneous ones', -1, start + 8);
  return {
    format: format === 0 || format === 2 ? format : 1,
    trackCount: uint16(data, start + 10),
    ...readDivision(uint16(data, start + 12), start + 12, warnings),
    end: next,
  };
}

/** Ticks per beat, or if negative: −frames per second in the high byte, ticks per frame in the low one. */
function readDivision(division: number, offset: number, warnings: WarningList) {
  if (division > 0 && division < 0x8000)
    return { division, ticksPerBeat: division, ticksPerSecond: undefined };
  const rate = 256 - (division >> 8);
  const ticksPerFrame = division & 0xff;
  if (ticksPerFrame === 0) {
    warnings.add(`division of 0 ticks: taken for ${DEFAULT_TICKS_PER_BEAT} ticks a beat`, -1, offset);
    const ticksPerBeat = DEFAULT_TICKS_PER_BEAT;
    return { division: ticksPerBeat, ticksPerBeat, ticksPerSecond: undefined };
  }
  if (![24, 25, 29, 30].includes(rate))
    warnings.add(`unknown SMPTE rate of ${rate} frames a second: taken as it stands`, -1, offset);
  // 29 stands for the 30000/1001 frames a second of NTSC drop-frame time code.
  const framesPerSecond = rate === 29 ? 30000 / 1001 : rate;
  return { division, ticksPerBeat: DEFAULT_TICKS_PER_BEAT, ticksPerSecond: framesPerSecond * ticksPerFrame };
}

function readChunks(
  data: Uint8Array,
  end: number,
  start: number,
  reader: TrackReader,
  warnings: WarningList,
): void {
  let at = start;
  while (at < end) {
    if (reader.tracks.length === MAX_TRACKS) {
      warnings.add(`more than ${MAX_TRACKS} tracks: the rest is left out`, -1, at);
      return;
    }
    if (hasTag(data, at, 'MTrk') && at + CHUNK_HEADER <= end) {
      at = reader.read(at + CHUNK_HEADER, uint32(data, at + 4));
    } else if (hasTag(data, at, 'MThd')) {
      warnings.add('a second MIDI file begins here: left out', -1, at);
      return;
    } else if (isChunk(data, at, end)) {
      const tag = String.fromCharCode(...data.subarray(at, at + 4));
      warnings.add(`unknown chunk "${tag}": skipped`, -1, at);
      at += CHUNK_HEADER + uint32(data, at + 4);
    } else {
      const next = findTag(data, 'MTrk', at + 1, end);
      const skipped = (next < 0 ? end : next) - at;
      warnings.add(`${skipped} bytes that belong to no track: skipped`, -1, at);
      if (next < 0) return;
      at = next;
    }
  }
}

/** Says what the bytes are instead of a MIDI file. */
function fail(bytes: Uint8Array, start: number, name: string): never {
  if (hasTag(bytes, start, 'MThd')) {
    const where = `the file ends at byte ${bytes.length}, inside its header`;
    throw new CadenzaError(`${name}: ${where}; get a whole copy of it`);
  }
  if (start === bytes.length) {
    const where = `no "MThd" from byte ${start} to its end`;
    throw new CadenzaError(`${name}: not a MIDI file, ${where}; get a whole copy of it`);
  }
  const found = [...bytes.subarray(start, start + 4)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(' ');
  const other = OTHER_FILES.find(([tag]) => hasTag(bytes, start, tag));
  const isRiffMidi = hasTag(bytes, start, 'RIFF') && hasTag(bytes, start + 8, 'RMID');
  const looks = isRiffMidi ? 'a RIFF MIDI file without its "data": get a whole copy of it' : other?.[1];
  const advice = looks ? `this looks like ${looks}` : 'give a Standard MIDI File (.mid)';
  throw new CadenzaError(`${name}: not a MIDI file, no "MThd" from byte ${start} on but ${found}; ${advice}`);
}
