import { CadenzaError } from '../errors.js';
import { SUSTAIN } from '../midi/controllers.js';
import { META_KEY_SIGNATURE, META_TEMPO, META_TIME_SIGNATURE, META_TRACK_NAME } from '../midi/meta.js';
import { TempoMap } from '../midi/tempo-map.js';
import { TrackWriter, writeMidi } from '../midi/write.js';
import { type NoteValue, onBeatGrid } from './beat-grid.js';
import { handsOf, LEFT } from './hands.js';
import { createNoteTable, type NoteTable } from './note-table.js';
import { type NotesOnTicks, notesOnTicks, toTick } from './on-ticks.js';
import type { Pedal } from './pedal.js';
import { pedallingOf } from './pedalling.js';
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
  readonly shape?: Shape;
}

/** How notes are laid out. They sound the same but for `grid`. */
export interface Shape {
  /**
   * Keys are held no longer than hands hold them, and the sustain pedal does the rest. Not beside a pedal of
   * one's own.
   */
  readonly isPedalled?: boolean;
  /** Right and left hand in a track each. */
  readonly hasHands?: boolean;
  /** Strikes and ends on lines of such note values. */
  readonly grid?: NoteValue;
}

const DEFAULT_TICKS_PER_BEAT = 960;
const MOST_MICROSECONDS_PER_BEAT = 0xffffff;

// The order of events on one tick: pedal, releases, strikes.
const PEDAL = 0;
const OFF = 1;
const ON = 2;

/**
 * The notes as a MIDI file of format 1: a track with tempo, metre and key, and a track with the program, the
 * pedal and the notes on channel 1; or of two, with a track for each hand.
 *
 * Reading it back gives as many notes, exactly those of `quantizeNotes`: times fall on the nearest tick, and
 * as a key cannot sound twice at once, a note ends at the latest where its pitch is struck again, two strikes
 * of one pitch are at least a tick apart (the later one moves), and no note is shorter than a tick.
 *
 * @throws CadenzaError if a note, the pedal or an option is out of range
 *
 * @example
 * import { writeFileSync } from 'node:fs';
 * import { builtInOpening, midiFromNotes } from 'cadenza';
 *
 * writeFileSync('opening.mid', midiFromNotes(builtInOpening(), { trackName: 'Piano' }));
 * console.log('written');
 */
export function midiFromNotes(notes: NoteTable, options: MidiFromNotesOptions = {}): Uint8Array {
  const { ticksPerBeat = DEFAULT_TICKS_PER_BEAT, program = 0, trackName, pedal } = options;
  const { microsecondsPerBeat = DEFAULT_MICROSECONDS_PER_BEAT, metre = COMMON_TIME, keySignature } = options;
  const { shape } = options;
  const tempoMap = tempoMapFor(options);
  const timing = new TrackWriter();
  timing.meta(0, META_TEMPO, tempoData(microsecondsPerBeat));
  timing.meta(0, META_TIME_SIGNATURE, metreData(metre));
  if (keySignature) timing.meta(0, META_KEY_SIGNATURE, keySignatureData(keySignature));

  const tracks = tracksOf(trackName, shape);
  tracks[0].event(0, 0xc0, program);
  const time = { ticksPerBeat, tempos: [], metres: [{ tick: 0, ...metre }], keys: [] };
  const placed = shape?.grid === undefined ? notes : onBeatGrid(notes, shape.grid, time, tempoMap);
  writeNotes(tracks, placed, tempoMap, { pedal, shape });
  return writeMidi(ticksPerBeat, [timing, ...tracks]);
}

