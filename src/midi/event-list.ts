import { MAX_WARNINGS, type MidiEvents, type MidiWarning } from './midi-file.js';

/** A message takes at least a delta time and a data byte. */
const LEAST_MESSAGE_BYTES = 2;

/** Channel messages in the making. */
export class EventList {
  length = 0;
  readonly tick: Uint32Array<ArrayBuffer>;
  readonly status: Uint8Array<ArrayBuffer>;
  readonly data1: Uint8Array<ArrayBuffer>;
  readonly data2: Uint8Array<ArrayBuffer>;
  private readonly track: Uint16Array<ArrayBuffer>;

  /** Has room for all messages that `bytes` bytes can hold, so that none has to ask for it. */
  constructor(bytes: number) {
    const capacity = Math.floor(bytes / LEAST_MESSAGE_BYTES);
    this.tick = new Uint32Array(capacity);
    this.status = new Uint8Array(capacity);
    this.data1 = new Uint8Array(capacity);
    this.data2 = new Uint8Array(capacity);
    this.track = new Uint16Array(capacity);
  }

  push(tick: number, status: number, data1: number, data2: number): void {
    const at = this.length++;
    this.tick[at] = tick;
    this.status[at] = status;
    this.data1[at] = data1;
    this.data2[at] = data2;
  }

  /** Says that the messages from index `from` on are of one track. */
  endTrack(track: number, from: number): void {
    this.track.fill(track, from, this.length);
  }

  /**
   * The messages so far, in arrays of just their length: the room they were made in is for the worst case.
   */
  toEvents(): MidiEvents {
    const { length } = this;
    return {
      length,
      tick: this.tick.slice(0, length),
      status: this.status.slice(0, length),
      data1: this.data1.slice(0, length),
      data2: this.data2.slice(0, length),
      track: this.track.slice(0, length),
    };
  }
}

/** Warnings in the making: keeps the first `MAX_WARNINGS` and counts the rest. */
export class WarningList {
  readonly kept: MidiWarning[] = [];
  count = 0;

  /** `fileOffset`: where in the file the bytes being read begin. */
  constructor(private readonly fileOffset: number) {}

  add(message: string, track: number, offset: number): void {
    if (this.count++ < MAX_WARNINGS) this.kept.push({ message, track, offset: this.fileOffset + offset });
  }
}
