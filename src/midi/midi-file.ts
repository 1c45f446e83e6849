/**
 * What a Standard MIDI File holds, as `readMidi` hands it on: channel messages as a struct of arrays, the few
 * meta events the library uses as small lists. Times are absolute ticks from the start of their track.
 *
 * Specification: MIDI 1.0, "Standard MIDI Files 1.0" (RP-001).
 */
export interface MidiFile {
  /** What the file is called in messages. */
  readonly name: string;
  /** 0: one track; 1: simultaneous tracks; 2: independent tracks (read like format 1, with a warning). */
  readonly format: 0 | 1 | 2;
  /** Ticks in a quarter note, 1 … 32767. Of no meaning where `ticksPerSecond` is set. */
  readonly ticksPerBeat: number;
  /** Set in files whose ticks are SMPTE frames: those ignore tempo events. */
  readonly ticksPerSecond: number | undefined;
  /** How a tick is counted, as the header has it: ticks a beat, or SMPTE time code. */
  readonly division: number;
  /** Channel messages: track after track, in file order within each, so ticks ascend within a track. */
  readonly events: MidiEvents;
  readonly tracks: readonly MidiTrack[];
  readonly tempos: readonly MidiTempo[];
  readonly timeSignatures: readonly MidiTimeSignature[];
  readonly keySignatures: readonly MidiKeySignature[];
  readonly texts: readonly MidiText[];
  /**
   * All that is no channel message, as it stands: meta events but End of Track, system exclusive messages.
   */
  readonly messages: readonly MidiMessage[];
  /** What was wrong with the file and how it was read all the same; the first `MAX_WARNINGS` are kept. */
  readonly warnings: readonly MidiWarning[];
  /** Number of warnings, those not kept included. */
  readonly warningCount: number;
}

/** Channel messages (status 0x80 … 0xEF), E of them. */
export interface MidiEvents {
  /** Number of messages, E. */
  readonly length: number;
  /** (E) ticks from the start of the track. */
  readonly tick: Uint32Array;
  /** (E) kind in the high half (0x8 note off … 0xE pitch bend), channel 0 … 15 in the low half. */
  readonly status: Uint8Array;
  /** (E) first data byte: the pitch of a note, the number of a controller or program. */
  readonly data1: Uint8Array;
  /** (E) second data byte: a velocity or a controller's value; 0 where the message has only one. */
  readonly data2: Uint8Array;
  /** (E) index into `MidiFile.tracks`. */
  readonly track: Uint16Array;
}

export interface MidiTrack {
  /** The track's name; empty if it has none. */
  readonly name: string;
  /** Tick of the track's last event of any kind. */
  readonly endTick: number;
}

export interface MidiTempo {
  readonly tick: number;
  readonly track: number;
  /** Microseconds in a quarter note, 1 … 16777215. */
  readonly microsecondsPerBeat: number;
}

export interface MidiTimeSignature {
  readonly tick: number;
  readonly track: number;
  readonly numerator: number;
  /** A power of two. */
  readonly denominator: number;
}

export interface MidiKeySignature {
  readonly tick: number;
  readonly track: number;
  /** Sharps, negative for flats. −7 … 7 by the specification; found outside that in real files. */
  readonly sharps: number;
  readonly minor: boolean;
}

export interface MidiText {
  readonly tick: number;
  readonly track: number;
  /**
   * Meta event type: 1 text, 2 copyright, 3 track name, 4 instrument, 5 lyric, 6 marker, 7 cue point … 15.
   */
  readonly type: number;
  readonly text: string;
}

/** A meta event or a system exclusive message. */
export interface MidiMessage {
  readonly tick: number;
  readonly track: number;
  /** It stands before the channel message of this index. */
  readonly before: number;
  /** 0xFF meta event, 0xF0 system exclusive, 0xF7 its continuation, or bytes to be sent as they are. */
  readonly status: number;
  /** Of a meta event, 0 … 255; −1 otherwise. */
  readonly type: number;
  /** What follows status, type and length; of a system exclusive message its closing 0xF7 included. */
  readonly data: Uint8Array;
}

export interface MidiWarning {
  readonly message: string;
  /** Index of the track, or −1 for the file as a whole. */
  readonly track: number;
  /** Offset in bytes from the start of the file. */
  readonly offset: number;
}

/** How many warnings a file keeps; a damaged file could otherwise fill the memory with them. */
export const MAX_WARNINGS = 50;

/** A warning as one line: file, what was wrong and how it was read, place. */
export function describeWarning(midi: MidiFile, warning: MidiWarning): string {
  const place = warning.track < 0 ? '' : `track ${warning.track}, `;
  return `${midi.name}: ${warning.message} (${place}byte ${warning.offset})`;
}
