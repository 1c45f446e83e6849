import { findTag, hasTag, isChunk } from './chunks.js';
import { EventList, type WarningList } from './event-list.js';
import {
  META_END_OF_TRACK,
  META_KEY_SIGNATURE,
  META_LAST_TEXT,
  META_TEMPO,
  META_TIME_SIGNATURE,
  META_TRACK_NAME,
} from './meta.js';
import type {
  MidiKeySignature,
  MidiMessage,
  MidiTempo,
  MidiText,
  MidiTimeSignature,
  MidiTrack,
} from './midi-file.js';
import { decodeText } from './text.js';

/**
 * Bytes that must follow the end of the data, so that no event needs its bounds checked before it is read.
 */
export const PADDING = 8;

/** The largest delta time and length the specification allows: 4 bytes of 7 bits. */
const MAX_VLQ = 0x0fffffff;
const MAX_TICK = 0xffffffff;
/** Up to here ticks are small integers for the engine, and no sum of a few exceeds `MAX_TICK`. */
const SMALL_TICK = 0x3fff0000;

/** Data bytes of the system messages 0xF0 … 0xFE, of those that have a fixed number. */
const SYSTEM_MESSAGE_LENGTH = [0, 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/** Reads track after track into one list of events. */
export class TrackReader {
  readonly events: EventList;
  readonly tracks: MidiTrack[] = [];
  readonly tempos: MidiTempo[] = [];
  readonly timeSignatures: MidiTimeSignature[] = [];
  readonly keySignatures: MidiKeySignature[] = [];
  readonly texts: MidiText[] = [];
  readonly messages: MidiMessage[] = [];
  /** Events read of any kind, and the bytes that the chunk headers announce for them. */
  eventCount = 0;
  announcedSize = 0;

  /** Offset of the next byte to be read. */
  private position = 0;
  // Of the track being read:
  private tick = 0;
  private name = '';
  private runningStatus = 0;
  private hasNotes = false;

  /** `bytes`: `end` bytes of data and `PADDING` zeros. */
  constructor(
    private readonly bytes: Uint8Array,
    private readonly end: number,
    private readonly warnings: WarningList,
  ) {
    this.events = new EventList(end);
  }

  /**
   * Reads the track whose events begin at `start` and, by its chunk header, take `size` bytes. Returns the
   * offset where the next chunk should begin.
   *
   * A length that leads to another chunk or to the end of the file is believed: what crosses it is damaged,
   * what follows an early End of Track still counts (as for pretty_midi). Any other length is wrong, and the
   * track goes on to its End of Track or the next track's header.
   */
  read(start: number, size: number): number {
    const { bytes, events } = this;
    const track = this.tracks.length;
    const declaredEnd = start + size;
    const believed = declaredEnd === this.end || isChunk(bytes, declaredEnd, this.end);
    const limit = believed ? declaredEnd : this.end;
    this.announcedSize += size;
    this.tick = 0;
    this.name = '';
    this.hasNotes = false;
    this.runningStatus = 0;
    const firstEvent = events.length;
    let ended = false;
    let position = start;

    while (position < limit) {
      if (believed && !ended) {
        position = this.readPlainMessages(position, limit);
        if (position === limit) break;
      } else if (hasTag(bytes, position, 'MTrk')) {
        break;
      }
      const eventStart = position;
      this.position = position;
      let delta = bytes[position];
      if (delta < 0x80) this.position++;
      else delta = this.readVariableLength();

      let status = bytes[this.position];
      if (status >= 0x80) {
        this.position++;
      } else if (this.runningStatus === 0) {
        this.skipToStatus(limit);
        position = this.position;
        if (position >= limit || bytes[position] < 0x80) continue;
        status = bytes[this.position++];
      } else {
        status = this.runningStatus;
      }
      this.tick = Math.min(this.tick + delta, MAX_TICK);

      let type = -1;
      let data1 = 0;
      let data2 = 0;
      let length = 0;
      if (status < 0xf0) {
        this.runningStatus = status;
        data1 = this.readDataByte();
        if (status < 0xc0 || status >= 0xe0) data2 = this.readDataByte();
      } else if (status === 0xff) {
        type = bytes[this.position++];
        length = this.readVariableLength();
      } else if (status === 0xf0 || status === 0xf7) {
        length = this.readVariableLength();
      } else {
        this.warnAt(eventStart, `system message 0x${status.toString(16)}, which no file may hold: skipped`);
        length = SYSTEM_MESSAGE_LENGTH[status - 0xf0];
      }

      const payload = this.position;
      position = payload + length;
      if (position > limit) {
        this.warnAt(eventStart, 'the track is cut off inside this event: left out');
        // Where the length was wrong there may be tracks yet behind the damage.
        const next = believed ? -1 : findTag(bytes, 'MTrk', eventStart + 1, limit);
        position = next < 0 ? limit : next;
        ended = true;
        break;
      }
      this.eventCount++;
      if (status < 0xf0) {
        events.push(this.tick, status, data1, data2);
        this.hasNotes ||= status < 0xa0;
      } else if (type === META_END_OF_TRACK) {
        ended = true;
        if (!believed) break;
        if (position < limit && !hasTag(bytes, position, 'MTrk')) {
          this.warnAt(eventStart, 'End of Track before the end of the track: read on');
        }
      } else if (type >= 0 || status === 0xf0 || status === 0xf7) {
        const data = bytes.slice(payload, position);
        this.messages.push({ tick: this.tick, track, before: events.length, status, type, data });
        if (type >= 0) this.readMeta(type, payload, length);
      }
    }
    position = Math.min(position, limit);
    events.endTrack(track, firstEvent);
    if (position !== declaredEnd) {
      this.warnAt(start - 4, `track length ${size} is wrong: the track takes ${position - start} bytes`);
    }
    if (!ended) this.warnAt(position, 'no End of Track');
    this.tracks.push({ name: this.name, endTick: this.tick });
    return position;
  }

  /**
   * Reads messages of two data bytes after a delta time of one, which is nearly all there is, up to the first
   * of another kind; returns the offset of that. Whether a message has a status or runs on under the last one
   * is decided without a branch: it changes as it likes, and every wrong guess costs the processor dear.
   */
  private readPlainMessages(start: number, limit: number): number {
    const { bytes, events } = this;
    const { tick: ticks, status: statuses, data1: firsts, data2: seconds } = events;
    let { tick, runningStatus } = this;
    let position = start;
    let count = events.length;
    let notes = 0; // negative as soon as there is one
    while (position + 4 <= limit && tick < SMALL_TICK) {
      const delta = bytes[position];
      const next = bytes[position + 1];
      const hasStatus = next >> 7;
      const status = runningStatus ^ ((runningStatus ^ next) & -hasStatus);
      const data1 = bytes[position + hasStatus + 1];
      const data2 = bytes[position + hasStatus + 2];
      // Bytes of the proper range, and a status of 0x80 to 0xBF.
      if ((((delta | data1 | data2) & 0x80) | ((status ^ 0x80) & 0xc0)) !== 0) break;
      tick += delta;
      ticks[count] = tick;
      statuses[count] = status;
      firsts[count] = data1;
      seconds[count] = data2;
      count++;
      notes |= (status & 0x20) - 1;
      runningStatus = status;
      position += hasStatus + 3;
    }
    this.eventCount += count - events.length;
    events.length = count;
    this.tick = tick;
    this.runningStatus = runningStatus;
    this.hasNotes ||= notes < 0;
    return position;
  }

  private warnAt(offset: number, message: string): void {
    this.warnings.add(message, this.tracks.length, offset);
  }

  /** Goes on to the next status byte, track header or the limit. */
  private skipToStatus(limit: number): void {
    const { bytes } = this;
    this.warnAt(this.position, 'data byte without a status: skipped to the next status byte');
    while (this.position < limit && bytes[this.position] < 0x80 && !hasTag(bytes, this.position, 'MTrk')) {
      this.position++;
    }
  }

  /**
   * A variable-length quantity at the current position: 7 bits a byte, the high bit set on all but the last.
   */
  private readVariableLength(): number {
    const start = this.position;
    let value = 0;
    let byte: number;
    do {
      byte = this.bytes[this.position++];
      value = value * 128 + (byte & 0x7f);
    } while (byte >= 0x80);
    if (this.position - start > 4) {
      this.warnAt(start, `variable-length quantity of ${this.position - start} bytes, of at most 4`);
      value = Math.min(value, MAX_VLQ);
    }
    return value;
  }

  private readDataByte(): number {
    const byte = this.bytes[this.position++];
    if (byte < 0x80) return byte;
    this.warnAt(this.position - 1, `data byte ${byte}, of at most 127: read as 127`);
    return 127;
  }

  private readMeta(type: number, at: number, length: number): void {
    const { bytes, tick } = this;
    const track = this.tracks.length;
    if (type <= META_LAST_TEXT && type > 0) {
      const text = decodeText(bytes.subarray(at, at + length));
      if (length > 0) this.texts.push({ tick, track, type, text });
      // As in pretty_midi the last name before the notes counts; after them a first one is better than none.
      if (type === META_TRACK_NAME && (!this.hasNotes || this.name === '')) this.name = text;
    } else if (type === META_TEMPO && this.hasLength(type, at, length, 3, 3)) {
      const microsecondsPerBeat = (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2];
      if (microsecondsPerBeat === 0) {
        this.warnAt(at, 'tempo of 0 microseconds a beat: left out');
      } else {
        const isFirstMisplaced = track > 0 && !this.tempos.at(-1)?.track;
        if (isFirstMisplaced)
          this.warnAt(
            at,
            'tempo outside track 0: it and those that follow are heard, but not by pretty_midi',
          );
        this.tempos.push({ tick, track, microsecondsPerBeat });
      }
    } else if (type === META_TIME_SIGNATURE && this.hasLength(type, at, length, 4, 2)) {
      this.timeSignatures.push({ tick, track, numerator: bytes[at], denominator: 2 ** bytes[at + 1] });
    } else if (type === META_KEY_SIGNATURE && this.hasLength(type, at, length, 2, 2)) {
      const sharps = (bytes[at] << 24) >> 24;
      if (Math.abs(sharps) > 7) this.warnAt(at, `key signature of ${sharps} sharps, of at most 7 either way`);
      this.keySignatures.push({ tick, track, sharps, minor: bytes[at + 1] !== 0 });
    }
  }

  /** Warns of a meta event whose length is not `proper`; false if it is too short to be understood. */
  private hasLength(type: number, at: number, length: number, proper: number, needed: number): boolean {
    if (length !== proper) {
      const what = length < needed ? 'left out' : 'its first bytes count';
      this.warnAt(at, `meta event 0x${type.toString(16)} of ${length} bytes, not ${proper}: ${what}`);
    }
    return length >= needed;
  }
}
