/**
 * What was played on from a file, as a MIDI file that fits it: in its tempo, metre and key, alone or behind
 * the events of the file as they are.
 */
import { CadenzaError } from '../errors.js';
import { copyTracks } from '../midi/copy-track.js';
import { inTimeOrder } from '../midi/merge-tracks.js';
import type { MidiFile } from '../midi/midi-file.js';
import { heardTempoMapOf, TempoMap } from '../midi/tempo-map.js';
import { writeMidiOfDivision } from '../midi/write.js';
import { onBeatGrid } from './beat-grid.js';
import { type Beats, barAround, barsOf, beatAt, beatsUpTo, tempoAtBeat } from './beats.js';
import { channelStateAt } from './channel-state.js';
import { keyOf, LOWEST_PITCH } from './grid.js';
import { CHANNELS, NEVER, pairStrikes } from './key-releases.js';
import { listen } from './listen.js';
import type { NoteTable } from './note-table.js';
import { latestSeconds } from './on-ticks.js';
import { soundOf } from './sounding-keys.js';
import { barLineBefore, DEFAULT_MICROSECONDS_PER_BEAT, heldAt, timeGridOf } from './time-grid.js';
import { midiFromNotes, type Shape, tracksOf, writeNotes } from './to-midi.js';
import { shiftNotes } from './transform.js';

const DRUM_CHANNEL = 9;
/** A longer tick than this moves notes by more than can be left unsaid; seconds. */
const LONG_TICK = 0.002;

/** Where a file is played on from. */
export interface Place {
  /** Seconds; what is played counts from there. */
  readonly at: number;
  /** Whether the file is cut off there; else it is its end. */
  readonly isCut: boolean;
  /** Tempo there of a file that says none, as those in SMPTE time; 120 beats a minute by default. */
  readonly microsecondsPerBeat?: number;
  /** The beats of the piece, where they are known better than the file says. */
  readonly beats?: Beats;
  /** Seconds from which what is played counts, where that is a little before the place. */
  readonly from?: number;
}

/**
 * Only what was played, seconds after the place: tempo, metre and key are those that hold there, and the file
 * begins with the bar in which the place lies, so that bar lines stay where they are.
 */
export function playedFile(
  primer: MidiFile,
  place: Place,
  notes: NoteTable,
  trackName: string,
  shape?: Shape,
): Uint8Array {
  const { tick, grid, ticksPerBeat, microsecondsPerBeat, metre, lead } = timingAt(primer, place);
  return midiFromNotes(shiftNotes(notes, lead), {
    ticksPerBeat,
    microsecondsPerBeat,
    metre,
    keySignature: heldAt(grid.keys, tick),
    program: channelStateAt(primer, mainChannelOf(primer), tick).program,
    trackName,
    shape,
  });
}

/**
 * What holds at a place, how long its bar has gone on, and how fine ticks are in a file of what is played.
 */
function timingAt(primer: MidiFile, place: Place) {
  const grid = timeGridOf(primer);
  const tick = heardTempoMapOf(primer).tickAt(place.at);
  const own = primer.ticksPerSecond === undefined ? grid.ticksPerBeat : DEFAULT_TICKS;
  if (place.beats !== undefined) {
    const bar = barWith(place.beats, place.from ?? place.at);
    // Bars of six eighths are as long as those of three quarters: what the file says is what is meant.
    const said = heldAt(grid.metres, tick);
    const isMeant = said !== undefined && 4 * said.numerator === said.denominator * bar.metre.numerator;
    return {
      tick,
      grid,
      ...bar,
      ...(isMeant && { metre: said }),
      ticksPerBeat: fineEnough(own, bar.microsecondsPerBeat),
    };
  }
  const { microsecondsPerBeat = DEFAULT_MICROSECONDS_PER_BEAT } = heldAt(grid.tempos, tick) ?? place;
  const saysBars = primer.ticksPerSecond === undefined && (grid.tempos.length > 0 || grid.metres.length > 0);
  const secondsPerTick = microsecondsPerBeat / 1e6 / grid.ticksPerBeat;
  const lead = saysBars ? (tick - barLineBefore(grid, tick)) * secondsPerTick : 0;
  const ticksPerBeat = fineEnough(own, microsecondsPerBeat);
  return { tick, grid, microsecondsPerBeat, metre: heldAt(grid.metres, tick), lead, ticksPerBeat };
}

