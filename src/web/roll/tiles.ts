/**
 * The notes as pictures: strips of fixed width, painted once for a zoom and then only moved. A note that
 * comes while the piece is still being played is painted into the strips that are there.
 */
import type { RollLayer } from './layer.js';
import { boxOf, type NoteGrid, rasterNotes } from './raster.js';
import type { RollTheme } from './theme.js';

/** Everything that decides what a strip looks like, in device pixels. */
export interface TileLook extends NoteGrid {
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
  /** What a strip is painted in, used again for every one of this height. */
  private image: ImageData | undefined;

  /**
   * Paints the strips from device pixel `left`, counted from time 0, `width` wide, to the canvas at (`x`,
   * `y`).
   */
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
      const at = x + index * TILE + from - left;
      context.drawImage(tile, from, 0, across, look.height, at, y, across, look.height);
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
    const [left, top, right, bottom] = boxOf(this.look, layer.notes, note);
    for (const [index, tile] of this.tiles) {
      if (index < Math.floor(left / TILE) || index > Math.floor((right - 1) / TILE)) continue;
      const context = tile.getContext('2d')!;
      context.fillStyle = this.look.theme.notes[layer.role].css[layer.notes.velocity[note]];
      context.fillRect(left - index * TILE, top, right - left, bottom - top);
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
    const { theme, height } = look;
    const tile = this.spare.pop() ?? document.createElement('canvas');
    if (tile.width !== TILE || tile.height !== height) Object.assign(tile, { width: TILE, height });
    if (this.image?.height !== height) this.image = new ImageData(TILE, height);
    const words = new Uint32Array(this.image.data.buffer);
    words.fill(0);
    for (const { role, notes } of layers) {
      rasterNotes({ words, width: TILE, height }, look, notes, theme.notes[role].words, index * TILE);
    }
    tile.getContext('2d')!.putImageData(this.image, 0, 0);
    this.tiles.set(index, tile);
    return tile;
  }
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
