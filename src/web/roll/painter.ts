/** Paints the roll, a scene at a time, and keeps what can be used again for the next. */
import type { RollLayer } from './layer.js';
import { Overview } from './overview.js';
import { paintGround, paintKeyboard, paintOverlay, paintPedal, paintRuler } from './paint.js';
import { paintChords } from './paint-chords.js';
import { paintPencil } from './paint-pencil.js';
import { boxOf } from './raster.js';
import type { Scene } from './scene.js';
import { Tiles } from './tiles.js';

export class Painter {
  private readonly tiles = new Tiles();
  private readonly overview = new Overview();

  /** A layer looks different between two times; `added` is the index of a note that came on top. */
  layerChanged(layer: RollLayer, from: number, to: number, added?: number): void {
    this.overview.invalidate();
    if (added === undefined) this.tiles.invalidate(from, to);
    else if (layer.isVisible && Number.isFinite(layer.notes.end[added])) this.tiles.addNote(layer, added);
  }

  /**
   * Paints a scene; gives the milliseconds after which it should be painted again, 0 if nothing is missing.
   */
  paint(context: CanvasRenderingContext2D, scene: Scene, width: number, height: number): number {
    context.setTransform(scene.ratio, 0, 0, scene.ratio, 0, 0);
    context.fillStyle = scene.theme.paper;
    context.fillRect(0, 0, width, height);
    paintGround(context, scene);
    this.paintNotes(context, scene);
    paintPedal(context, scene);
    paintRuler(context, scene);
    paintChords(context, scene);
    paintPencil(context, scene);
    paintOverlay(context, scene);
    paintKeyboard(context, scene);
    return this.overview.paint(context, scene);
  }

  /** The notes, pixel by pixel of the screen: what moves with the view must not blur. */
  private paintNotes(context: CanvasRenderingContext2D, scene: Scene): void {
    const { layout, theme, time, pitch, ratio, layers } = scene;
    const [x, y] = [Math.round(layout.notes.x * ratio), Math.round(layout.notes.y * ratio)];
    const width = Math.round(layout.notes.width * ratio);
    const look = {
      density: time.density * ratio,
      height: Math.round(layout.notes.height * ratio),
      lowest: pitch.lowest,
      highest: pitch.highest,
      theme,
    };
    if (width <= 0 || look.height <= 0) return;
    const left = Math.round(time.view.start * look.density);
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    this.tiles.paint(context, look, layers, [left, width], [x, y]);
    context.beginPath();
    context.rect(x, y, width, look.height);
    context.clip();
    context.translate(x, y);
    for (const layer of layers) {
      for (const i of layer.notes.openNotes()) {
        const [x0, y0, x1, y1] = boxOf(look, layer.notes, i, layer.notes.extent);
        context.fillStyle = theme.notes[layer.role].css[layer.notes.velocity[i]];
        context.fillRect(x0 - left, y0, x1 - x0, y1 - y0);
      }
    }
    context.restore();
  }
}