/** Tempo and metre at a time, and seconds since its bar line. */
export function barWith(all: Beats, seconds: number) {
  const beats = beatsUpTo(all, seconds);
  const at = beatAt(beats, seconds);
  // A beat that is a little late begins its bar all the same.
  const { from, beats: length } = barAround(barsOf(beats), at + EARLY);
  const tempo = tempoAtBeat(beats, at);
  return {
    microsecondsPerBeat: Math.round(6e7 / tempo),
    metre: { numerator: length, denominator: 4 },
    lead: Math.max(0, ((at - from) * 60) / tempo),
  };
}

/** Where nothing says how many ticks a beat has. */
export const DEFAULT_TICKS = 480;
const MOST_TICKS_PER_BEAT = 0x7fff;
/** Part of a beat by which what is early belongs to it. */
const EARLY = 1 / 48;
/** More seconds than a bar takes; it may stand before what is played. */
const ONE_BAR = 60;

/** The ticks a beat, or the least multiple of them with ticks that are not long. */
export function fineEnough(
  ticksPerBeat: number,
  microsecondsPerBeat = DEFAULT_MICROSECONDS_PER_BEAT,
): number {
  const factor = Math.ceil(microsecondsPerBeat / 1e6 / LONG_TICK / ticksPerBeat);
  return factor * ticksPerBeat <= MOST_TICKS_PER_BEAT ? Math.max(1, factor) * ticksPerBeat : ticksPerBeat;
}

/**
 * The file, every event where it was, and what was played, seconds after the place, in a track of its own, or
 * one a hand. Of a file that is cut off, what comes later is left out, and a key that sounds over the cut is
 * held until `releaseOf` its pitch, seconds after the place.
 *
 * @throws CadenzaError if a grid is asked for and the file has no beats
 */
export function continuedFile(
  primer: MidiFile,
  place: Place,
  notes: NoteTable,
  releaseOf: (pitch: number) => number,
  trackName: string,
  shape?: Shape,
): Uint8Array {
  if (shape?.grid !== undefined && primer.ticksPerSecond !== undefined) {
    throw new CadenzaError(
      `${primer.name}: counts its time in SMPTE frames, so there are no beats for a grid`,
    );
  }
  const lastTick = lastTickOf(primer, place);
  const map = tempoMapOf(primer, lastTick);
  const cutTick = map.tickAt(place.at);
  const held = place.isCut
    ? heldOver(primer, lastTick, cutTick, (pitch) => map.tickAt(place.at + releaseOf(pitch)))
    : new Map<number, number>();
  const tracks = copyTracks(primer, {
    lastTick,
    has: (event) => primer.events.tick[event] <= lastTick && !held.has(event),
  });
  const added = primer.tracks.map((): [tick: number, status: number, data1: number][] => []);
  for (const [event, tick] of held) {
    const { status, data1, track } = primer.events;
    // An index below 0 stands for a strike without a release of its own.
    const source = event < 0 ? ~event : event;
    added[track[source]].push([tick, 0x80 | (status[source] & 0x0f), data1[source]]);
  }
  for (const [t, writer] of tracks.entries()) {
    for (const [tick, status, data1] of added[t].sort((a, b) => a[0] - b[0]))
      writer.event(tick, status, data1);
    writer.endAt(Math.min(primer.tracks[t].endTick, lastTick));
  }
  const unmoved = shiftNotes(notes, place.from ?? place.at);
  const absolute =
    shape?.grid === undefined ? unmoved : onBeatGrid(unmoved, shape.grid, timeGridOf(primer), map, cutTick);
  const begin = Math.min(cutTick, map.tickAt(absolute.start[0] ?? place.at));
  const hands = tracksOf(trackName, shape);
  const [played] = hands;
  // A pedal that is still down would hold what it holds to the end of what comes.
  for (const channel of channelsOf(primer)) {
    for (const pedal of channelStateAt(primer, channel, lastTick).pedals)
      played.event(begin, 0xb0 | channel, pedal);
  }
  const { channel, setup } = ownChannel(primer, lastTick);
  for (const [kind, data1, data2] of setup) played.event(begin, kind | channel, data1, data2);
  writeNotes(hands, absolute, map, { channel, shape });
  return writeMidiOfDivision(primer.division, [...tracks, ...hands], 1);
}

