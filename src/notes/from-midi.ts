import type { MidiFile } from '../midi/midi-file.js';
import { tempoMapOf } from '../midi/tempo-map.js';
import { createNoteTable, mergeNotes, type NoteTable } from './note-table.js';
import { NEVER_CLOSED, type Pairing, pairNotes } from './pairing.js';
import type { Pedal } from './pedal.js';

/** What one program plays on one channel of one track. */
export interface Instrument {
  /** Program number when its first note ended, 0 … 127; 0 is the grand piano. */
  readonly program: number;
  /** Whether it is the percussion channel, whose pitches name drums. */
  readonly isDrum: boolean;
  /** The track's name; empty if it has none. */
  readonly name: string;
  /** 0 … 15. */
  readonly channel: number;
  /** Index into the file's tracks. */
  readonly track: number;
  /** Ascending by start; notes of one start in the order in which they ended. */
  readonly notes: NoteTable;
  /** The sustain pedal of the channel in that track, from its beginning on. */
  readonly pedal: Pedal;
}

export interface NotesFromMidiOptions {
  /**
   * `first` (the default): the instrument that is the first to finish a note, pretty_midi's `instruments[0]`.
   * `all`: every instrument but drums, merged by start.
   */
  readonly instruments?: 'first' | 'all';
}

const DRUM_CHANNEL = 9;

/**
 * The instruments of a file and their notes: the same, in the same order, with the same times as pretty_midi
 * reads.
 */
export function instrumentsOf(midi: MidiFile): Instrument[] {
  const seconds = tempoMapOf(midi).secondsOf(midi.events.tick);
  const pairing = pairNotes(midi);
  const notes = notesByInstrument(midi, pairing, seconds);
  const pedals = pedalsByInstrument(midi, pairing, seconds);
  return pairing.instruments.map((key, i) => ({
    program: key.program,
    isDrum: key.channel === DRUM_CHANNEL,
    name: midi.tracks[key.track].name,
    channel: key.channel,
    track: key.track,
    notes: notes[i],
    pedal: pedals[i],
  }));
}

/**
 * The notes of a file as one table; empty if it has none.
 *
 * @example
 * import { readFileSync } from 'node:fs';
 * import { notesFromMidi, readMidi } from 'cadenza';
 *
 * const notes = notesFromMidi(readMidi(readFileSync('piece.mid')));
 * console.log(notes.length, notes.pitch[0], notes.start[0], notes.end[0]);
 */
export function notesFromMidi(midi: MidiFile, options: NotesFromMidiOptions = {}): NoteTable {
  const instruments = instrumentsOf(midi);
  if (options.instruments !== 'all') return instruments[0]?.notes ?? createNoteTable(0);
  return mergeNotes(
    instruments.filter((instrument) => !instrument.isDrum).map((instrument) => instrument.notes),
  );
}

function notesByInstrument(midi: MidiFile, pairing: Pairing, seconds: Float64Array): NoteTable[] {
  const { onEvent, offEvent } = pairing;
  const { data1, data2 } = midi.events;
  return strikesByInstrument(pairing).map((strikes) => {
    sortTies(strikes, pairing, seconds);
    const { length } = strikes;
    const notes = createNoteTable(length);
    const { pitch, velocity, start, end } = notes;
    for (let n = 0; n < length; n++) {
      const on = onEvent[strikes[n]];
      pitch[n] = data1[on];
      velocity[n] = data2[on];
      start[n] = seconds[on];
      end[n] = seconds[offEvent[strikes[n]]];
    }
    return notes;
  });
}

/** Indices of the closed notes of each instrument, in file order. */
function strikesByInstrument({ length, offEvent, instrument, instruments }: Pairing): Int32Array[] {
  const strikes = instruments.map(({ noteCount }) => new Int32Array(noteCount));
  const filled = new Uint32Array(instruments.length);
  for (let strike = 0; strike < length; strike++) {
    if (offEvent[strike] === NEVER_CLOSED) continue;
    const i = instrument[strike];
    strikes[i][filled[i]++] = strike;
  }
  return strikes;
}

/**
 * Sorts each run of equal starts by end in the file; what one note-off closed stays in order. They are sorted
 * by start already, being in file order within a track.
 */
function sortTies(strikes: Int32Array, { onEvent, offEvent }: Pairing, seconds: Float64Array): void {
  let runStart = 0;
  let isSorted = true;
  for (let n = 1; n <= strikes.length; n++) {
    if (n < strikes.length && seconds[onEvent[strikes[n]]] === seconds[onEvent[strikes[n - 1]]]) {
      isSorted &&= offEvent[strikes[n - 1]] <= offEvent[strikes[n]];
      continue;
    }
    if (!isSorted) strikes.subarray(runStart, n).sort((a, b) => offEvent[a] - offEvent[b] || a - b);
    runStart = n;
    isSorted = true;
  }
}

/** The pedal of each instrument; those of one channel in one track share theirs. */
function pedalsByInstrument(
  midi: MidiFile,
  { instruments, pedalEvent }: Pairing,
  seconds: Float64Array,
): Pedal[] {
  const { status, data2, track } = midi.events;
  const firstOn = new Map<number, number>(); // by track and channel
  const placeOf = (trackIndex: number, channel: number) => trackIndex * 16 + channel;
  const owner = instruments.map((instrument, i) => {
    const place = placeOf(instrument.track, instrument.channel);
    if (!firstOn.has(place)) firstOn.set(place, i);
    return firstOn.get(place) as number;
  });
  // Movements in runs of one channel, most often a single run.
  const runs: Int32Array[][] = instruments.map(() => []);
  const { length: movements } = pedalEvent;
  for (let from = 0, to = 0; from < movements; from = to) {
    const ofStatus = status[pedalEvent[from]];
    const ofTrack = track[pedalEvent[from]];
    while (to < movements && status[pedalEvent[to]] === ofStatus && track[pedalEvent[to]] === ofTrack) {
      to++;
    }
    const instrument = firstOn.get(placeOf(ofTrack, ofStatus & 0x0f));
    if (instrument !== undefined) runs[instrument].push(pedalEvent.subarray(from, to));
  }
  const pedals = runs.map((ofInstrument): Pedal => {
    const length = ofInstrument.reduce((total, run) => total + run.length, 0);
    const time = new Float64Array(length);
    const value = new Uint8Array(length);
    let p = 0;
    for (const run of ofInstrument) {
      for (let i = 0; i < run.length; i++, p++) {
        const event = run[i];
        time[p] = seconds[event];
        value[p] = data2[event];
      }
    }
    return { length, time, value };
  });
  return owner.map((first) => pedals[first]);
}
