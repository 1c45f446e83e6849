/**
 * Chords that are to sound: symbols as they are written above a stave, and what they make of the keys that
 * may be struck.
 */
import { CadenzaError } from '../errors.js';
import { type Beats, barTimes } from '../notes/beats.js';
import { KEYS, LOWEST_PITCH } from '../notes/grid.js';
import { LETTERS } from '../notes/note-name.js';

/** A chord and how long it lasts. */
export interface Chord {
  /** As it was written, without its length. */
  readonly name: string;
  /** From C; the bass first. */
  readonly pitchClasses: readonly number[];
  /** Bars, or parts of them. */
  readonly bars: number;
}

/** A chord in time. */
export interface ChordSpan {
  /** Seconds of the piece. */
  readonly from: number;
  readonly to: number;
  /** 0 for C … 11 for B. */
  readonly pitchClasses: readonly number[];
}

/** Semitones above the root. */
const QUALITIES: Readonly<Record<string, readonly number[]>> = {
  '': [0, 4, 7],
  m: [0, 3, 7],
  5: [0, 7],
  6: [0, 4, 7, 9],
  m6: [0, 3, 7, 9],
  7: [0, 4, 7, 10],
  m7: [0, 3, 7, 10],
  maj7: [0, 4, 7, 11],
  mmaj7: [0, 3, 7, 11],
  9: [0, 2, 4, 7, 10],
  m9: [0, 2, 3, 7, 10],
  maj9: [0, 2, 4, 7, 11],
  add9: [0, 2, 4, 7],
  dim: [0, 3, 6],
  dim7: [0, 3, 6, 9],
  m7b5: [0, 3, 6, 10],
  aug: [0, 4, 8],
  sus2: [0, 2, 7],
  sus4: [0, 5, 7],
  '7sus4': [0, 5, 7, 10],
};
/** Other ways to write them. */
const ALIASES: Readonly<Record<string, string>> = {
  maj: '',
  M: '',
  min: 'm',
  '-': 'm',
  min7: 'm7',
  '-7': 'm7',
  M7: 'maj7',
  Δ: 'maj7',
  'm(maj7)': 'mmaj7',
  '°': 'dim',
  o: 'dim',
  '°7': 'dim7',
  o7: 'dim7',
  ø: 'm7b5',
  ø7: 'm7b5',
  '+': 'aug',
  sus: 'sus4',
};

const SYMBOL = /^([A-G])([#b♯♭]?)([^/:]*)(?:\/([A-G])([#b♯♭]?))?(?::(\d+(?:\.\d+)?))?$/;

/**
 * The chords of a line such as `C Am F G`, one a bar, or `Dm7:0.5 G7:0.5 C/E:2`, with their lengths in bars.
 *
 * @throws CadenzaError which names the symbol that is not known
 *
 * @example
 * import { chordsNamed } from 'cadenza';
 *
 * console.log(chordsNamed('Am F/A:2')[1].pitchClasses); // [ 9, 5, 0 ]
 */
export function chordsNamed(text: string): Chord[] {
  const names = text.split(/[\s|,]+/).filter((name) => name !== '');
  if (names.length === 0) throw new CadenzaError('there are no chords; write them like "C Am F G"');
  return names.map((name) => {
    const match = SYMBOL.exec(name);
    const quality = match && (ALIASES[match[3]] ?? match[3]);
    const bars = Number(match?.[6] ?? 1);
    if (match === null || quality === null || !Object.hasOwn(QUALITIES, quality) || bars <= 0) {
      throw new CadenzaError(`no such chord: ${name}; write it like C, Am, F#m7, Bbmaj7, G7sus4, C/E or C:2`);
    }
    const root = classOf(match[1], match[2]);
    const classes = QUALITIES[quality].map((interval) => (root + interval) % 12);
    const bass = match[4] === undefined ? root : classOf(match[4], match[5]);
    return {
      name: name.split(':')[0],
      pitchClasses: [bass, ...classes.filter((each) => each !== bass)],
      bars,
    };
  });
}

function classOf(letter: string, accidental: string): number {
  const shift = accidental === '' ? 0 : '#♯'.includes(accidental) ? 1 : -1;
  return (LETTERS[letter] + shift + 12) % 12;
}

/**
 * Chords in time, one after the other and from the first again, until an end.
 *
 * @param secondsAt when bars begin, counted from the first, and parts of them
 */
export function chordSpans(
  chords: readonly Chord[],
  secondsAt: (bar: number) => number,
  until: number,
): ChordSpan[] {
  const spans: ChordSpan[] = [];
  for (let bar = 0, i = 0; secondsAt(bar) < until; i++) {
    const { pitchClasses, bars } = chords[i % chords.length];
    spans.push({ from: secondsAt(bar), to: secondsAt(bar + bars), pitchClasses });
    bar += bars;
  }
  return spans;
}

/** Chords in time, from the bar in which `from` lies, and from the first again until an end, seconds. */
export function chordsOver(chords: readonly Chord[], beats: Beats, from: number, until: number): ChordSpan[] {
  return chordSpans(chords, barTimes(beats, from), until);
}

/** How much less likely what is no tone of the chord is struck. */
const FOREIGN = 0.005;

/** The chord of every tick, and what it makes of the keys. */
export class Harmony {
  /** @param spans in ticks from where voices count */
  constructor(private readonly spans: readonly ChordSpan[]) {}

  /** Makes strikes (88) likely or unlikely in a tick; leaves them where there is no chord. */
  weigh(tick: number, weights: Float32Array): void {
    const isForeign = this.foreignAt(tick);
    for (let key = 0; key < KEYS; key++) if (isForeign(key)) weights[key] *= FOREIGN;
  }

  /** Of symbols (176) leaves only releases of keys that are foreign in a tick, where there are any. */
  release(tick: number, allowed: Float32Array): void {
    const isForeign = this.foreignAt(tick);
    const due = allowed.map((weight, symbol) => (symbol >= KEYS && isForeign(symbol - KEYS) ? weight : 0));
    if (due.some((weight) => weight > 0)) allowed.set(due);
  }

  /** When the next chord begins to which one of these keys is foreign; infinity where none is. */
  change(now: number, keys: readonly number[]): number {
    for (const { from, pitchClasses } of this.spans)
      if (from > now && keys.some((key) => !pitchClasses.includes(classOfKey(key)))) return from;
    return Number.POSITIVE_INFINITY;
  }

  private foreignAt(tick: number): (key: number) => boolean {
    const span = this.spans.find(({ from, to }) => tick >= from && tick < to);
    return (key) => span !== undefined && !span.pitchClasses.includes(classOfKey(key));
  }
}

const classOfKey = (key: number) => (key + LOWEST_PITCH) % 12;

/** Chords as voices count, by the tick of a time; nothing where none are asked for. */
export function harmonyOf(
  chords: readonly ChordSpan[] | undefined,
  tickAt: (seconds: number) => number,
): Harmony | undefined {
  if (chords === undefined || chords.length === 0) return undefined;
  return new Harmony(
    chords.map(({ from, to, ...chord }) => ({ ...chord, from: tickAt(from), to: tickAt(to) })),
  );
}