/**
 * A channel that the file does not use, and what makes it sound as the one that plays most: so its keys and
 * pedals are kept apart. Where all are used, that one itself.
 */
export function ownChannel(primer: MidiFile, lastTick: number) {
  const main = mainChannelOf(primer);
  const used = channelsOf(primer);
  for (let channel = 0; channel < CHANNELS; channel++) {
    if (channel === DRUM_CHANNEL || used.has(channel)) continue;
    return { channel, setup: channelStateAt(primer, main, lastTick).setup };
  }
  return { channel: main, setup: [] };
}

/** The last tick of which anything is kept. */
function lastTickOf(primer: MidiFile, { at, isCut }: Place): number {
  if (!isCut) return Number.POSITIVE_INFINITY;
  const map = heardTempoMapOf(primer);
  const nearest = map.tickAt(at);
  return map.secondsAt(nearest) < at ? nearest : nearest - 1;
}

/** The tempo map of what is kept of a file. */
function tempoMapOf(primer: MidiFile, lastTick: number): TempoMap {
  return heardTempoMapOf({ ...primer, tempos: primer.tempos.filter(({ tick }) => tick <= lastTick) });
}

/**
 * How long a tick of a file is at a place, in seconds, if so long that what is written behind the file is
 * moved by it.
 */
export function longTickAt(primer: MidiFile, { at }: Place): number | undefined {
  const map = heardTempoMapOf(primer);
  const tick = map.tickAt(at);
  const seconds = map.secondsAt(tick + 1) - map.secondsAt(tick);
  return seconds > LONG_TICK ? seconds : undefined;
}

/**
 * Seconds that can be written after a place, alone or behind the file: ticks are counted, and not without
 * end.
 */
export function longestSeconds(primer: MidiFile, place: Place, withPrimer: boolean): number {
  if (withPrimer) return latestSeconds(tempoMapOf(primer, lastTickOf(primer, place))) - place.at;
  const { ticksPerBeat, microsecondsPerBeat } = timingAt(primer, place);
  return latestSeconds(TempoMap.ofBeats(ticksPerBeat, [{ tick: 0, microsecondsPerBeat }])) - ONE_BAR;
}

/**
 * The releases of keys that sound over a cut, and the ticks to which they move: by event, or ~event of the
 * strike where no event releases it. Of several keys of a pitch the last one is held.
 */
function heldOver(
  primer: MidiFile,
  lastTick: number,
  cutTick: number,
  tickOf: (pitch: number) => number,
): Map<number, number> {
  const order = inTimeOrder(primer.events);
  const strikes = pairStrikes(primer, order);
  const { end } = soundOf(primer, order, strikes);
  const { tick, status, data1 } = primer.events;
  const moved = new Map<number, number>();
  const isTaken = new Set<number>();
  for (let strike = strikes.length - 1; strike >= 0; strike--) {
    const on = strikes.event[strike];
    if (tick[on] > lastTick || end[strike] <= lastTick || strikes.isDrum[strike]) continue;
    const pitch = keyOf(data1[on]) + LOWEST_PITCH;
    const release = strikes.releasedAt[strike] === NEVER ? undefined : order[strikes.releasedAt[strike]];
    const isKey = release !== undefined && status[release] >> 4 <= 0x9;
    moved.set(isKey ? release : ~on, isTaken.has(pitch) ? cutTick : Math.max(cutTick, tickOf(pitch)));
    isTaken.add(pitch);
  }
  return moved;
}

/** The channel that plays most of a file's notes; 0 where there are none. */
function mainChannelOf(midi: MidiFile): number {
  const counts = new Uint32Array(CHANNELS);
  for (const channel of listen(midi).notes.channel) counts[channel]++;
  return counts.indexOf(Math.max(...counts));
}

/** The channels of which a file says anything. */
function channelsOf({ events: { length, status } }: MidiFile): Set<number> {
  const channels = new Set<number>();
  for (let event = 0; event < length; event++) channels.add(status[event] & 0x0f);
  return channels;
}
