/** The roll in words: the read-out under the pointer, and what a screen reader says. */
import { noteName } from '../../notes/note-name.js';
import { timeLabel } from './geometry.js';
import type { RollEvents, Selection, View } from './roll-types.js';

/** Chords that are said; more nobody keeps in mind. */
const MOST_CHORDS_SAID = 8;

/** The read-out for what the pointer is over. */
export function hoverInWords(hover: RollEvents['hover']): string {
  if (hover === undefined) return '';
  const { note, time, pitch } = hover;
  if (note === undefined) return `${noteName(pitch)} · ${timeLabel(time, 2)}`;
  const lasts = Number.isFinite(note.end) ? `${(note.end - note.start).toFixed(2)} s` : 'sounding';
  return `${noteName(note.pitch)} · velocity ${note.velocity} · ${timeLabel(note.start, 2)} · ${lasts}`;
}

/** What is known of a roll when it is described. */
export interface RollFacts {
  readonly notes: number;
  readonly duration: number;
  readonly view: View;
  readonly playhead: number | undefined;
  readonly marker: number | undefined;
  readonly markerLabel: string;
  readonly selection: Selection | undefined;
  readonly selectedNotes: number;
  /** Names of the chords that are shown, in time. */
  readonly chords?: readonly string[];
}

/** What is shown, as a sentence or two. */
export function rollInWords(facts: RollFacts): string {
  if (facts.notes === 0) return 'No notes yet.';
  const { selection, view } = facts;
  const sentences = [
    `${count(facts.notes, 'note')} in ${spoken(facts.duration)}; shown from ${spoken(view.start)} to ${spoken(view.end)}.`,
  ];
  if (facts.playhead !== undefined) sentences.push(`Playhead at ${spoken(facts.playhead)}.`);
  if (facts.marker !== undefined) sentences.push(`At ${spoken(facts.marker)}: ${facts.markerLabel}.`);
  if (selection !== undefined) {
    const { start, end, lowest, highest } = selection;
    const pitches =
      lowest === undefined || highest === undefined ? '' : `, ${noteName(lowest)} to ${noteName(highest)}`;
    const notes = count(facts.selectedNotes, 'note');
    sentences.push(`Selected: ${spoken(start)} to ${spoken(end)}${pitches}, ${notes}.`);
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