/** A track of this name, or one for each hand, the right one first. */
export function tracksOf(name: string | undefined, shape: Shape = {}): TrackWriter[] {
  const suffixes = shape.hasHands ? ['right hand', 'left hand'] : [undefined];
  return suffixes.map((suffix) => {
    const track = new TrackWriter();
    const title = [name, suffix].filter(Boolean).join(', ');
    if (title !== '') track.meta(0, META_TRACK_NAME, new TextEncoder().encode(title));
    return track;
  });
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
 * Adds notes to a track, or to a right and a left hand's, on the nearest ticks.
 *
 * @param tracks as `tracksOf` gives them for this shape
 * @param channel 0 … 15; 0 by default
 * @throws CadenzaError if a note or the pedal is out of range
 */
export function writeNotes(
  tracks: readonly TrackWriter[],
  notes: NoteTable,
  tempoMap: TempoMap,
  options: { readonly channel?: number; readonly pedal?: Pedal; readonly shape?: Shape } = {},
): void {
  const { channel = 0, pedal, shape = {} } = options;
  const ticks = notesOnTicks(notes, tempoMap);
  const { source, startTick, endTick } = ticks;
  const hands = shape.isPedalled || shape.hasHands ? handsOf(notes) : undefined;
  const pedalling =
    shape.isPedalled && hands !== undefined
      ? pedallingOf(notes, ticks, hands, tempoMap)
      : { releaseTick: endTick, movements: pedal ? pedalByTick(pedal, tempoMap) : new Map<number, number>() };
  const trackOf = (n: number) => (shape.hasHands && hands?.[source[n]] === LEFT ? 1 : 0);
  const release = shape.hasHands
    ? handedOver(notes, ticks, pedalling.releaseTick, trackOf)
    : pedalling.releaseTick;
  const keys: number[][] = tracks.map(() => []);
  for (let n = 0; n < notes.length; n++) {
    const track = keys[trackOf(n)];
    track.push(eventKey(startTick[n], ON, notes.pitch[source[n]], notes.velocity[source[n]]));
    track.push(eventKey(release[n], OFF, notes.pitch[source[n]], 0));
  }
  // The foot belongs to both hands; the first track comes first within a tick.
  for (const [tick, value] of pedalling.movements) keys[0].push(eventKey(tick, PEDAL, SUSTAIN, value));
  for (const [t, track] of tracks.entries()) writeEvents(track, Float64Array.from(keys[t]).sort(), channel);
}

/**
 * (N) releases, a tick earlier where the left hand lets go a key that the right one strikes on that tick: of
 * two tracks the right hand's comes first, and the release would end the new note.
 */
function handedOver(
  { pitch }: NoteTable,
  { source, startTick }: NotesOnTicks,
  releaseTick: Float64Array,
  trackOf: (n: number) => number,
): Float64Array {
  const struck = new Set<number>();
  for (let n = 0; n < source.length; n++) {
    if (trackOf(n) === 0) struck.add(startTick[n] * 128 + pitch[source[n]]);
  }
  const isLate = (tick: number, n: number) => trackOf(n) === 1 && struck.has(tick * 128 + pitch[source[n]]);
  return releaseTick.map((tick, n) => (isLate(tick, n) ? Math.max(startTick[n], tick - 1) : tick));
}

function writeEvents(track: TrackWriter, keys: Float64Array, channel: number): void {
  for (const key of keys) {
    const rank = Math.floor(key / 0x4000) % 4;
    // A release is a strike of velocity 0, so that the running status lasts.
    track.event(
      Math.floor(key / 0x10000),
      (rank === PEDAL ? 0xb0 : 0x90) | channel,
      Math.floor(key / 0x80) % 0x80,
      key % 0x80,
    );
  }
}

/**
 * The notes exactly as they will be read back from the file that `midiFromNotes` writes with the same
 * options.
 *
 * @throws CadenzaError if a note or an option is out of range
 */
export function quantizeNotes(notes: NoteTable, options: MidiFromNotesOptions = {}): NoteTable {
  const tempoMap = tempoMapFor(options);
  const { source, startTick, endTick } = notesOnTicks(notes, tempoMap);
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

/** One number that sorts events: tick, rank, then their data bytes. Below 2^53, so exact. */
function eventKey(tick: number, rank: number, data1: number, data2: number): number {
  return ((tick * 4 + rank) * 128 + data1) * 128 + data2;
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
