/** Paints the lane of chords: a name where each begins, and a wash where they are only asked for. */
import { snap } from './paint.js';
import type { Scene } from './scene.js';

/** Pixels between the line at which a chord begins and its name. */
const INSET = 4;

export function paintChords(context: CanvasRenderingContext2D, scene: Scene): void {
  const { layout, chords, time, theme, ratio } = scene;
  const { x, y, width, height } = layout.chords;
  if (height === 0) return;
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.font = `600 11px ${theme.font}`;
  context.textBaseline = 'middle';
  for (const { from, to, name, isAsked } of chords) {
    if (to <= time.view.start || from >= time.view.end) continue;
    const [left, right] = [snap(time.xOf(from), ratio), snap(time.xOf(to), ratio)];
    if (isAsked) {
      context.fillStyle = theme.wash;
      context.fillRect(left, y, right - left, height);
    }
    context.fillStyle = theme.line;
    context.fillRect(left, y, 1 / ratio, height);
    // Of a chord that began before what is shown, the name stays at the edge.
    const at = Math.max(left, x) + INSET;
    const room = right - at - INSET;
    context.fillStyle = isAsked ? theme.accent : theme.ink;
    if (context.measureText(name).width <= room) context.fillText(name, at, y + height / 2);
  }
  context.fillStyle = theme.line;
  context.fillRect(x, y + height - 1 / ratio, width, 1 / ratio);
  context.restore();
}
