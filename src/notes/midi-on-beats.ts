/** Notes as a MIDI file whose bars and tempo are those of given beats. */
import { META_TEMPO, META_TIME_SIGNATURE } from '../midi/meta.js';
import { TempoMap } from '../midi/tempo-map.js';
import { TrackWriter, writeMidi } from '../midi/write.js';
import { BarGrid } from './bar-grid.js';
import { onBeatGrid } from './beat-grid.js';
import type { Beats } from './beats.js';
import type { NoteTable } from './note-table.js';
import { noteTracks, type PartTracks } from './part-tracks.js';
import type { Pedal } from './pedal.js';
import { type MidiFromNotesOptions, metreData, tempoData } from './to-midi.js';
import { shiftNotes } from './transform.js';

const TICKS_PER_BEAT = 960;
/** MIDI has three bytes for the microseconds of a beat: 16.8 seconds. */
const MOST_MICROSECONDS = 0xffffff;
/** Tempos that differ by less are one: what is left of rounding times. */
const SAME_TEMPO = 2e-5;

/** What of {@link MidiFromNotesOptions} is left to choose. */
export type MidiOnBeatsOptions = Pick<MidiFromNotesOptions, 'trackName' | 'pedal' | 'shape'> & {
  /** Parts of the notes, which get a track each. */
  readonly parts?: PartTracks;
};

/**
 * The notes as a MIDI file in which bars, metre and tempo are those of the beats. It begins with the bar in
 * which time 0 lies: where that bar began earlier, all comes later by as much.
 *
 * @throws CadenzaError if a note or the pedal is out of range
 *
 * @example
 * import { writeFileSync } from 'node:fs';
 * import { builtInOpening, evenBeats, midiOnBeats } from 'cadenza';
 *
 * writeFileSync('waltz.mid', midiOnBeats(builtInOpening(), evenBeats(0, 90, 3), { trackName: 'Piano' }));
 * console.log('written');
 */
export function midiOnBeats(notes: NoteTable, beats: Beats, options: MidiOnBeatsOptions = {}): Uint8Array {
  const { pedal, shape } = options;
  const grid = new BarGrid(beats);
  const { bar: first } = grid.placeAt(0);
  const lead = Math.max(0, -grid.secondsOf(first));
  const end = notes.end.reduce((latest, time) => Math.max(latest, time), 0);
  const timing = new TrackWriter();
  const tempos: { tick: number; microsecondsPerBeat: number }[] = [];
  const metres: { tick: number; numerator: number; denominator: number }[] = [];
  for (let [bar, tick] = [first, 0]; ; bar++) {
    const count = grid.beatsIn(bar);
    if (count !== metres.at(-1)?.numerator) {
      metres.push({ tick, numerator: count, denominator: 4 });
      timing.meta(tick, META_TIME_SIGNATURE, metreData({ numerator: count, denominator: 4 }));
    }
    for (let beat = 1; beat <= count; beat++, tick += TICKS_PER_BEAT) {
      const seconds = grid.secondsOf(bar, beat + 1) - grid.secondsOf(bar, beat);
      const before = tempos.at(-1)?.microsecondsPerBeat ?? 0;
      if (Math.abs(seconds * 1e6 - before) <= before * SAME_TEMPO) continue;
      const microsecondsPerBeat = Math.min(MOST_MICROSECONDS, Math.max(1, Math.round(seconds * 1e6)));
      tempos.push({ tick, microsecondsPerBeat });
      timing.meta(tick, META_TEMPO, tempoData(microsecondsPerBeat));
    }
    if (grid.secondsOf(bar + 1) >= end) break;
  }
  const tempoMap = TempoMap.ofBeats(TICKS_PER_BEAT, tempos);
  const moved = shiftNotes(notes, lead);
  const time = { ticksPerBeat: TICKS_PER_BEAT, tempos: [], metres, keys: [] };
  const placed = shape?.grid === undefined ? moved : onBeatGrid(moved, shape.grid, time, tempoMap);
  const tracks = noteTracks(placed, tempoMap, { ...options, ...(pedal && { pedal: later(pedal, lead) }) });
  return writeMidi(TICKS_PER_BEAT, [timing, ...tracks]);
}

const later = ({ time, ...rest }: Pedal, seconds: number): Pedal => ({
  ...rest,
  time: time.map((each) => each + seconds),
});
