import { MAX_WARNINGS, type MidiEvents, type MidiWarning } from './midi-file.js';

/** Channel messages in the making: typed arrays that double when full, so never far larger than what was read. */
export class EventList {
  private length = 0;
  private tick: Uint32Array<ArrayBuffer>;
  private status: Uint8Array<ArrayBuffer>;
  private data1: Uint8Array<ArrayBuffer>;
  private data2: Uint8Array<ArrayBuffer>;
  private track: Uint16Array<ArrayBuffer>;

  constructor(capacity: number) {
    this.tick = new Uint32Array(capacity);
    this.status = new Uint8Array(capacity);
    this.data1 = new Uint8Array(capacity);
    this.data2 = new Uint8Array(capacity);
    this.track = new Uint16Array(capacity);
  }

  push(tick: number, status: number, data1: number, data2: number, track: number): void {
    const at = this.length++;
    if (at === this.tick.length) this.grow();
    this.tick[at] = tick;
    this.status[at] = status;
    this.data1[at] = data1;
    this.data2[at] = data2;
    this.track[at] = track;
  }

  private grow(): void {
    const capacity = 2 * this.tick.length + 16;
    this.tick = copied(this.tick, new Uint32Array(capacity));
    this.status = copied(this.status, new Uint8Array(capacity));
    this.data1 = copied(this.data1, new Uint8Array(capacity));
    this.data2 = copied(this.data2, new Uint8Array(capacity));
    this.track = copied(this.track, new Uint16Array(capacity));
  }

  /** The messages so far, in arrays of just their length. */
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

function copied<T extends Uint8Array | Uint16Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
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
