/** A take at a glance: its own notes as small strokes. */
import { memo } from 'preact/compat';
import { createNoteTable, notesOfKeys } from '../../../src/index.js';
import type { Material } from '../state/material.js';
import type { Take } from '../state/session.js';

const WIDTH = 112;
const HEIGHT = 32;
/** More strokes than this nobody tells apart. */
const MOST_STROKES = 600;
const LEAST_SECONDS = 0.01;
/** The least number of semitones from top to bottom. */
const LEAST_RANGE = 24;

export const Thumbnail = memo(function Thumbnail({ take, material }: { take: Take; material?: Material }) {
  return (
    <svg
      class={take.recipe.isPlayed ? 'thumbnail played' : 'thumbnail'}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={pathOf(take, material)} />
    </svg>
  );
});

/** A stroke a note, in the picture's units, also where nothing has lasted yet. */
export function pathOf({ cut, until, recipe }: Take, material: Material | undefined): string {
  const notes =
    material?.edited?.notes ??
    (material ? notesOfKeys(material.events, material.knownTo) : createNoteTable(0));
  const end = recipe.isPlayed ? (material?.knownTo ?? cut) : (until ?? cut + recipe.seconds);
  const seconds = Math.max(LEAST_SECONDS, end - cut);
  let [lowest, highest] = [127, 0];
  for (const pitch of notes.pitch) {
    lowest = Math.min(lowest, pitch);
    highest = Math.max(highest, pitch);
  }
  const spare = Math.max(0, LEAST_RANGE - (highest - lowest)) / 2;
  const [bottom, range] = [lowest - spare, Math.max(LEAST_RANGE, highest - lowest)];
  const every = Math.ceil(notes.length / MOST_STROKES);
  let path = '';
  for (let i = 0; i < notes.length; i += every) {
    const x = ((notes.start[i] - cut) / seconds) * WIDTH;
    const width = Math.max(0.8, ((notes.end[i] - notes.start[i]) / seconds) * WIDTH);
    const y = HEIGHT - 2 - ((notes.pitch[i] - bottom) / range) * (HEIGHT - 4);
    path += `M${x.toFixed(1)} ${y.toFixed(1)}h${width.toFixed(1)}`;
  }
  return path;
}
