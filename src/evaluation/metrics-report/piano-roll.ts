/** The notes of a piece as a picture: time to the right, keys upward, louder notes darker. */

import { linearAxis } from '../../charts/axis.js';
import { type GridNotes, LOWEST_PITCH, TICKS_PER_SECOND, VELOCITY_BINS } from '../../notes/grid.js';
import { noteName } from '../../notes/note-name.js';
import { coordinate, svgImage, svgText } from './svg.js';

export interface PianoRollOptions {
  readonly title: string;
  /** Which set the piece is of, which decides its colour. */
  readonly role: 'generated' | 'reference';
  /** How much of the beginning to show; 60 s by default. */
  readonly seconds?: number;
}

const WIDTH = 1080;
const LEFT = 34;
const BOTTOM = 20;
/** Height of a key, and the fewest keys that are shown. */
const KEY = 3;
const FEWEST_KEYS = 24;
/** Degrees of loudness. */
const SHADES = 4;
/** Times have at most this many ticks, a second at least apart. */
const TIME_TICKS = 12;

/** Draws the beginning of a piece of at least one note. */
export function pianoRoll(notes: GridNotes, { title, role, seconds = 60 }: PianoRollOptions): string {
  const { length, key, velocity, onset, offset } = notes;
  let [shown, low, high, end] = [0, key[0], key[0], 1];
  for (; shown < length && onset[shown] < seconds * TICKS_PER_SECOND; shown++) {
    low = Math.min(low, key[shown]);
    high = Math.max(high, key[shown]);
    end = Math.max(end, offset[shown]);
  }
  end = Math.min(end, seconds * TICKS_PER_SECOND);
  const spare = Math.max(0, FEWEST_KEYS - (high - low + 1));
  low -= Math.ceil(spare / 2);
  high += Math.floor(spare / 2);
  const height = (high - low + 1) * KEY;
  const axis = linearAxis(0, end / TICKS_PER_SECOND, TIME_TICKS, true);
  const atX = (tick: number) => LEFT + axis.place(tick / TICKS_PER_SECOND) * (WIDTH - LEFT);
  const atY = (row: number) => (high - row) * KEY + KEY / 2;

  const parts: string[] = [];
  for (let row = low; row <= high; row++) {
    if ((row + LOWEST_PITCH) % 12 !== 0) continue;
    parts.push(`<path d="M${LEFT} ${coordinate(atY(row) + KEY / 2)}H${WIDTH}" class="grid"/>`);
    parts.push(svgText(LEFT - 6, atY(row) + 4, noteName(row + LOWEST_PITCH), 'class="faint end"'));
  }
  for (const { value, label } of axis.ticks) {
    const x = atX(value * TICKS_PER_SECOND);
    parts.push(`<path d="M${coordinate(x)} 0V${height}" class="grid"/>`);
    parts.push(svgText(Math.min(x, WIDTH - 16), height + 15, `${label} s`, 'class="faint middle"'));
  }
  const shades = Array.from({ length: SHADES }, () => '');
  for (let i = 0; i < shown; i++) {
    const from = atX(onset[i]);
    const width = Math.max(1, atX(Math.min(end, offset[i])) - from);
    const shade = Math.floor((velocity[i] * SHADES) / VELOCITY_BINS);
    shades[shade] += `M${coordinate(from)} ${coordinate(atY(key[i]))}h${coordinate(width)}`;
  }
  for (const [shade, path] of shades.entries()) {
    if (path === '') continue;
    const opacity = (shade + 1) / SHADES;
    parts.push(`<path d="${path}" class="note ${role}" stroke-width="${KEY - 0.5}" opacity="${opacity}"/>`);
  }
  return svgImage(WIDTH, height + BOTTOM, title, parts);
}
