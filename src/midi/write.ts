import { CadenzaError } from '../errors.js';

/** The largest delta time a file can hold. */
export const MAX_DELTA_TICKS = 0x0fffffff;

/** Meta event 0x2F of no bytes. */
const END_OF_TRACK = Uint8Array.of(0xff, 0x2f, 0x00);

/** The bytes of one track in the making. Events come in the order of their ticks. */
export class TrackWriter {
  private bytes = new Uint8Array(256);
  private length = 0;
  private tick = 0;
  private endTick = 0;
  private runningStatus = 0;

  /**
   * Adds a channel message.
   *
   * @param status 0x80 … 0xEF; programs (0xC0) and channel pressure (0xD0) have only `data1`
   * @throws CadenzaError if a byte is out of range, or the tick before the last one or too far from it
   */
  event(tick: number, status: number, data1: number, data2 = 0): void {
    const isByte = (value: number) => Number.isInteger(value) && value >= 0 && value <= 127;
    if (!(status >= 0x80 && status < 0xf0) || !isByte(data1) || !isByte(data2)) {
      throw new CadenzaError(
        `MIDI message ${status} ${data1} ${data2} is out of range; data bytes are 0 … 127`,
      );
    }
    this.advance(tick);
    if (status !== this.runningStatus) this.push(status);
    this.runningStatus = status;
    this.push(data1);
    if (status < 0xc0 || status >= 0xe0) this.push(data2);
  }

  /** Adds a meta event. `type` is 0 … 127, End of Track (0x2F) excepted: `finish` writes it. */
  meta(tick: number, type: number, payload: Uint8Array): void {
    this.advance(tick);
    this.runningStatus = 0; // meta events end it
    this.push(0xff);
    this.push(type);
    this.variableLength(payload.length);
    for (const byte of payload) this.push(byte);
  }

  /**
   * Adds a system exclusive message (`status` 0xF0), or its continuation (0xF7). `data` is what follows the
   * status, a closing 0xF7 included.
   */
  sysEx(tick: number, data: Uint8Array, status = 0xf0): void {
    this.advance(tick);
    this.runningStatus = 0;
    this.push(status);
    this.variableLength(data.length);
    for (const byte of data) this.push(byte);
  }

  /** Lets the track go on in silence up to a tick. */
  endAt(tick: number): void {
    this.endTick = Math.max(this.endTick, tick);
  }

  /** The track's chunk, header and End of Track included. More events may follow for a later `finish`. */
  finish(): Uint8Array {
    const { length, tick } = this;
    this.advance(Math.max(tick, this.endTick));
    const content = new Uint8Array(this.length + END_OF_TRACK.length);
    content.set(this.bytes.subarray(0, this.length));
    content.set(END_OF_TRACK, this.length);
    this.length = length;
    this.tick = tick;
    return chunk('MTrk', content);
  }

  private advance(tick: number): void {
    const delta = tick - this.tick;
    if (!Number.isInteger(delta) || delta < 0 || delta > MAX_DELTA_TICKS) {
      throw new CadenzaError(
        `MIDI event at tick ${tick} cannot follow tick ${this.tick}; sort events by tick`,
      );
    }
    this.variableLength(delta);
    this.tick = tick;
  }

  /** 7 bits a byte, most significant first, the high bit set on all but the last. */
  private variableLength(value: number): void {
    for (let shift = 21; shift > 0; shift -= 7) {
      if (value >> shift > 0) this.push(((value >> shift) & 0x7f) | 0x80);
    }
    this.push(value & 0x7f);
  }

  private push(byte: number): void {
    if (this.length === this.bytes.length) {
      const larger = new Uint8Array(2 * this.length);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes[this.length++] = byte;
  }
}

/**
 * A Standard MIDI File of the given tracks: format 0 for one track, 1 for more.
 *
 * @param ticksPerBeat 1 … 32767
 * @throws CadenzaError if `ticksPerBeat` is out of range
 */
export function writeMidi(ticksPerBeat: number, tracks: readonly TrackWriter[], format?: 0 | 1): Uint8Array {
  if (!Number.isInteger(ticksPerBeat) || ticksPerBeat < 1 || ticksPerBeat > 0x7fff) {
    throw new CadenzaError(`ticksPerBeat is ${ticksPerBeat}; give a whole number from 1 to 32767`);
  }
  return writeMidiOfDivision(ticksPerBeat, tracks, format);
}

/** The same for any division, as it stands in the header: ticks a beat, or SMPTE time code. */
export function writeMidiOfDivision(
  division: number,
  tracks: readonly TrackWriter[],
  format: 0 | 1 = tracks.length === 1 ? 0 : 1,
): Uint8Array {
  const header = [format, tracks.length, division].flatMap((n) => [n >> 8, n & 0xff]);
  const chunks = [chunk('MThd', Uint8Array.from(header)), ...tracks.map((track) => track.finish())];
  const file = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const bytes of chunks) {
    file.set(bytes, offset);
    offset += bytes.length;
  }
  return file;
}

function chunk(tag: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + content.length);
  for (let i = 0; i < 4; i++) bytes[i] = tag.charCodeAt(i);
  new DataView(bytes.buffer).setUint32(4, content.length);
  bytes.set(content, 8);
  return bytes;
}
