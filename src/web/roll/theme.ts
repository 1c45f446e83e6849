/**
 * The colours of the roll. They come from the page's custom properties (`--ink`, `--paper`, `--accent`,
 * `--second`, `--muted`, `--line`), with colours of its own where a page has none, and follow it from light
 * to dark.
 */
import type { LayerRole } from './roll-types.js';

type Rgb = readonly [red: number, green: number, blue: number];

/** The colours of notes by their velocity, for painting and for writing pixels. */
export interface NoteColours {
  /** (128) */
  readonly css: readonly string[];
  /** (128) as `ImageData` has them in memory. */
  readonly words: Uint32Array;
}

export interface RollTheme {
  readonly paper: string;
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly accent: string;
  /** Of a second part. */
  readonly second: string;
  /** Rows of black keys. */
  readonly row: string;
  /** What lies over the notes of a selected span. */
  readonly wash: string;
  readonly whiteKey: string;
  readonly blackKey: string;
  /** Of each role of layer. */
  readonly notes: Record<LayerRole, NoteColours>;
  readonly font: string;
}

const PROPERTIES = {
  paper: ['#faf9f6', '#161618'],
  ink: ['#1d1c1a', '#eceae6'],
  muted: ['#66625a', '#a5a19a'],
  line: ['#e2dfd7', '#333338'],
  accent: ['#1a5fb4', '#82b4ff'],
  second: ['#a8490b', '#ffae73'],
} as const;

/** Reads the colours that an element inherits. */
export function readTheme(element: HTMLElement): RollTheme {
  const isDark = inDarkScheme(element);
  const probe = document.createElement('span');
  probe.hidden = true;
  element.append(probe);
  const read = (name: keyof typeof PROPERTIES): Rgb => {
    probe.style.color = `var(--${name}, ${PROPERTIES[name][isDark ? 1 : 0]})`;
    return toRgb(getComputedStyle(probe).color);
  };
  const [paper, ink, muted, line, accent, second] = (
    ['paper', 'ink', 'muted', 'line', 'accent', 'second'] as const
  ).map(read);
  const font = getComputedStyle(probe).fontFamily || 'system-ui, sans-serif';
  probe.remove();
  const isPaperDark = paper[0] + paper[1] + paper[2] < 384;
  return {
    paper: css(paper),
    ink: css(ink),
    muted: css(muted),
    line: css(line),
    accent: css(accent),
    second: css(second),
    row: css(mix(paper, ink, isPaperDark ? 0.035 : 0.028)),
    wash: css(accent, 0.14),
    whiteKey: css(isPaperDark ? mix(paper, ink, 0.78) : [255, 255, 255]),
    blackKey: css(isPaperDark ? mix(paper, [0, 0, 0], 0.3) : mix(paper, ink, 0.86)),
    notes: {
      primer: noteColours(paper, ink, 0.32, 0.95),
      continuation: noteColours(paper, accent, 0.38, 1),
      muted: noteColours(paper, muted, 0.14, 0.4),
      upper: noteColours(paper, accent, 0.38, 1),
      lower: noteColours(paper, second, 0.38, 1),
    },
    font,
  };
}

/** Calls back when the page may have changed its colours, until the function that is returned is called. */
export function onThemeChange(callback: () => void): () => void {
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', callback);
  const observer = new MutationObserver(callback);
  const attributes = { attributes: true, attributeFilter: ['class', 'style', 'data-theme'] };
  observer.observe(document.documentElement, attributes);
  observer.observe(document.body, attributes);
  return () => {
    scheme.removeEventListener('change', callback);
    observer.disconnect();
  };
}

function inDarkScheme(element: HTMLElement): boolean {
  const scheme = getComputedStyle(element).colorScheme;
  return (
    scheme.includes('dark') &&
    (!scheme.includes('light') || matchMedia('(prefers-color-scheme: dark)').matches)
  );
}

/** Any CSS colour as three numbers, whatever its notation: by painting with it. */
function toRgb(colour: string): Rgb {
  const plain = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(colour);
  if (plain) return [Number(plain[1]), Number(plain[2]), Number(plain[3])];
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext('2d')!;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

/** Soft is near the paper, loud near the colour: these parts of the way. */
function noteColours(paper: Rgb, colour: Rgb, softest: number, loudest: number): NoteColours {
  const shades = Array.from({ length: 128 }, (_, v) =>
    mix(paper, colour, softest + ((loudest - softest) * v) / 127),
  );
  const bytes = Uint8Array.from(shades.flatMap((shade) => [...shade, 255]));
  return { css: shades.map((shade) => css(shade)), words: new Uint32Array(bytes.buffer) };
}

function mix(from: Rgb, to: Rgb, part: number): Rgb {
  const [red, green, blue] = from.map((value, i) => Math.round(value + (to[i] - value) * part));
  return [red, green, blue];
}

function css([red, green, blue]: Rgb, alpha = 1): string {
  return alpha === 1 ? `rgb(${red} ${green} ${blue})` : `rgb(${red} ${green} ${blue} / ${alpha})`;
}
