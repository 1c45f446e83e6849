import { CadenzaError } from '../errors.js';
import { SUSTAIN } from '../midi/controllers.js';
import { META_KEY_SIGNATURE, META_TEMPO, META_TIME_SIGNATURE, META_TRACK_NAME } from '../midi/meta.js';
import { TempoMap } from '../midi/tempo-map.js';
import { MAX_DELTA_TICKS, TrackWriter, writeMidi } from '../midi/write.js';
import { createNoteTable, type NoteTable } from './note-table.js';
import type { Pedal } from './pedal.js';
import { COMMON_TIME, DEFAULT_MICROSECONDS_PER_BEAT, type KeySignature, type Metre } from './time-grid.js';

export interface MidiFromNotesOptions {
  /** Resolution, 1 … 32767; 960 (0.52 ms) by default. pretty_midi writes 220 (2.3 ms). */
  readonly ticksPerBeat?: number;
  /** Tempo, 1 … 16777215; 500,000, which is 120 beats a minute, by default. */
  readonly microsecondsPerBeat?: number;
  /** 4/4 by default. */
  readonly metre?: Metre;
  /** None by default. */
  readonly keySignature?: KeySignature;
  /** Program number, 0 … 127; 0, a grand piano, by default. */
  readonly program?: number;
  /** Name of the track with the notes; none by default. */
  readonly trackName?: string;
  /** Sustain pedal to write along; of movements on one tick the last counts. */
  readonly pedal?: Pedal;
}

/** Notes on the ticks they are written at, in the order in which they will be read back. */
interface QuantizedNotes {
  /** (N) index into the table given. */
  readonly source: Uint32Array;
  /** (N) */
  readonly startTick: Float64Array;
  /** (N) */
  readonly endTick: Float64Array;
}

const DEFAULT_TICKS_PER_BEAT = 960;
const MOST_MICROSECONDS_PER_BEAT = 0xffffff;

// The order of events on one tick: pedal, releases, strikes.
const PEDAL = 0;
const OFF = 1;
const ON = 2;

/**
 * The notes as a MIDI file of format 1: a track with tempo, metre and key, and a track with the program, the pedal and the
 * notes on channel 1.
 *
 * Reading it back gives as many notes, exactly those of `quantizeNotes`: times fall on the nearest tick, and as a key
 * cannot sound twice at once, a note ends at the latest where its pitch is struck again, two strikes of one pitch are at
 * least a tick apart (the later one moves), and no note is shorter than a tick.
 *
 * @throws CadenzaError if a note, the pedal or an option is out of range
 */
export function midiFromNotes(notes: NoteTable, options: MidiFromNotesOptions = {}): Uint8Array {
  const { ticksPerBeat = DEFAULT_TICKS_PER_BEAT, program = 0, trackName, pedal } = options;
  const { microsecondsPerBeat = DEFAULT_MICROSECONDS_PER_BEAT, metre = COMMON_TIME, keySignature } = options;
  const tempoMap = tempoMapFor(options);
  const timing = new TrackWriter();
  timing.meta(0, META_TEMPO, tempoData(microsecondsPerBeat));
  timing.meta(0, META_TIME_SIGNATURE, metreData(metre));
  if (keySignature) timing.meta(0, META_KEY_SIGNATURE, keySignatureData(keySignature));

  const track = new TrackWriter();
  if (trackName) track.meta(0, META_TRACK_NAME, new TextEncoder().encode(trackName));
  track.event(0, 0xc0, program);
  writeNotes(track, notes, tempoMap, { pedal });
  return writeMidi(ticksPerBeat, [timing, track]);
}

/** Three bytes: microseconds in a quarter note. */
export function tempoData(microsecondsPerBeat: number): Uint8Array {
  return Uint8Array.of(microsecondsPerBeat >> 16, microsecondsPerBeat >> 8, microsecondsPerBeat);
}

/** The denominator as a power of two, 24 clocks a metronome click, 8 thirty-seconds a quarter note. */
export function metreData({ numerator, denominator }: Metre): Uint8Array {
  return Uint8Array.of(numerator, Math.log2(denominator), 24, 8);
}

export function keySignatureData({ sharps, minor }: KeySignature): Uint8Array {
  return Uint8Array.of(sharps, Number(minor));
}

/**
 * Adds notes to a track, on the nearest ticks.
 *
 * @param channel 0 … 15; 0 by default
 * @throws CadenzaError if a note or the pedal is out of range
 */
export function writeNotes(
  track: TrackWriter,
  notes: NoteTable,
  tempoMap: TempoMap,
  { channel = 0, pedal }: { readonly channel?: number; readonly pedal?: Pedal } = {},
): void {
  const { source, startTick, endTick } = quantize(notes, tempoMap);
  const movements = pedal ? pedalByTick(pedal, tempoMap) : new Map<number, number>();
  const keys = new Float64Array(2 * notes.length + movements.size);
  let k = 0;
  for (let n = 0; n < notes.length; n++) {
    const i = source[n];
    keys[k++] = eventKey(startTick[n], ON, notes.pitch[i], notes.velocity[i]);
    keys[k++] = eventKey(endTick[n], OFF, notes.pitch[i], 0);
  }
  for (const [tick, value] of movements) keys[k++] = eventKey(tick, PEDAL, SUSTAIN, value);
  keys.sort();
  for (const key of keys) {
    const kind = Math.floor(key / 0x4000) % 4;
    // A release is a strike of velocity 0, so that the running status lasts.
    track.event(
      Math.floor(key / 0x10000),
      (kind === PEDAL ? 0xb0 : 0x90) | channel,
      Math.floor(key / 0x80) % 0x80,
      key % 0x80,
    );
  }
}

