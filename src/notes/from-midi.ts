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

/** The instruments of a file and their notes: the same, in the same order, with the same times as pretty_midi reads. */
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

/** The notes of a file as one table; empty if it has none. */
export function notesFromMidi(midi: MidiFile, options: NotesFromMidiOptions = {}): NoteTable {
  const instruments = instrumentsOf(midi);
  if (options.instruments !== 'all') return instruments[0]?.notes ?? createNoteTable(0);
  return mergeNotes(
    instruments.filter((instrument) => !instrument.isDrum).map((instrument) => instrument.notes),
  );
}

function notesByInstrument(midi: MidiFile, pairing: Pairing, seconds: Float64Array): NoteTable[] {
  const { onEvent, offEvent, rank, instrument } = pairing;
  const { data1, data2 } = midi.events;
  const counts = new Uint32Array(pairing.instruments.length);
  let closed = 0;
  for (let strike = 0; strike < rank.length; strike++) {
    if (rank[strike] === NEVER_CLOSED) continue;
    counts[instrument[strike]]++;
    closed++;
  }
  const strikeOf = new Int32Array(closed); // by rank
  const ranks = Array.from(counts, (count) => new Int32Array(count)); // by instrument, in order of start
  const filled = new Uint32Array(counts.length);
  for (let strike = 0; strike < rank.length; strike++) {
    if (rank[strike] === NEVER_CLOSED) continue;
    strikeOf[rank[strike]] = strike;
    const i = instrument[strike];
    ranks[i][filled[i]++] = rank[strike];
  }
  const startOf = (ofRank: number) => seconds[onEvent[strikeOf[ofRank]]];

  return ranks.map((order) => {
    sortTies(order, startOf);
    const notes = createNoteTable(order.length);
    for (let n = 0; n < order.length; n++) {
      const strike = strikeOf[order[n]];
      const on = onEvent[strike];
      notes.pitch[n] = data1[on];
      notes.velocity[n] = data2[on];
      notes.start[n] = seconds[on];
      notes.end[n] = seconds[offEvent[strike]];
    }
    return notes;
  });
}

/** Sorts each run of equal starts by rank: `order` is sorted by start already, being in file order within a track. */
function sortTies(order: Int32Array, startOf: (rank: number) => number): void {
  let runStart = 0;
  let isSorted = true;
  for (let n = 1; n <= order.length; n++) {
    if (n < order.length && startOf(order[n]) === startOf(order[runStart])) {
      isSorted &&= order[n - 1] < order[n];
      continue;
    }
    if (!isSorted) order.subarray(runStart, n).sort();
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
  for (let from = 0, to = 0; from < pedalEvent.length; from = to) {
    const event = pedalEvent[from];
    while (
      to < pedalEvent.length &&
      status[pedalEvent[to]] === status[event] &&
      track[pedalEvent[to]] === track[event]
    ) {
      to++;
    }
    const instrument = firstOn.get(placeOf(track[event], status[event] & 0x0f));
    if (instrument !== undefined) runs[instrument].push(pedalEvent.subarray(from, to));
  }
  const pedals = runs.map((ofInstrument): Pedal => {
    const length = ofInstrument.reduce((total, run) => total + run.length, 0);
    const time = new Float64Array(length);
    const value = new Uint8Array(length);
    let p = 0;
    for (const run of ofInstrument) {
      for (let i = 0; i < run.length; i++, p++) {
        time[p] = seconds[run[i]];
        value[p] = data2[run[i]];
      }
    }
    return { length, time, value };
  });
  return owner.map((first) => pedals[first]);
}
