/** The whole piece in one strip below the notes, with a brush over the part that is shown. */
import { type Rect, TimeScale } from './geometry.js';
import type { Scene } from './scene.js';
import { shadeOf } from './tiles.js';

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
    context.drawImage(this.picture, x, y, width, height);
    const [from, to] = [scale.xOf(time.view.start), scale.xOf(time.view.end)];
    context.fillStyle = theme.paper;
    context.globalAlpha = 0.6;
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
    const { overview } = layout;
    this.picture.width = Math.max(1, Math.round(overview.width * ratio));
    this.picture.height = Math.max(1, Math.round(overview.height * ratio));
    const context = this.picture.getContext('2d')!;
    context.fillStyle = theme.row;
    context.fillRect(0, 0, this.picture.width, this.picture.height);
    const row = this.picture.height / (pitch.highest - pitch.lowest + 3);
    const density = scale.density * ratio;
    for (const { kind, notes } of layers) {
      let shade = -1;
      for (let i = 0; i < notes.length; i++) {
        const own = shadeOf(notes.velocity[i]);
        if (own !== shade) context.fillStyle = theme.shades[kind][own];
        shade = own;
        const end = Math.min(notes.end[i], notes.extent);
        const y = (pitch.highest - notes.pitch[i] + 1) * row;
        const x = notes.start[i] * density;
        context.fillRect(x, y, Math.max(1, end * density - x), Math.max(ratio, row));
      }
    }
  }
}
