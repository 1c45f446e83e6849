/**
 * The elements of a roll: a canvas that always has as many pixels as the screen shows, a read-out, and a
 * region whose changes screen readers say. Styles are set by script, which every Content-Security-Policy
 * allows.
 */
import type { Rect } from './geometry.js';
import { KEYS_IN_WORDS } from './keys.js';

export interface Surface {
  /** Holds the others; has the focus. */
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  /** Size in CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
  /** Where the keyboard strip is: fingers that slide over it play, and do not scroll the page. */
  placeKeys(rect: Rect): void;
  /** Shows a line of text over the notes, or none. */
  readout(text: string): void;
  /** Has a sentence said. */
  say(text: string): void;
  destroy(): void;
}

/**
 * Makes the elements in a host; `onResize` is called before the first painting, and whenever the size
 * changes.
 */
export function createSurface(host: HTMLElement, label: string, onResize: () => void): Surface {
  const element = document.createElement('div');
  Object.assign(element.style, {
    position: 'relative',
    width: '100%',
    height: '100%',
    overflow: 'hidden',
    userSelect: 'none',
    webkitUserSelect: 'none',
    touchAction: 'pan-y',
  });
  element.tabIndex = 0;
  element.setAttribute('role', 'application');
  element.setAttribute('aria-roledescription', 'piano roll');
  element.setAttribute('aria-label', `${label}. ${KEYS_IN_WORDS}`);

  const canvas = document.createElement('canvas');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', label);
  Object.assign(canvas.style, {
    position: 'absolute',
    inset: '0',
    width: '100%',
    height: '100%',
    display: 'block',
  });

  const note = document.createElement('div');
  note.setAttribute('aria-hidden', 'true');
  Object.assign(note.style, {
    position: 'absolute',
    right: '8px',
    top: '28px',
    padding: '2px 6px',
    borderRadius: '4px',
    font: '11px/1.4 system-ui, sans-serif',
    fontVariantNumeric: 'tabular-nums',
    color: 'var(--ink, CanvasText)',
    background: 'var(--paper, Canvas)',
    border: '1px solid var(--line, currentColor)',
    pointerEvents: 'none',
    visibility: 'hidden',
  });

  const live = document.createElement('div');
  live.setAttribute('aria-live', 'polite');
  Object.assign(live.style, {
    position: 'absolute',
    width: '1px',
    height: '1px',
    overflow: 'hidden',
    clipPath: 'inset(50%)',
    whiteSpace: 'nowrap',
  });

  const keys = document.createElement('div');
  Object.assign(keys.style, { position: 'absolute', touchAction: 'none' });

  element.append(canvas, keys, note, live);
  host.append(element);
  const size = { width: 0, height: 0, ratio: 1 };
  const observer = new ResizeObserver(([entry]) => {
    const { width, height } = entry.contentRect;
    const device = entry.devicePixelContentBoxSize?.[0];
    const across = device?.inlineSize ?? Math.round(width * devicePixelRatio);
    const down = device?.blockSize ?? Math.round(height * devicePixelRatio);
    Object.assign(size, { width, height, ratio: width > 0 ? across / width : devicePixelRatio });
    if (canvas.width !== across) canvas.width = across;
    if (canvas.height !== down) canvas.height = down;
    onResize();
  });
  try {
    observer.observe(canvas, { box: 'device-pixel-content-box' });
  } catch {
    observer.observe(canvas);
  }
  return {
    element,
    canvas,
    context: canvas.getContext('2d', { alpha: false })!,
    get width() {
      return size.width;
    },
    get height() {
      return size.height;
    },
    get ratio() {
      return size.ratio;
    },
    placeKeys({ x, y, width, height }) {
      Object.assign(keys.style, {
        left: `${x}px`,
        top: `${y}px`,
        width: `${width}px`,
        height: `${height}px`,
      });
    },
    readout(text) {
      if (text !== '') note.textContent = text;
      note.style.visibility = text === '' ? 'hidden' : 'visible';
    },
    say(text) {
      live.textContent = text;
    },
    destroy() {
      observer.disconnect();
      element.remove();
    },
  };
}
