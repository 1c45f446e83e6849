/** The whole piece in one strip below the notes, with a brush over the part that is shown. */
import { type Rect, TimeScale } from './geometry.js';
import { rasterNotes } from './raster.js';
import type { Scene } from './scene.js';

/** Milliseconds between two pictures of a piece that is still growing. */
const PATIENCE = 250;

/** Times against pixels in the overview: the piece, or what is shown where that reaches beyond it. */
export function overviewScale({ x, width }: Rect, duration: number, viewEnd: number): TimeScale {
  return new TimeScale({ start: 0, end: Math.max(1, duration, viewEnd) }, x, width);
}

export class Overview {
  private readonly picture = document.createElement('canvas');
  private painted: string | undefined;
  private theme: Scene['theme'] | undefined;
  private isStale = true;
  private paintedAt = 0;

  /** The notes have changed. */
  invalidate(): void {
    this.isStale = true;
  }

  /** Paints it; gives the milliseconds after which it should be painted again, 0 if it shows everything. */
  paint(context: CanvasRenderingContext2D, scene: Scene): number {
    const { layout, theme, ratio, duration, time, marker, playhead } = scene;
    const { overview } = layout;
    if (overview.height === 0) return 0;
    const scale = overviewScale(overview, duration, time.view.end);
    const key = [overview.width, overview.height, ratio, scale.view.end].join();
    const age = performance.now() - this.paintedAt;
    let wait = 0;
    if (key !== this.painted || theme !== this.theme || this.isStale) {
      const mustNow = this.painted === undefined || theme !== this.theme || age >= PATIENCE;
      if (mustNow) {
        this.paintPicture(scene, scale);
        this.painted = key;
        this.theme = theme;
        this.isStale = false;
        this.paintedAt = performance.now();
      } else {
        wait = PATIENCE - age;
      }
    }
    const { x, y, width, height } = overview;
    context.fillStyle = theme.row;
    context.fillRect(x, y, width, height);
    context.drawImage(this.picture, x, y, width, height);
    const [from, to] = [scale.xOf(time.view.start), scale.xOf(time.view.end)];
    context.fillStyle = theme.paper;
    context.globalAlpha = 0.45;
    context.fillRect(x, y, from - x, height);
    context.fillRect(to, y, x + width - to, height);
    context.globalAlpha = 1;
    context.strokeStyle = theme.muted;
    context.lineWidth = 1;
    context.beginPath();
    context.roundRect(from + 0.5, y + 0.5, Math.max(6, to - from) - 1, height - 1, 3);
    context.stroke();
    if (marker !== undefined) {
      context.fillStyle = theme.accent;
      context.fillRect(scale.xOf(marker) - 0.5, y, 1, height);
    }
    if (playhead !== undefined) {
      context.fillStyle = theme.ink;
      context.fillRect(scale.xOf(playhead) - 0.5, y, 1, height);
    }
    return wait;
  }

  private paintPicture({ layout, pitch, theme, ratio, layers }: Scene, scale: TimeScale): void {
    const width = Math.max(1, Math.round(layout.overview.width * ratio));
    const height = Math.max(1, Math.round(layout.overview.height * ratio));
    Object.assign(this.picture, { width, height });
    const image = new ImageData(width, height);
    // A row above and below stays free.
    const grid = {
      density: scale.density * ratio,
      height,
      lowest: pitch.lowest - 1,
      highest: pitch.highest + 1,
    };
    const raster = { words: new Uint32Array(image.data.buffer), width, height };
    for (const { role, notes } of layers) rasterNotes(raster, grid, notes, theme.notes[role].words, 0);
    this.picture.getContext('2d')!.putImageData(image, 0, 0);
  }
}