/**
 * The notes exactly as they will be read back from the file that `midiFromNotes` writes with the same options.
 *
 * @throws CadenzaError if a note or an option is out of range
 */
export function quantizeNotes(notes: NoteTable, options: MidiFromNotesOptions = {}): NoteTable {
  const tempoMap = tempoMapFor(options);
  const { source, startTick, endTick } = quantize(notes, tempoMap);
  const quantized = createNoteTable(notes.length);
  for (let n = 0; n < notes.length; n++) {
    quantized.pitch[n] = notes.pitch[source[n]];
    quantized.velocity[n] = notes.velocity[source[n]];
    quantized.start[n] = tempoMap.secondsAt(startTick[n]);
    quantized.end[n] = tempoMap.secondsAt(endTick[n]);
  }
  return quantized;
}

function tempoMapFor({
  ticksPerBeat = DEFAULT_TICKS_PER_BEAT,
  microsecondsPerBeat = DEFAULT_MICROSECONDS_PER_BEAT,
}: MidiFromNotesOptions): TempoMap {
  const check = (name: string, value: number, most: number) => {
    if (Number.isInteger(value) && value >= 1 && value <= most) return;
    throw new CadenzaError(`${name} is ${value}; give a whole number from 1 to ${most}`);
  };
  check('ticksPerBeat', ticksPerBeat, 0x7fff);
  check('microsecondsPerBeat', microsecondsPerBeat, MOST_MICROSECONDS_PER_BEAT);
  return TempoMap.ofBeats(ticksPerBeat, [{ tick: 0, microsecondsPerBeat }]);
}

/** One number that sorts events: tick, kind, then their data bytes. Below 2^53, so exact. */
function eventKey(tick: number, kind: number, data1: number, data2: number): number {
  return ((tick * 4 + kind) * 128 + data1) * 128 + data2;
}

function quantize(notes: NoteTable, tempoMap: TempoMap): QuantizedNotes {
  const { length, pitch } = notes;
  for (let i = 0; i < length; i++) checkNote(notes, i);
  const starts = Float64Array.from(notes.start, (seconds) => toTick(seconds, tempoMap));
  const ends = Float64Array.from(notes.end, (seconds) => toTick(seconds, tempoMap));

  const inTime = Uint32Array.from(starts.keys()).sort((a, b) => notes.start[a] - notes.start[b] || a - b);
  const previous = new Int32Array(128).fill(-1); // the last note of each pitch
  for (const i of inTime) {
    const before = previous[pitch[i]];
    if (before >= 0) {
      starts[i] = Math.max(starts[i], starts[before] + 1);
      ends[before] = Math.min(ends[before], starts[i]);
    }
    ends[i] = Math.max(ends[i], starts[i] + 1);
    previous[pitch[i]] = i;
  }
  // Read back, notes of one start come in the order of their releases, which the file has by pitch.
  const source = inTime.sort((a, b) => starts[a] - starts[b] || ends[a] - ends[b] || pitch[a] - pitch[b]);
  return {
    source,
    startTick: Float64Array.from(source, (i) => starts[i]),
    endTick: Float64Array.from(source, (i) => ends[i]),
  };
}

function checkNote({ pitch, velocity, start, end }: NoteTable, i: number): void {
  if (pitch[i] > 127) throw new CadenzaError(`note ${i}: pitch is ${pitch[i]}; MIDI has 0 … 127`);
  if (velocity[i] < 1 || velocity[i] > 127) {
    throw new CadenzaError(`note ${i}: velocity is ${velocity[i]}; MIDI has 1 … 127`);
  }
  // Written so that NaN fails too.
  if (!(start[i] >= 0)) throw new CadenzaError(`note ${i}: start is ${start[i]} s; times count from 0`);
  if (!(end[i] >= start[i]))
    throw new CadenzaError(`note ${i}: end is ${end[i]} s, before its start at ${start[i]} s`);
}

/** The latest time that is written, in whole seconds. */
export function latestSeconds(tempoMap: TempoMap): number {
  return Math.floor(tempoMap.secondsAt(MAX_DELTA_TICKS / 2));
}

/** The tick of a time that is known to be 0 or more. */
function toTick(seconds: number, tempoMap: TempoMap): number {
  const tick = tempoMap.tickAt(seconds);
  if (tick <= MAX_DELTA_TICKS / 2) return tick;
  throw new CadenzaError(
    `a time of ${seconds} s is too late for a MIDI file; at this resolution ${latestSeconds(tempoMap)} s is the latest`,
  );
}

/** Value of the pedal by tick; a later movement on a tick replaces an earlier one. */
function pedalByTick({ length, time, value }: Pedal, tempoMap: TempoMap): Map<number, number> {
  const byTick = new Map<number, number>();
  for (let i = 0; i < length; i++) {
    if (!(time[i] >= 0))
      throw new CadenzaError(`pedal movement ${i}: time is ${time[i]} s; times count from 0`);
    if (value[i] > 127) throw new CadenzaError(`pedal movement ${i}: value is ${value[i]}; MIDI has 0 … 127`);
    byTick.set(toTick(time[i], tempoMap), value[i]);
  }
  return byTick;
}
