/**
 * The notes as pictures: strips of fixed width, painted once for a zoom and then only moved. A note that comes while the
 * piece is still being played is painted into the strips that are there.
 */
import type { RollLayer } from './layer.js';
import { type RollTheme, SHADES } from './theme.js';

/** Everything that decides what a strip looks like, in device pixels. */
export interface TileLook {
  /** Device pixels a second. */
  readonly density: number;
  /** Height of the notes' part. */
  readonly height: number;
  readonly lowest: number;
  readonly highest: number;
  readonly theme: RollTheme;
}

/** Width of a strip, device pixels. */
export const TILE = 512;
/** Strips that are kept at least: some screens. */
const KEPT = 24;

export class Tiles {
  private readonly tiles = new Map<number, HTMLCanvasElement>();
  private readonly spare: HTMLCanvasElement[] = [];
  private look: TileLook | undefined;

  /** Paints the strips from device pixel `left`, counted from time 0, `width` wide, to the canvas at (`x`, `y`). */
  paint(
    context: CanvasRenderingContext2D,
    look: TileLook,
    layers: readonly RollLayer[],
    [left, width]: readonly [left: number, width: number],
    [x, y]: readonly [x: number, y: number],
  ): void {
    if (!isSame(this.look, look)) this.clear();
    this.look = look;
    const [first, last] = [Math.floor(left / TILE), Math.floor((left + width - 1) / TILE)];
    for (let index = first; index <= last; index++) {
      const tile = this.tiles.get(index) ?? this.make(index, look, layers);
      // The one used last is the last to go.
      this.tiles.delete(index);
      this.tiles.set(index, tile);
      const from = Math.max(0, left - index * TILE);
      const across = Math.min(TILE, left + width - index * TILE) - from;
      context.drawImage(
        tile,
        from,
        0,
        across,
        look.height,
        x + index * TILE + from - left,
        y,
        across,
        look.height,
      );
    }
    for (const index of this.tiles.keys()) {
      if (this.tiles.size <= Math.max(KEPT, last - first + 1)) break;
      this.drop(index);
    }
  }

  /** Strips that show any of this span are painted anew. */
  invalidate(from: number, to: number): void {
    if (this.look === undefined) return;
    const { density } = this.look;
    for (const index of [...this.tiles.keys()]) {
      if ((index + 1) * TILE >= from * density - 2 && index * TILE <= to * density + 2) this.drop(index);
    }
  }

  /** Paints one more note into the strips that are there. */
  addNote(layer: RollLayer, note: number): void {
    if (this.look === undefined) return;
    const { density } = this.look;
    const first = Math.floor((layer.notes.start[note] * density) / TILE);
    const last = Math.floor((layer.notes.end[note] * density + 2) / TILE);
    for (const [index, tile] of this.tiles) {
      if (index < first || index > last) continue;
      const context = tile.getContext('2d')!;
      context.fillStyle = this.look.theme.shades[layer.kind][shadeOf(layer.notes.velocity[note])];
      fillNote(context, this.look, layer, note, index * TILE);
    }
  }

  /** Forgets all strips. */
  clear(): void {
    for (const index of [...this.tiles.keys()]) this.drop(index);
  }

  private drop(index: number): void {
    const tile = this.tiles.get(index)!;
    this.tiles.delete(index);
    if (this.spare.length < 8) this.spare.push(tile);
  }

  private make(index: number, look: TileLook, layers: readonly RollLayer[]): HTMLCanvasElement {
    const tile = this.spare.pop() ?? document.createElement('canvas');
    // Setting the size clears it, too.
    tile.width = TILE;
    tile.height = Math.max(1, look.height);
    const context = tile.getContext('2d')!;
    const left = index * TILE;
    for (const layer of layers) paintNotes(context, look, layer, left, TILE);
    this.tiles.set(index, tile);
    return tile;
  }
}

/** Paints a layer's notes between device pixels `left` and `left + width` of time, shade after shade. */
function paintNotes(
  context: CanvasRenderingContext2D,
  look: TileLook,
  layer: RollLayer,
  left: number,
  width: number,
): void {
  const byShade: number[][] = Array.from({ length: SHADES }, () => []);
  const { notes } = layer;
  notes.between((left - 2) / look.density, (left + width + 2) / look.density, (i) => {
    // A note whose key is still down grows from frame to frame: it is not for a strip.
    if (Number.isFinite(notes.end[i])) byShade[shadeOf(notes.velocity[i])].push(i);
  });
  for (const [shade, indices] of byShade.entries()) {
    if (indices.length === 0) continue;
    context.fillStyle = look.theme.shades[layer.kind][shade];
    for (const i of indices) fillNote(context, look, layer, i, left);
  }
}

/** Fills a note in the colour that is set; `end` for one that has none yet. */
export function fillNote(
  context: CanvasRenderingContext2D,
  { density, height, lowest, highest }: Omit<TileLook, 'theme'>,
  { notes }: RollLayer,
  i: number,
  left: number,
  end = notes.end[i],
): void {
  const row = height / (highest - lowest + 1);
  const top = Math.round((highest - notes.pitch[i]) * row);
  const bottom = Math.round((highest - notes.pitch[i] + 1) * row);
  // Where there is room, a line of paper lies between two rows, and between two notes of one pitch.
  const gap = bottom - top >= 5 ? 1 : 0;
  const x = Math.round(notes.start[i] * density);
  const right = Math.round(end * density);
  const width = Math.max(2, right - x - (right - x >= 5 ? 1 : 0));
  context.fillRect(x - left, top, width, Math.max(2, bottom - top - gap));
}

/** The shade of a velocity, 0 … SHADES − 1. */
export function shadeOf(velocity: number): number {
  return Math.min(SHADES - 1, Math.floor((velocity * SHADES) / 128));
}

function isSame(a: TileLook | undefined, b: TileLook): boolean {
  return (
    a !== undefined &&
    a.density === b.density &&
    a.height === b.height &&
    a.lowest === b.lowest &&
    a.highest === b.highest &&
    a.theme === b.theme
  );
}
