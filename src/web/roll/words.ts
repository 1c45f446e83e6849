/** The roll in words: the read-out under the pointer, and what a screen reader says. */
import type { BarGrid } from '../../notes/bar-grid.js';
import { noteName } from '../../notes/note-name.js';
import type { RollEvents, Selection, View } from './roll-types.js';
import { timeLabel } from './ticks.js';

/** Chords that are said; more nobody keeps in mind. */
const MOST_CHORDS_SAID = 8;

/** The read-out for what the pointer is over. */
export function hoverInWords(hover: RollEvents['hover'], bars?: BarGrid): string {
  if (hover === undefined) return '';
  const { note, time, pitch } = hover;
  const when = (seconds: number) =>
    bars === undefined ? timeLabel(seconds, 2) : `${timeLabel(seconds, 2)} · ${placeLabel(seconds, bars)}`;
  if (note === undefined) return `${noteName(pitch)} · ${when(time)}`;
  const lasts = Number.isFinite(note.end) ? `${(note.end - note.start).toFixed(2)} s` : 'sounding';
  return `${noteName(note.pitch)} · velocity ${note.velocity} · ${when(note.start)} · ${lasts}`;
}

/** A place as musicians write it: "5.2", with the part of the beat after a plus. */
export function placeLabel(seconds: number, bars: BarGrid): string {
  const { bar, beat, part } = bars.placeAt(seconds);
  const hundredths = Math.floor(100 * part + 1e-6);
  return `${bar}.${beat}${hundredths > 0 ? `+${String(hundredths).padStart(2, '0')}` : ''}`;
}

/** What is known of a roll when it is described. */
export interface RollFacts {
  readonly notes: number;
  readonly duration: number;
  readonly view: View;
  readonly playhead: number | undefined;
  readonly marker: number | undefined;
  readonly markerLabel: string;
  /** Bars to count by; seconds where undefined. */
  readonly bars?: BarGrid;
  readonly selection: Selection | undefined;
  readonly selectedNotes: number;
  /** Names of the chords that are shown, in time. */
  readonly chords?: readonly string[];
}

/** What is shown, as a sentence or two. */
export function rollInWords(facts: RollFacts): string {
  if (facts.notes === 0) return 'No notes yet.';
  const { selection, view, bars } = facts;
  const at = (seconds: number) => (bars === undefined ? spoken(seconds) : spokenPlace(seconds, bars));
  const sentences = [
    `${count(facts.notes, 'note')} in ${spoken(facts.duration)}; shown from ${at(view.start)} to ${at(view.end)}.`,
  ];
  if (facts.playhead !== undefined) sentences.push(`Playhead at ${at(facts.playhead)}.`);
  if (facts.marker !== undefined) sentences.push(`At ${at(facts.marker)}: ${facts.markerLabel}.`);
  if (selection !== undefined) {
    const { start, end, lowest, highest } = selection;
    const pitches =
      lowest === undefined || highest === undefined ? '' : `, ${noteName(lowest)} to ${noteName(highest)}`;
    const notes = count(facts.selectedNotes, 'note');
    sentences.push(`Selected: ${at(start)} to ${at(end)}${pitches}, ${notes}.`);
  }
  if (facts.chords && facts.chords.length > 0)
    sentences.push(`Chords: ${facts.chords.slice(0, MOST_CHORDS_SAID).join(', ')}.`);
  return sentences.join(' ');
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** A time as it is said: "1 minute 2.5 seconds". */
function spoken(seconds: number): string {
  const tenths = Math.round(Math.max(0, seconds) * 10);
  const minutes = Math.floor(tenths / 600);
  const rest = count((tenths % 600) / 10, 'second');
  return minutes === 0 ? rest : `${count(minutes, 'minute')} ${rest}`;
}

/** A place as it is said: "bar 5", "bar 5 beat 2". */
function spokenPlace(seconds: number, bars: BarGrid): string {
  const { bar, beat, part } = bars.placeAt(seconds);
  return beat === 1 && part < 0.01 ? `bar ${bar}` : `bar ${bar} beat ${Number((beat + part).toFixed(2))}`;
}
