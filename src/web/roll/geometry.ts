/**
 * Where things are: the parts of the roll, seconds and pitches against pixels, and how the shown part of a
 * piece may move. Nothing here knows of a canvas. Lengths are CSS pixels.
 */
import type { RollOptions, View } from './roll-types.js';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The parts of the roll; one that is left out has no height or no width. */
export interface Layout {
  readonly ruler: Rect;
  /** Below the ruler, where there are chords. */
  readonly chords: Rect;
  readonly keyboard: Rect;
  readonly notes: Rect;
  /** How hard notes are struck, where they are edited. */
  readonly velocity: Rect;
  readonly pedal: Rect;
  readonly overview: Rect;
}

export type Part = keyof Layout;

const RULER = 22;
const CHORDS = 18;
const KEYBOARD = 44;
const VELOCITY = 52;
const PEDAL = 14;
/** Where it is edited, it is broader. */
const EDITED_PEDAL = 22;
const OVERVIEW = 34;
const GAP = 6;
/** Below this height the overview, then the pedal lane, make room for the notes. */
const LOW = 150;

/** Divides the roll among its parts. */
export function layoutOf(
  width: number,
  height: number,
  shown: RollOptions['parts'] = {},
  { hasChords = false, isEdited = false } = {},
): Layout {
  const ruler = shown.ruler === false ? 0 : RULER;
  const chords = hasChords ? CHORDS : 0;
  const overview = shown.overview === false || height < LOW ? 0 : OVERVIEW;
  const hasPedal = shown.pedal !== false && height >= LOW - OVERVIEW;
  const pedal = hasPedal ? (isEdited ? EDITED_PEDAL : PEDAL) : 0;
  const velocity = isEdited && height >= LOW + VELOCITY ? VELOCITY : 0;
  const keyboard = shown.keyboard === false ? 0 : Math.min(KEYBOARD, Math.round(width / 8));
  const below = velocity + pedal + overview + (overview > 0 ? GAP : 0);
  const [x, across] = [keyboard, Math.max(0, width - keyboard)];
  const above = ruler + chords;
  const notes = { x, y: above, width: across, height: Math.max(0, height - above - below) };
  return {
    ruler: { x, y: 0, width: across, height: ruler },
    chords: { x, y: ruler, width: across, height: chords },
    keyboard: { x: 0, y: above, width: keyboard, height: notes.height },
    notes,
    velocity: { x, y: notes.y + notes.height, width: across, height: velocity },
    pedal: { x, y: notes.y + notes.height + velocity, width: across, height: pedal },
    overview: { x, y: height - overview, width: across, height: overview },
  };
}

/** The part at a point; undefined in corners and gaps. */
export function partAt(layout: Layout, x: number, y: number): Part | undefined {
  return (Object.keys(layout) as Part[]).find((part) => {
    const rect = layout[part];
    return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
  });
}

/** Seconds against pixels. */
export class TimeScale {
  /** Pixels a second. */
  readonly density: number;

  constructor(
    readonly view: View,
    readonly x: number,
    readonly width: number,
  ) {
    this.density = width / (view.end - view.start);
  }

  xOf(seconds: number): number {
    return this.x + (seconds - this.view.start) * this.density;
  }

  timeOf(x: number): number {
    return this.view.start + (x - this.x) / this.density;
  }
}

/** Pitches against pixels: one row a semitone, high above low. */
export class PitchScale {
  readonly rowHeight: number;

  constructor(
    readonly lowest: number,
    readonly highest: number,
    readonly y: number,
    readonly height: number,
  ) {
    this.rowHeight = height / (highest - lowest + 1);
  }

  /** Top of a pitch's row. */
  yOf(pitch: number): number {
    return this.y + (this.highest - pitch) * this.rowHeight;
  }

  /** The pitch at a height, within the scale. */
  pitchOf(y: number): number {
    const pitch = this.highest - Math.floor((y - this.y) / this.rowHeight);
    return Math.min(this.highest, Math.max(this.lowest, pitch));
  }
}

/** Seconds that are shown at least, and at most where the piece is shorter. */
const CLOSEST = 0.5;
const WIDEST = 10;
/** How far beyond its end a piece may be scrolled, as a part of what is shown. */
const BEYOND = 0.5;

/** The nearest view that may be shown of a piece that ends at `extent`. */
export function clampView(view: View, extent: number): View {
  const widest = Math.max(WIDEST, extent * 1.1);
  const span = Math.min(widest, Math.max(CLOSEST, view.end - view.start));
  // Of too much or too little, the middle stays.
  const start = (view.start + view.end - span) / 2;
  const latest = Math.max(0, extent - span * (1 - BEYOND));
  const clamped = Math.min(latest, Math.max(0, start));
  return { start: clamped, end: clamped + span };
}

/** The view moved by some seconds. */
export function panView(view: View, seconds: number, extent: number): View {
  return clampView({ start: view.start + seconds, end: view.end + seconds }, extent);
}

/** The view zoomed by a factor, above 1 to see more closely; the time `about` stays where it is. */
export function zoomView(view: View, factor: number, about: number, extent: number): View {
  const widest = Math.max(WIDEST, extent * 1.1);
  const span = view.end - view.start;
  const wanted = Math.min(widest, Math.max(CLOSEST, span / factor));
  const start = about - ((about - view.start) * wanted) / span;
  return clampView({ start, end: start + wanted }, extent);
}

/** What is shown at first: the whole of a short piece, the beginning of a long one. */
export function firstView(extent: number, width: number): View {
  const span = Math.max(WIDEST, width / 40);
  return { start: 0, end: extent <= span * 1.5 ? Math.max(WIDEST, extent * 1.02) : span };
}

/**
 * The pitches to show for notes from `lowest` to `highest`: whole octaves from C to B, at least four, within
 * MIDI's.
 */
export function pitchRange(lowest: number, highest: number): [lowest: number, highest: number] {
  if (lowest > highest) return [36, 95];
  let low = Math.floor(lowest / 12);
  let high = Math.floor(highest / 12);
  // The fewer octaves there are, the more are added, above and below in turn, towards the middle of the
  // keyboard first.
  while (high - low < 3) {
    if (low + high > 10 || high === 10) low--;
    else high++;
  }
  return [low * 12, Math.min(127, high * 12 + 11)];
}

/** Whether a pitch is a black key of the piano. */
export function isBlackKey(pitch: number): boolean {
  return [1, 3, 6, 8, 10].includes(pitch % 12);
}
