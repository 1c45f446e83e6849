/**
 * Paints what the pencil does: notes that are picked, what an edit would make of them, the lane of strikes.
 */
import { afterEdit } from '../../notes/note-edit.js';
import { snap } from './paint.js';
import type { RollNote } from './roll-types.js';
import type { Scene } from './scene.js';

type Context = CanvasRenderingContext2D;
type Shown = Pick<RollNote, 'pitch' | 'velocity' | 'start' | 'end'>;

export function paintPencil(context: Context, scene: Scene): void {
  const { layout, picked, preview, isEdited } = scene;
  if (picked.length > 0 || preview !== undefined) {
    context.save();
    clip(context, layout.notes);
    outline(context, scene, picked);
    for (const note of afterEdit(preview, picked)) fill(context, scene, note);
    context.restore();
  }
  if (!isEdited) return;
  paintStrikes(context, scene);
  if (preview?.kind === 'pedal') {
    const { pedal } = layout;
    context.fillStyle = preview.isDown ? scene.theme.accent : scene.theme.wash;
    const [left, right] = [scene.time.xOf(preview.from), scene.time.xOf(preview.to)];
    context.fillRect(Math.max(pedal.x, left), pedal.y + 2, right - left, pedal.height - 4);
  }
}

function clip(context: Context, { x, y, width, height }: Scene['layout']['notes']): void {
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
}

const boxOf = ({ time, pitch, ratio }: Scene, { pitch: key, start, end }: Shown) => {
  const [left, right] = [snap(time.xOf(start), ratio), snap(time.xOf(end), ratio)];
  const [top, bottom] = [snap(pitch.yOf(key), ratio), snap(pitch.yOf(key - 1), ratio)];
  return [left, top, Math.max(3, right - left), bottom - top] as const;
};

function outline(context: Context, scene: Scene, notes: readonly Shown[]): void {
  context.lineWidth = 2;
  context.strokeStyle = scene.theme.ink;
  for (const note of notes) {
    const [x, y, width, height] = boxOf(scene, note);
    context.strokeRect(x - 1, y - 1, width + 2, height + 2);
  }
}

function fill(context: Context, scene: Scene, note: Shown): void {
  const [x, y, width, height] = boxOf(scene, note);
  context.globalAlpha = 0.75;
  context.fillStyle = scene.theme.accent;
  context.fillRect(x, y, width, height);
  context.globalAlpha = 1;
}

/** A stem a note, as high as it is struck hard. */
function paintStrikes(context: Context, scene: Scene): void {
  const { layout, layers, time, theme, ratio, picked, preview } = scene;
  const lane = layout.velocity;
  if (lane.height === 0) return;
  context.fillStyle = theme.line;
  context.fillRect(lane.x, lane.y, lane.width, 1 / ratio);
  context.font = `10px ${theme.font}`;
  context.fillStyle = theme.muted;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  if (lane.x > 30) context.fillText('Force', lane.x - 4, lane.y + lane.height / 2);
  context.textAlign = 'left';
  context.save();
  clip(context, lane);
  const stem = ({ start, velocity }: Pick<Shown, 'start' | 'velocity'>, colour: string) => {
    const height = ((lane.height - 4) * velocity) / 127;
    context.fillStyle = colour;
    context.fillRect(snap(time.xOf(start), ratio), lane.y + lane.height - height, 3, height);
  };
  const bottom = lane.y + lane.height;
  for (const { role, notes } of layers)
    notes.between(time.view.start, time.view.end, (i) => {
      const velocity = notes.velocity[i];
      stem({ start: notes.start[i], velocity }, theme.notes[role].css[velocity]);
    });
  const by = preview?.kind === 'velocity' ? preview.by : 0;
  for (const { start, velocity } of picked)
    stem({ start, velocity: Math.min(127, Math.max(1, velocity + by)) }, theme.accent);
  context.fillStyle = theme.line;
  context.fillRect(lane.x, bottom - 1 / ratio, lane.width, 1 / ratio);
  context.restore();
}
